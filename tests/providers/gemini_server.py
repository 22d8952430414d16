"""A local Gemini provider."""

import base64
from typing import Any

from tests.providers.http_server import Request, Response
from tests.providers.provider import KEY, Provider, picture_of

_RATIOS = ["1:1", "1:4", "4:1", "1:8", "8:1", "2:3", "3:2"]
_RATIOS += ["3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"]


class GeminiServer(Provider):
    engine = "gemini"

    def error(self, message: str) -> object:
        return {"error": {"code": 429, "message": message, "status": "RESOURCE_EXHAUSTED"}}

    def refused(self, what: str) -> Response:
        self.charge(what, 0)
        return Response.of(
            {
                "candidates": [{"content": {"parts": []}, "finishReason": "IMAGE_SAFETY"}],
                "usageMetadata": {"promptTokenCount": 0, "candidatesTokenCount": 0},
            }
        )

    def no_picture(self) -> Response:
        return Response.of({"candidates": [{"content": {"parts": [{"text": "Sorry."}]}}]})

    async def handle(self, request: Request) -> Response:
        if not self.authorized(request, "x-goog-api-key", KEY):
            return Response.of({"error": {"code": 403, "message": "No such key."}}, 403)
        if request.method != "POST" or not request.path.endswith(":generateContent"):
            return Response.of({"error": {"code": 404, "message": "No such model."}}, 404)
        body: Any = request.json()
        wrong = self._check(body)
        if wrong:
            return Response.of({"error": {"code": 400, "message": wrong}}, 400)
        what = body["contents"][0]["parts"][0]["text"]
        return await self.submit(what, lambda: self._made(what))

    def _check(self, body: Any) -> str:
        wrong = self.check(body, {"contents": (list, True), "generationConfig": (dict, True)})
        if wrong:
            return wrong
        config = body["generationConfig"]
        shape = config.get("imageConfig", {})
        if set(config) - {"responseModalities", "imageConfig"}:
            return self._wrong("generationConfig")
        if config["responseModalities"] != ["IMAGE"]:
            return self._wrong("responseModalities")
        if shape.get("aspectRatio") not in _RATIOS:
            return self._wrong("aspectRatio")
        if shape.get("imageSize", "1K") not in ("512", "1K", "2K", "4K"):
            return self._wrong("imageSize")
        for part in body["contents"][0]["parts"][1:]:
            if set(part.get("inlineData", {})) != {"mimeType", "data"}:
                return self._wrong("inlineData")
        return ""

    def _made(self, what: str) -> Response:
        data = {"mimeType": "image/png", "data": base64.b64encode(picture_of(what)).decode()}
        return Response.of(
            {
                "candidates": [
                    {"content": {"parts": [{"inlineData": data}]}, "finishReason": "STOP"}
                ],
                "usageMetadata": {"promptTokenCount": 0, "candidatesTokenCount": 1120},
                "responseId": "r1",
            }
        )
