"""Google's Gemini API: generateContent with picture parts.

A refusal arrives as status 200 with a finish reason and no picture; the tokens of the prompt are
billed all the same. There is no idempotency key and no look-up.
"""

import json
from decimal import ROUND_CEILING, Decimal
from typing import Any

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from tierbook.engines import replies
from tierbook.engines.examples import PHOTO, PIXEL, example_order, picture_rule
from tierbook.engines.remote import RemoteDefaults
from tierbook.engines.replies import Count, ErrorMessage, OrNone, Shape, Words
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


class _Camel(Shape):
    model_config = ConfigDict(alias_generator=to_camel)


class _Data(_Camel):
    data: Words = ""


class _Part(_Camel):
    inline_data: OrNone[_Data] = None
    thought: OrNone[bool] = None


class _Content(_Camel):
    parts: list[OrNone[_Part]] = Field(default_factory=list[_Part | None])


class _Candidate(_Camel):
    content: OrNone[_Content] = None
    finish_reason: Words = ""
    finish_message: Words = ""


class _Feedback(_Camel):
    block_reason: Words = ""


class _Modality(_Camel):
    modality: Words = ""
    token_count: Count = 0


class _Usage(_Camel):
    prompt_token_count: Count
    prompt_tokens_details: list[_Modality] = Field(default_factory=list[_Modality])
    thoughts_token_count: Count = 0


class _Answer(_Camel):
    candidates: OrNone[list[_Candidate]] = None
    prompt_feedback: OrNone[_Feedback] = None
    usage_metadata: OrNone[_Usage] = None
    response_id: Words = ""

    @property
    def picture(self) -> bytes | None:
        """The first picture that is no draft; thinking models return drafts too, marked so."""
        content = self.first.content or _Content()
        for part in content.parts:
            if part is None or part.thought or part.inline_data is None:
                continue
            picture = replies.picture_of(part.inline_data.data)
            if picture is not None:
                return picture
        return None

    @property
    def first(self) -> _Candidate:
        """The only candidate asked for, blank where there is none."""
        return self.candidates[0] if self.candidates else _Candidate()


class Gemini(RemoteDefaults):
    """Gemini picture models through `generateContent`."""

    name = "gemini"
    provider = "Google"
    key_variable = "GEMINI_API_KEY"
    base_url_variable = "GOOGLE_GEMINI_BASE_URL"
    default_base_url = "https://generativelanguage.googleapis.com/v1beta"
    key_header = ("x-goog-api-key", "")
    capabilities = Capabilities(
        input_image="optional",
        sizes=("512", "1K", "2K", "4K"),
        concurrency=4,
        per_minute=60,
    )

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
        if reply.status != 200:
            words = replies.read_or_blank(ErrorMessage, reply).said.message
            return replies.failure(reply, "Google", words)
        answer = replies.read(_Answer, reply, "Google")
        if isinstance(answer, Failed):
            return answer
        picture = answer.picture
        if picture is not None:
            return ReadyBytes(picture, _cost(order, answer, made=True), answer.response_id)
        cost = _cost(order, answer, made=False)
        blocked = answer.prompt_feedback.block_reason if answer.prompt_feedback else ""
        why = blocked or answer.first.finish_reason
        if blocked or why in _REFUSALS:
            words = f"Google refused the picture: {why} {answer.first.finish_message}"
            return Refused(replies.short(words), cost)
        return Failed("Google answered without a picture.", charged=True, actual_cost=cost)

    def examples(self) -> tuple[Exchange, ...]:
        """Return example exchanges."""
        return _examples()


def _cost(order: PictureOrder, answer: _Answer, *, made: bool) -> MicroUsd | None:
    """Add the listed price of the picture to the tokens that went in.

    None (the reservation counts in full) where the reply reports no tokens, or thinking that the
    price rule has no price for.
    """
    rule, usage = order.price, answer.usage_metadata
    if rule is None or rule.price is None or rule.kind not in ("tier", "flat") or usage is None:
        return None
    if usage.thoughts_token_count and "text_out" not in rule.details:
        return None
    photo = sum(one.token_count for one in usage.prompt_tokens_details if one.modality == "IMAGE")
    text = max(0, usage.prompt_token_count - photo)
    amount = (
        (rule.price if made else Decimal(0)) * MICRO
        + rule.details.get("text_in", Decimal(0)) * text
        + rule.details.get("text_out", Decimal(0)) * usage.thoughts_token_count
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
