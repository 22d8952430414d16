"""The addresses of the review page, and what each answers."""

import json
from collections.abc import Awaitable, Callable
from importlib import resources
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tierbook.errors import TierbookError
from tierbook.model import usd
from tierbook.review.choosing import read_choice
from tierbook.review.desk import RedoPrice, ReviewDesk, ReviewPicture, Side, Size
from tierbook.review.list_page import list_page
from tierbook.review.markup import SIGNS, state_words
from tierbook.review.picture_page import picture_page

_STATIC = {
    "app.js": "text/javascript; charset=utf-8",
    "app.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_MOST_BYTES = 10_000
_SIDES: dict[str, Side] = {"before": "before", "after": "after"}
_SIZES: dict[str, Size] = {"small": "small", "large": "large", "full": "full"}

_Action = Callable[[str, dict[str, Any]], dict[str, Any]]


def site(desk: ReviewDesk) -> Starlette:
    """Build the page over a desk; who may see it is the gate's to say."""
    pages = _Pages(desk)
    picture = "/pictures/{picture}"
    actions: dict[str, _Action] = {
        "decision": pages.decide,
        "undo": pages.undo,
        "redo-price": pages.redo_price,
        "redo": pages.redo,
    }
    return Starlette(
        routes=[
            Route("/", pages.all),
            Route(picture, pages.one),
            Route(f"{picture}/{{side}}/{{size}}", pages.image),
            *(
                Route(f"{picture}/{name}", _acting(action), methods=["POST"])
                for name, action in actions.items()
            ),
            *(Route(f"/{name}", _static(name, kind)) for name, kind in _STATIC.items()),
        ]
    )


class _Pages:
    """What each address answers; plain functions here run on a thread of their own."""

    def __init__(self, desk: ReviewDesk) -> None:
        self._desk = desk

    def all(self, request: Request) -> Response:
        choice = read_choice(request.query_params)
        return HTMLResponse(list_page(self._desk.title, self._desk.pictures(), choice))

    def one(self, request: Request) -> Response:
        pictures = self._desk.pictures()
        wanted = request.path_params["picture"]
        found = next((one for one in pictures if one.id == wanted), None)
        if found is None:
            raise HTTPException(404, "There is no such picture; a newer one may have replaced it.")
        choice = read_choice(request.query_params)
        return HTMLResponse(picture_page(self._desk.title, found, pictures, choice))

    def image(self, request: Request) -> Response:
        """Answer an image by the ledger's name of its picture; no address names a file."""
        side = _SIDES.get(request.path_params["side"])
        size = _SIZES.get(request.path_params["size"])
        try:
            shown = side and size and self._desk.image(request.path_params["picture"], side, size)
        except KeyError:
            shown = None
        if not shown:
            return PlainTextResponse("The file is gone or is no picture.", status_code=404)
        # A picture never changes under its name; the seller's photo may.
        kept = "private, max-age=86400, immutable" if side == "after" else "private, max-age=60"
        return Response(shown.content, media_type=shown.media_type, headers={"cache-control": kept})

    def decide(self, picture: str, given: dict[str, Any]) -> dict[str, Any]:
        decision, reason = str(given.get("decision", "")), str(given.get("reason", ""))
        if decision == "redo":
            raise HTTPException(400, "A redo shows its price first.")
        return _told(self._desk.decide(picture, decision, reason))

    def undo(self, picture: str, given: dict[str, Any]) -> dict[str, Any]:
        del given
        return _told(self._desk.undo(picture))

    def redo_price(self, picture: str, given: dict[str, Any]) -> dict[str, Any]:
        del given
        offer = self._desk.price_of_redo(picture)
        return {"token": offer.token, "words": _price_words(offer), "button": _yes(offer)}

    def redo(self, picture: str, given: dict[str, Any]) -> dict[str, Any]:
        status = self._desk.redo(picture, str(given.get("token", "")))
        return {
            "finished": status.finished,
            "message": status.message,
            "picture": status.picture,
            "made": status.made,
        }


def _told(picture: ReviewPicture) -> dict[str, Any]:
    return {
        "id": picture.id,
        "state": picture.state,
        "sign": SIGNS[picture.state][0],
        "words": state_words(picture),
    }


def _price_words(offer: RedoPrice) -> str:
    what = (
        "One picture is" if offer.pictures == 1 else f"All {offer.pictures} pictures of the row are"
    )
    if not offer.at_most:
        return f"{what} made anew. It costs nothing. The old files stay."
    return (
        f"{what} made anew for at most {usd(offer.at_most)}, within your caps. The old files stay."
    )


def _yes(offer: RedoPrice) -> str:
    what = "Make it" if offer.pictures == 1 else f"Make {offer.pictures}"
    return f"{what} for {usd(offer.at_most)}" if offer.at_most else what


def _acting(action: _Action) -> Callable[[Request], Awaitable[Response]]:
    """Answer a POST with what an action tells; what cannot be done is told in words."""

    async def answer(request: Request) -> Response:
        try:
            given = await _body(request)
            told = await run_in_threadpool(action, request.path_params["picture"], given)
        except KeyError:
            return _cannot(404, "A newer picture has taken this one's place. Reload the page.")
        except HTTPException as error:
            return _cannot(error.status_code, error.detail)
        except TierbookError as error:
            words = (error.message, error.fix[:1].upper() + error.fix[1:], error.money)
            return _cannot(409, " ".join(part for part in words if part))
        return JSONResponse(told)

    return answer


def _cannot(status: int, words: str) -> Response:
    return JSONResponse({"message": words}, status_code=status)


async def _body(request: Request) -> dict[str, Any]:
    """Read a small JSON object."""
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > _MOST_BYTES:
            raise HTTPException(413, "That is more than a decision needs.")
    try:
        given: object = json.loads(content)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise HTTPException(400, "That was no decision.")
    return {str(name): value for name, value in given.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] # JSON


def _static(name: str, media_type: str) -> Callable[[Request], Response]:
    content = resources.files("tierbook.review").joinpath("static", name).read_bytes()

    def answer(request: Request) -> Response:
        del request
        return Response(content, media_type=media_type)

    return answer
