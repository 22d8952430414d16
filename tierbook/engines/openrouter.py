"""OpenRouter: many providers' picture models with one key; the reply names the exact cost."""

import json
from typing import Any

from tierbook.engines import replies
from tierbook.engines.examples import PHOTO, PIXEL, example_order
from tierbook.engines.metering import whole_micro_usd
from tierbook.engines.remote import RemoteDefaults
from tierbook.engines.replies import Amount, OrNone, Shape, Words
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


class _Picture(Shape):
    b64_json: Words = ""


class _Usage(Shape):
    cost: Amount


class _Made(Shape):
    data: OrNone[list[_Picture]] = None
    usage: OrNone[_Usage] = None
    id: Words = ""

    @property
    def cost(self) -> MicroUsd | None:
        """The exact cost; None, so that the reservation counts, where it names none."""
        return None if self.usage is None else whole_micro_usd(self.usage.cost)


class _Metadata(Shape):
    reasons: OrNone[list[Any]] = None


class _Error(Shape):
    message: Words = ""
    metadata: OrNone[_Metadata] = None


class _Declined(Shape):
    error: OrNone[_Error] = None


class OpenRouter(RemoteDefaults):
    """Picture models behind OpenRouter's one key."""

    name = "openrouter"
    provider = "OpenRouter"
    key_variable = "OPENROUTER_API_KEY"
    base_url_variable = "OPENROUTER_BASE_URL"
    default_base_url = "https://openrouter.ai/api/v1"
    capabilities = Capabilities(
        input_image="optional",
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
        if reply.status != 200:
            error = replies.read_or_blank(_Declined, reply).error or _Error()
            if reply.status == 403 and error.metadata and error.metadata.reasons:
                words = replies.short(f"OpenRouter refused the picture: {error.message}")
                return Refused(words, 0)
            return replies.failure(reply, "OpenRouter", error.message)
        made = replies.read(_Made, reply, "OpenRouter")
        if isinstance(made, Failed):
            return made
        picture = replies.picture_of(made.data[0].b64_json) if made.data else None
        if picture is not None:
            return ReadyBytes(picture, made.cost, made.id)
        return Failed("OpenRouter answered without a picture.", charged=True, actual_cost=made.cost)

    def examples(self) -> tuple[Exchange, ...]:
        """Return example exchanges."""
        return _examples()


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
