"""What providers answer, in any shape: an outcome always, a charge never forgotten."""

import base64
import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierbook import engines
from tierbook.engines import replies
from tierbook.engines.bfl import BlackForestLabs
from tierbook.engines.examples import PIXEL, SINCE, example_order, token_rule
from tierbook.engines.openai_images import OpenAIImages
from tierbook.engines.openrouter import OpenRouter
from tierbook.engines.wire import (
    Elsewhere,
    Failed,
    HttpReply,
    Job,
    Outcome,
    Pending,
    ReadyBytes,
    RemoteEngine,
    Trace,
)

REMOTE = [one for one in engines.discover().values() if isinstance(one, RemoteEngine)]
WORDS = sorted(
    [
        "id",
        "status",
        "cost",
        "polling_url",
        "result",
        "sample",
        "request_id",
        "status_url",
        "response_url",
        "images",
        "image",
        "url",
        "items",
        "next_cursor",
        "json_input",
        "json_output",
        "seed",
        "sent_at",
        "status_code",
        "error",
        "detail",
        "message",
        "msg",
        "data",
        "b64_json",
        "usage",
        "output_tokens",
        "candidates",
        "content",
        "parts",
        "inlineData",
        "usageMetadata",
        "output",
        "urls",
        "get",
        "results",
        "next",
        "created_at",
        "input",
        "outputs",
        "filename",
        "promptFeedback",
        "blockReason",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
ANYTHING = st.recursive(
    LEAVES | st.sampled_from(["COMPLETED", "succeeded", "Ready", "2026-11-24T12:00:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6)
    ),
    max_leaves=12,
)


def reply(content: object, status: int = 200) -> HttpReply:
    return HttpReply(status, {}, json.dumps(content).encode(), "http://127.0.0.1:1/v1/x")


@pytest.mark.parametrize("engine", REMOTE, ids=lambda engine: engine.name)
@given(content=ANYTHING, status=st.sampled_from([200, 202, 400, 404, 422, 500]))
def test_no_answer_trips_an_engine(engine: RemoteEngine, content: object, status: int):
    """Whatever JSON comes, each of an engine's readers gives an outcome."""
    order = example_order("model")
    urls = {"poll": "http://127.0.0.1:1/s", "status": "http://127.0.0.1:1/s", "response": "x"}
    trace = Trace(order.request_key, order.model, order.seed, SINCE)
    said = reply(content, status)
    assert isinstance(engine.read_submit(order, said), get_args(Outcome))
    assert isinstance(engine.read_poll(Job("j", urls), said), get_args(Outcome))
    assert isinstance(engine.read_find(trace, said), (*get_args(Outcome), Elsewhere))


def test_a_failure_names_the_part_that_does_not_fit_and_not_its_value():
    """The seller can tell the provider what was wrong; what was in it stays out of the sheet."""
    said = reply({"id": "j1", "polling_url": 7, "secret": "s3"})
    outcome = BlackForestLabs().read_submit(example_order("flux-2-pro"), said)
    assert isinstance(outcome, Failed)
    assert outcome.charged is None
    assert "polling_url" in outcome.reason
    assert "7" not in outcome.reason


@pytest.mark.parametrize("cost", [True, "4.5", -1, None, [4.5]])
def test_a_price_that_is_none_never_lowers_what_is_reserved(cost: object):
    """A quote that is no amount is left out, so that the reservation stands."""
    said = reply({"id": "j1", "polling_url": "https://api.bfl.ai/x", "cost": cost})
    outcome = BlackForestLabs().read_submit(example_order("flux-2-pro"), said)
    assert outcome == Pending(Job("j1", {"poll": "https://api.bfl.ai/x"}, None))


@pytest.mark.parametrize(
    "usage", [{"output_tokens": -5}, {"output_tokens": "439"}, {"output_tokens": True}, 7, {}]
)
def test_a_usage_that_is_none_keeps_the_picture_and_counts_in_full(usage: Any):
    """The picture is there and paid; what it cost is not known, so the reservation counts."""
    picture = {"data": [{"b64_json": base64.b64encode(PIXEL).decode()}], "usage": usage}
    order = example_order("gpt", price=token_rule("openai_images", "gpt"))
    assert OpenAIImages().read_submit(order, reply(picture)) == ReadyBytes(PIXEL)


def test_infinity_is_no_bill():
    """JSON's odd numbers are no amounts of money."""
    said = HttpReply(200, {}, b'{"data": [], "usage": {"cost": Infinity}}')
    outcome = OpenRouter().read_submit(example_order("m"), said)
    assert isinstance(outcome, Failed)
    assert outcome.actual_cost is None


def test_words_of_another_kind_are_blank():
    """An error in an unheard-of shape is still told by its status."""
    outcome = replies.failure(
        reply({"error": ["x"]}, 500),
        "Acme",
        replies.read_or_blank(replies.ErrorMessage, reply({"error": ["x"]})).said.message,
    )
    assert outcome == Failed("Acme: answered with status 500", charged=None)
