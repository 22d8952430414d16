"""Google's Gemini API: generateContent with picture parts.

A refusal arrives as status 200 with a finish reason and no picture; the tokens of the prompt are
billed all the same. There is no idempotency key and no look-up.
"""

import json
from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any

from tierbook.engines import replies
from tierbook.engines.examples import PHOTO, PIXEL, example_order, picture_rule
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
    Throttled,
)
from tierbook.model import MICRO, MicroUsd

_RATIOS = (
    "1:1",
    "1:4",
    "4:1",
    "1:8",
    "8:1",
    "2:3",
    "3:2",
    "3:4",
    "4:3",
    "4:5",
    "5:4",
    "9:16",
    "16:9",
    "21:9",
)
_REFUSALS = frozenset(
    {
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_OTHER",
        "NO_IMAGE",
        "IMAGE_RECITATION",
        "SAFETY",
        "PROHIBITED_CONTENT",
        "RECITATION",
        "BLOCKLIST",
    }
)


class Gemini(RemoteDefaults):
    """Gemini picture models through `generateContent`."""

    name = "gemini"
    provider = "Google"
    key_variable = "GEMINI_API_KEY"
    base_url_variable = "GOOGLE_GEMINI_BASE_URL"
    default_base_url = "https://generativelanguage.googleapis.com/v1beta"
    capabilities = Capabilities(
        input_image="optional",
        max_input_images=10,
        aspect_ratios=_RATIOS,
        sizes=("512", "1K", "2K", "4K"),
        concurrency=4,
        per_minute=60,
    )

    def authorize(self, key: str) -> Mapping[str, str]:
        """Return the header that carries the key."""
        return {"x-goog-api-key": key}

    def submit(self, order: PictureOrder, base_url: str) -> HttpRequest:
        """Build the request that makes the picture."""
        parts: list[dict[str, Any]] = [{"text": order.prompt}]
        if order.source is not None:
            photo = {
                "mimeType": order.source.media_type,
                "data": replies.encoded(order.source.content),
            }
            parts.append({"inlineData": photo})
        shape: dict[str, str] = {"aspectRatio": nearest_ratio(order.width, order.height, _RATIOS)}
        if order.size:
            shape["imageSize"] = order.size
        return HttpRequest(
            "POST",
            f"{base_url}/models/{order.model}:generateContent",
            json={
                "contents": [{"role": "user", "parts": parts}],
                "generationConfig": {"responseModalities": ["IMAGE"], "imageConfig": shape},
            },
        )

    def read_submit(self, order: PictureOrder, reply: HttpReply) -> Outcome:
        """Read the picture, or the reason why the reply has none."""
        content = replies.json_object(reply)
        if reply.status != 200:
            return replies.failure(reply, "Google", replies.text_at(content, "error", "message"))
        picture = _picture(content)
        if picture is not None:
            provider_id = replies.text_at(content, "responseId")
            return ReadyBytes(picture, _cost(order, content, made=True), provider_id)
        cost = _cost(order, content, made=False)
        why = replies.text_at(content, "promptFeedback", "blockReason") or replies.text_at(
            content, "candidates", 0, "finishReason"
        )
        if why in _REFUSALS or replies.at(content, "promptFeedback", "blockReason"):
            words = replies.text_at(content, "candidates", 0, "finishMessage")
            return Refused(replies.short(f"Google refused the picture: {why} {words}"), cost)
        return Failed("Google answered without a picture.", charged=True, actual_cost=cost)

    def examples(self) -> tuple[Exchange, ...]:
        """Return example exchanges."""
        return _examples()


def _picture(content: dict[str, Any]) -> bytes | None:
    for part in replies.list_at(content, "candidates", 0, "content", "parts"):
        # Thinking models also return drafts; those are marked and are not the picture.
        if replies.at(part, "thought") is True:
            continue
        picture = replies.picture_of(replies.text_at(part, "inlineData", "data"))
        if picture is not None:
            return picture
    return None


