"""OpenAI's Images API, and every server that speaks it.

POST images/generations (JSON) or images/edits (multipart, with the seller's photo); the picture
comes back in base64 with the tokens it used. There is no idempotency key and no look-up, so a
reply that does not arrive leaves the charge open.
"""

import json

from tierbook.engines import replies
from tierbook.engines.examples import PHOTO, PIXEL, example_order, token_rule
from tierbook.engines.metering import token_cost
from tierbook.engines.remote import RemoteDefaults
from tierbook.engines.replies import Count, ErrorMessage, OrNone, Shape, Words
from tierbook.engines.shapes import in_steps
from tierbook.engines.wire import (
    Capabilities,
    Exchange,
    Failed,
    HttpReply,
    HttpRequest,
    Outcome,
    PictureOrder,
    ReadyAt,
    ReadyBytes,
    Refused,
    Throttled,
)
from tierbook.model import MicroUsd

# A spend limit answers 429 like a rate limit does, but waiting does not help.
_NO_MONEY = frozenset(
    {
        "project_spend_limit_exceeded",
        "organization_spend_limit_exceeded",
        "insufficient_quota",
        "billing_hard_limit_reached",
    }
)
_REFUSALS = frozenset({"moderation_blocked", "content_policy_violation"})


class _Inputs(Shape):
    text_tokens: Count = 0
    image_tokens: Count = 0


class _Usage(Shape):
    output_tokens: Count
    input_tokens: Count = 0
    input_tokens_details: _Inputs | None = None


class _Picture(Shape):
    b64_json: Words = ""
    url: Words = ""


class _Made(Shape):
    data: OrNone[list[_Picture]] = None
    usage: OrNone[_Usage] = None

    @property
    def first(self) -> _Picture:
        """The only picture asked for, blank where there is none."""
        return self.data[0] if self.data else _Picture()


class OpenAIImages(RemoteDefaults):
    """OpenAI Images: gpt-image models, and compatible servers through `OPENAI_BASE_URL`."""

    name = "openai_images"
    provider = "OpenAI"
    key_variable = "OPENAI_API_KEY"
    base_url_variable = "OPENAI_BASE_URL"
    default_base_url = "https://api.openai.com/v1"
    capabilities = Capabilities(
        input_image="optional",
        charges_on="accept",
        concurrency=4,
        per_minute=60,
        # High quality pictures take over two minutes; OpenAI's own client waits ten.
        read_timeout=600.0,
    )

    def submit(self, order: PictureOrder, base_url: str) -> HttpRequest:
        """Build the request that makes the picture."""
        fields = {"model": order.model, "prompt": order.prompt, "size": _size(order)}
        if order.quality:
            fields["quality"] = order.quality
        if order.source is None:
            return HttpRequest(
                "POST",
                f"{base_url}/images/generations",
                json={**fields, "n": 1, "output_format": "png"},
            )
        name = "source.png" if order.source.media_type == "image/png" else "source.jpg"
        photo = (name, order.source.content, order.source.media_type)
        return HttpRequest(
            "POST",
            f"{base_url}/images/edits",
            form={**fields, "n": "1", "output_format": "png"},
            files=(("image[]", photo),),
        )

    def read_submit(self, order: PictureOrder, reply: HttpReply) -> Outcome:
        """Read the picture and the tokens it used, or why there is none."""
        if reply.status != 200:
            return _declined(reply)
        made = replies.read(_Made, reply, "OpenAI")
        if isinstance(made, Failed):
            return made
        cost = _cost(order, made.usage)
        provider_id = reply.headers.get("x-request-id", "")
        picture = replies.picture_of(made.first.b64_json)
        if picture is not None:
            return ReadyBytes(picture, cost, provider_id)
        if made.first.url:
            return ReadyAt(made.first.url, cost, provider_id)
        return Failed("OpenAI answered without a picture.", charged=True, actual_cost=cost)

    def examples(self) -> tuple[Exchange, ...]:
        """Return example exchanges."""
        return _examples()


def _size(order: PictureOrder) -> str:
    if order.size and order.size[0].isdigit() and "x" in order.size:
        return order.size
    width, height = in_steps(
        order.width, order.height, step=16, smallest=256, longest=3840, most_pixels=3840 * 2160
    )
    return f"{width}x{height}"


