"""A local OpenRouter."""

import base64
from typing import Any

from tests.providers.http_server import Request, Response
from tests.providers.provider import KEY, Provider, picture_of

_SCHEMA: dict[str, Any] = {
    "model": (str, True),
    "prompt": (str, True),
    "n": (int, False),
    "aspect_ratio": (str, False),
    "resolution": (str, False),
    "quality": (str, False),
    "input_references": (list, False),
}


class OpenRouterServer(Provider):
    engine = "openrouter"

    def error(self, message: str) -> object:
        return {"error": {"message": message, "code": 429}}

    def refused(self, what: str) -> Response:
        error = {"message": "Flagged", "metadata": {"reasons": ["violence"]}}
        return Response.of({"error": error}, 403)

    def no_picture(self) -> Response:
        return Response.of({"data": [], "usage": {"cost": self.orders.price / 1_000_000}})

    async def handle(self, request: Request) -> Response:
        if not self.authorized(request, "authorization", f"Bearer {KEY}"):
            return Response.of({"error": {"message": "No auth credentials found"}}, 401)
        if (request.method, request.path) != ("POST", "/api/v1/images"):
            return Response.of({"error": {"message": "Not found"}}, 404)
        body: Any = request.json()
        wrong = self.check(body, _SCHEMA) or self._check_references(body)
        if wrong:
            return Response.of({"error": {"message": wrong}}, 400)
        what = body["prompt"]
        return await self.submit(what, lambda: self._made(what))

    def _check_references(self, body: dict[str, Any]) -> str:
        for reference in body.get("input_references", []):
            url = reference.get("image_url", {}).get("url", "")
            if reference.get("type") != "image_url" or not url.startswith("data:image/"):
                return self._wrong("input_references")
        return ""

    def _made(self, what: str) -> Response:
        picture = base64.b64encode(picture_of(what)).decode()
        return Response.of(
            {"data": [{"b64_json": picture}], "usage": {"cost": self.orders.price / 1_000_000}}
        )