def _cost(order: PictureOrder, content: dict[str, Any], *, made: bool) -> MicroUsd | None:
    """Add the listed price of the picture to the tokens that went in.

    None (the reservation counts in full) where the reply reports no tokens, or thinking that the
    price rule has no price for.
    """
    rule = order.price
    usage = replies.object_at(content, "usageMetadata")
    if rule is None or rule.price is None or rule.kind not in ("tier", "flat") or not usage:
        return None
    if replies.whole_at(usage, "thoughtsTokenCount") and "text_out" not in rule.details:
        return None
    photo = replies.whole_at(usage, "promptTokensDetails", 1, "tokenCount")
    text = replies.whole_at(usage, "promptTokenCount") - photo
    amount = (
        (rule.price if made else Decimal(0)) * MICRO
        + rule.details.get("text_in", Decimal(0)) * text
        + rule.details.get("text_out", Decimal(0)) * replies.whole_at(usage, "thoughtsTokenCount")
        + (rule.details.get("input_image", Decimal(0)) * MICRO if order.source else 0)
    )
    return int(amount.to_integral_value(rounding=ROUND_CEILING))


def _examples() -> tuple[Exchange, ...]:
    model = "gemini-nano-banana-2.1"
    rule = picture_rule("gemini", model, "0.0336", text_in="1.5", input_image="0.00168")
    order = example_order(model, size="1K", price=rule)
    edit = example_order(model, size="2K", width=1600, height=2000, source=PHOTO, operation="edit")
    url = f"https://generativelanguage.googleapis.com/v1beta/models/{model}:generateContent"

    def request(parts: list[object], **shape: str) -> HttpRequest:
        return HttpRequest(
            "POST",
            url,
            json={
                "contents": [{"role": "user", "parts": parts}],
                "generationConfig": {"responseModalities": ["IMAGE"], "imageConfig": shape},
            },
        )

    def answer(status: int, content: object) -> HttpReply:
        return HttpReply(status, {}, json.dumps(content).encode())

    made = request([{"text": order.prompt}], aspectRatio="1:1", imageSize="1K")
    photo = {"inlineData": {"mimeType": "image/png", "data": replies.encoded(PIXEL)}}
    usage = {"promptTokenCount": 10, "candidatesTokenCount": 1120}

    def candidate(*parts: object, reason: str = "STOP") -> object:
        return {
            "candidates": [{"content": {"parts": list(parts)}, "finishReason": reason}],
            "usageMetadata": usage,
            "responseId": "r1",
        }

    return (
        Exchange(
            "a picture with its usage",
            order,
            made,
            answer(200, candidate({"text": "Here it is."}, photo)),
            # 33,600 + 10 x 1.5 micro-USD
            ReadyBytes(PIXEL, 33_615, "r1"),
        ),
        Exchange(
            "an edit, in the nearest aspect ratio",
            edit,
            request([{"text": edit.prompt}, photo], aspectRatio="4:5", imageSize="2K"),
            answer(200, candidate(photo)),
            ReadyBytes(PIXEL, None, "r1"),
        ),
        Exchange(
            "a refusal inside a 200, billed for the words that went in",
            order,
            made,
            answer(200, candidate(reason="IMAGE_SAFETY")),
            Refused("Google refused the picture: IMAGE_SAFETY", 15),
        ),
        Exchange(
            "a blocked prompt without usage",
            order,
            made,
            answer(200, {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}),
            Refused("Google refused the picture: PROHIBITED_CONTENT"),
        ),
        Exchange(
            "words instead of a picture",
            order,
            made,
            answer(200, candidate({"text": "I would rather not."})),
            Failed("Google answered without a picture.", charged=True, actual_cost=15),
        ),
        Exchange(
            "a rate limit",
            order,
            made,
            answer(429, {"error": {"code": 429, "message": "Slow down."}}),
            Throttled(reason="Google: Slow down."),
        ),
        Exchange(
            "a key that is not accepted",
            order,
            made,
            answer(403, {"error": {"code": 403, "message": "No."}}),
            Failed("Google says this account may not do this: No.", charged=False, scope="engine"),
        ),
    )