def _cost(order: PictureOrder, usage: _Usage | None) -> MicroUsd | None:
    if usage is None or not usage.output_tokens:
        return None
    inputs = usage.input_tokens_details or _Inputs()
    # Compatible servers report only the sum; all of it as picture tokens is the dearer reading.
    unsorted = max(0, usage.input_tokens - inputs.text_tokens - inputs.image_tokens)
    return token_cost(
        order.price,
        text_in=inputs.text_tokens,
        image_in=inputs.image_tokens + unsorted,
        image_out=usage.output_tokens,
    )


def _declined(reply: HttpReply) -> Outcome:
    error = replies.read_or_blank(ErrorMessage, reply).said
    code, kind, words = error.code, error.type, error.message
    if reply.status == 400 and (code in _REFUSALS or kind == "image_generation_user_error"):
        return Refused(replies.short(f"OpenAI refused the picture: {words or code}"), 0)
    if reply.status == 429 and code in _NO_MONEY:
        reason = replies.short(f"OpenAI's spending limit is reached: {words or code}")
        return Failed(reason, charged=False, scope="engine")
    if reply.status == 429:
        return Throttled(_milliseconds(reply), replies.short(f"OpenAI: {words}"))
    return replies.failure(reply, "OpenAI", words)


def _milliseconds(reply: HttpReply) -> float | None:
    stated = reply.headers.get("retry-after-ms", "")
    return int(stated) / 1000 if stated.isdigit() else None


def _examples() -> tuple[Exchange, ...]:
    model = "gpt-image-2.6-flare"
    base = "https://api.openai.com/v1"
    order = example_order(model, quality="medium", price=token_rule("openai_images", model))
    edit = example_order(
        model, quality="high", size="1024x1536", height=1536, source=PHOTO, operation="edit"
    )
    usage = {
        "input_tokens": 20,
        "input_tokens_details": {"text_tokens": 20, "image_tokens": 0},
        "output_tokens": 439,
    }
    made = HttpRequest(
        "POST",
        f"{base}/images/generations",
        json={
            "model": model,
            "prompt": order.prompt,
            "size": "1024x1024",
            "quality": "medium",
            "n": 1,
            "output_format": "png",
        },
    )
    edited = HttpRequest(
        "POST",
        f"{base}/images/edits",
        form={
            "model": model,
            "prompt": order.prompt,
            "size": "1024x1536",
            "quality": "high",
            "n": "1",
            "output_format": "png",
        },
        files=(("image[]", ("source.png", PIXEL, "image/png")),),
    )

    def answer(status: int, content: object, **headers: str) -> HttpReply:
        return HttpReply(status, headers, json.dumps(content).encode())

    def error(code: str, kind: str = "", message: str = "Words.") -> object:
        return {"error": {"type": kind, "code": code, "message": message, "param": None}}

    picture = {"data": [{"b64_json": replies.encoded(PIXEL)}]}
    return (
        Exchange(
            "a picture with its usage",
            order,
            made,
            answer(200, {"created": 1, **picture, "usage": usage}, **{"x-request-id": "req_1"}),
            # 20 x 5 + 439 x 30 micro-USD
            ReadyBytes(PIXEL, 13_270, "req_1"),
        ),
        Exchange("an edit", edit, edited, answer(200, picture), ReadyBytes(PIXEL)),
        Exchange(
            "no picture in the reply",
            order,
            made,
            answer(200, {"data": [], "usage": usage}),
            Failed("OpenAI answered without a picture.", charged=True, actual_cost=13_270),
        ),
        Exchange(
            "a refusal",
            order,
            made,
            answer(400, error("moderation_blocked", "image_generation_user_error")),
            Refused("OpenAI refused the picture: Words.", 0),
        ),
        Exchange(
            "a spending limit",
            order,
            made,
            answer(429, error("project_spend_limit_exceeded")),
            Failed("OpenAI's spending limit is reached: Words.", charged=False, scope="engine"),
        ),
        Exchange(
            "a rate limit in milliseconds",
            order,
            made,
            answer(429, error("rate_limit_exceeded"), **{"retry-after-ms": "1500"}),
            Throttled(1.5, "OpenAI: Words."),
        ),
        Exchange(
            "a server error",
            order,
            made,
            answer(500, error("server_error")),
            Failed("OpenAI: Words.", charged=None),
        ),
    )
