"""OpenRouter: many providers' picture models with one key; the reply names the exact cost."""

import json
from typing import Any

from tierbook.engines import replies
from tierbook.engines.examples import PHOTO, PIXEL, example_order
from tierbook.engines.metering import whole_micro_usd
from tierbook.engines.remote import RemoteDefaults
from tierbook.engines.shapes import nearest_ratio
from tierbook.engines.wire import (
    Capabilities,
    Exchange,
    Failed,
    HttpReply,
    HttpRequest,
    Outcome,
    PictureOrder,
    ReadyBytes,
    Refused,
)
from tierbook.model import MicroUsd

_RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")


class OpenRouter(RemoteDefaults):
    """Picture models behind OpenRouter's one key."""

    name = "openrouter"
    provider = "OpenRouter"
    key_variable = "OPENROUTER_API_KEY"
    base_url_variable = "OPENROUTER_BASE_URL"
    default_base_url = "https://openrouter.ai/api/v1"
    capabilities = Capabilities(
        input_image="optional",
        aspect_ratios=_RATIOS,
        sizes=("512", "1K", "2K", "4K"),
        concurrency=4,
        per_minute=60,
    )

    def submit(self, order: PictureOrder, base_url: str) -> HttpRequest:
        """Build the request that makes the picture."""
        body: dict[str, Any] = {
            "model": order.model,
            "prompt": order.prompt,
            "n": 1,
            "aspect_ratio": nearest_ratio(order.width, order.height, _RATIOS),
        }
        if order.size:
            body["resolution"] = order.size
        if order.quality:
            body["quality"] = order.quality
        if order.source is not None:
            photo = replies.data_url(order.source.content, order.source.media_type)
            body["input_references"] = [{"type": "image_url", "image_url": {"url": photo}}]
        return HttpRequest("POST", f"{base_url}/images", json=body)

    def read_submit(self, order: PictureOrder, reply: HttpReply) -> Outcome:
        """Read the picture and its exact cost."""
        content = replies.json_object(reply)
        words = replies.text_at(content, "error", "message")
        if reply.status == 403 and replies.at(content, "error", "metadata", "reasons"):
            return Refused(replies.short(f"OpenRouter refused the picture: {words}"), 0)
        if reply.status != 200:
            return replies.failure(reply, "OpenRouter", words)
        cost = _cost(content)
        picture = replies.picture_of(replies.text_at(content, "data", 0, "b64_json"))
        if picture is not None:
            return ReadyBytes(picture, cost, replies.text_at(content, "id"))
        return Failed("OpenRouter answered without a picture.", charged=True, actual_cost=cost)

    def examples(self) -> tuple[Exchange, ...]:
        """Return example exchanges."""
        return _examples()


def _cost(content: dict[str, Any]) -> MicroUsd | None:
    stated = replies.at(content, "usage", "cost")
    return whole_micro_usd(stated) if isinstance(stated, int | float) else None


def _examples() -> tuple[Exchange, ...]:
    url = "https://openrouter.ai/api/v1/images"
    model = "google/gemini-3-pro-image"
    order = example_order(model, size="2K")
    edit = example_order(model, size="1K", width=900, height=1600, source=PHOTO, quality="high")
    body = {"model": model, "prompt": order.prompt, "n": 1}
    made = HttpRequest("POST", url, json={**body, "aspect_ratio": "1:1", "resolution": "2K"})
    photo = {"type": "image_url", "image_url": {"url": replies.data_url(PIXEL, "image/png")}}
    edited = HttpRequest(
        "POST",
        url,
        json={
            **body,
            "aspect_ratio": "9:16",
            "resolution": "1K",
            "quality": "high",
            "input_references": [photo],
        },
    )

    def answer(status: int, content: object) -> HttpReply:
        return HttpReply(status, {}, json.dumps(content).encode())

    picture = {"data": [{"b64_json": replies.encoded(PIXEL)}], "usage": {"cost": 0.1345}}
    return (
        Exchange(
            "a picture and its cost", order, made, answer(200, picture), ReadyBytes(PIXEL, 134_500)
        ),
        Exchange(
            "an edit, billed without a picture",
            edit,
            edited,
            answer(200, {"data": [], "usage": {"cost": 0.002}}),
            Failed("OpenRouter answered without a picture.", charged=True, actual_cost=2_000),
        ),
        Exchange(
            "a refusal",
            order,
            made,
            answer(403, {"error": {"message": "Flagged", "metadata": {"reasons": ["x"]}}}),
            Refused("OpenRouter refused the picture: Flagged", 0),
        ),
        Exchange(
            "a gateway that gave up",
            order,
            made,
            answer(524, {"error": {"message": "Timed out"}}),
            Failed("OpenRouter: Timed out", charged=None),
        ),
    )
