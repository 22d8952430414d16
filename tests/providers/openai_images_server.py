"""A local OpenAI Images provider."""

import base64
import re

from tests.providers.http_server import Request, Response
from tests.providers.provider import KEY, Provider, picture_of

_GENERATIONS = {
    "model": (str, True),
    "prompt": (str, True),
    "size": (str, True),
    "quality": (str, False),
    "n": (int, True),
    "output_format": (str, False),
}
_FIELDS = {"model", "prompt", "size", "quality", "n", "output_format"}
_QUALITIES = {"low", "medium", "high", "xhigh", "max"}


class OpenAIImagesServer(Provider):
    engine = "openai_images"

    def error(self, message: str) -> object:
        return {"error": {"type": "x", "code": "rate_limit_exceeded", "message": message}}

    def spend_limit(self) -> Response:
        error = {"type": "x", "code": "project_spend_limit_exceeded", "message": "spent"}
        return Response.of({"error": error}, 429, retry_after="1")

    def refused(self, what: str) -> Response:
        error = {
            "type": "image_generation_user_error",
            "code": "moderation_blocked",
            "message": "Not this one.",
            "param": None,
        }
        return Response.of({"error": error}, 400)

    def no_picture(self) -> Response:
        return Response.of({"created": 1, "data": []})

    async def handle(self, request: Request) -> Response:
        if not self.authorized(request, "authorization", f"Bearer {KEY}"):
            return Response.of({"error": {"message": "No such key."}}, 401)
        if (request.method, request.path) == ("POST", "/v1/images/generations"):
            body = request.json()
            wrong = self.check(body, _GENERATIONS)
            fields = {name: str(value) for name, value in body.items()} if not wrong else {}  # type: ignore[union-attr]
        elif (request.method, request.path) == ("POST", "/v1/images/edits"):
            fields, files = request.form()
            wrong = self._check_edit(fields, files)
        else:
            return Response.of({"error": {"message": "No such address."}}, 404)
        wrong = wrong or self._check_values(fields)
        if wrong:
            return Response.of({"error": {"message": wrong, "code": "invalid_value"}}, 400)
        what = fields["prompt"]
        return await self.submit(what, lambda: self._made(what))

    def _made(self, what: str) -> Response:
        tokens = self.orders.price // 30
        usage = {
            "input_tokens": 0,
            "input_tokens_details": {"text_tokens": 0, "image_tokens": 0},
            "output_tokens": tokens,
            "total_tokens": tokens,
        }
        picture = base64.b64encode(picture_of(what)).decode()
        return Response.of(
            {"created": 1, "data": [{"b64_json": picture}], "usage": usage}, x_request_id="req_1"
        )

    def _check_edit(self, fields: dict[str, str], files: dict[str, tuple[str, bytes, str]]) -> str:
        if set(fields) - _FIELDS:
            return self._wrong(f"{set(fields) - _FIELDS} are no fields")
        if set(files) != {"image[]"} or files["image[]"][2] not in ("image/png", "image/jpeg"):
            return self._wrong("image[] is missing or of another type")
        return ""

    def _check_values(self, fields: dict[str, str]) -> str:
        size = re.fullmatch(r"(\d+)x(\d+)", fields.get("size", ""))
        if not size or any(int(side) % 16 for side in size.groups()):
            return self._wrong("size is not in steps of 16")
        if fields.get("n") != "1" or fields.get("quality", "low") not in _QUALITIES:
            return self._wrong("n or quality is not valid")
        return "" if 0 < len(fields.get("prompt", "")) <= 32_000 else self._wrong("prompt")
