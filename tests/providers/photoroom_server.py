"""A local Photoroom, both of its hosts in one."""

from tests.providers.http_server import Request, Response
from tests.providers.provider import KEY, Provider, picture_of

_SEGMENT = {"format", "bg_color", "size", "crop", "channels"}
_EDIT = {
    "background.color",
    "background.prompt",
    "background.seed",
    "outputSize",
    "padding",
    "margin",
    "shadow.mode",
    "lighting.mode",
    "export.format",
}


class PhotoroomServer(Provider):
    engine = "photoroom"

    def error(self, message: str) -> object:
        return {"error": {"message": message}}

    def no_picture(self) -> Response:
        return Response(200, b"")

    async def handle(self, request: Request) -> Response:
        if not self.authorized(request, "x-api-key", KEY):
            return Response.of(self.error("No such key"), 403)
        fields, files = request.form()
        known, name = {
            "/v1/segment": (_SEGMENT, "image_file"),
            "/v2/edit": (_EDIT, "imageFile"),
        }.get(request.path, (set[str](), ""))
        wrong = ""
        if set(fields) - known:
            wrong = self._wrong(f"{set(fields) - known} are no fields of {request.path}")
        elif set(files) != {name}:
            wrong = self._wrong(f"{name} is missing")
        elif fields.get("size", "full") not in ("preview", "medium", "hd", "full"):
            wrong = self._wrong("size")
        if wrong:
            return Response.of(self.error(wrong), 400)
        # Its orders carry no words: the photo itself tells pictures apart.
        what = files[name][1].hex()[-400:]
        return await self.submit(what, lambda: self._made(what))

    def _made(self, what: str) -> Response:
        headers = {"content-type": "image/png", "x-uncertainty-score": "0.7"}
        return Response(200, picture_of(what), headers)
