"""Let in only the person who started the page: this machine, this browser, this origin.

A page on loopback is open to every program and every web page of the machine. So: the Host must
be ours (against rebinding a foreign name to loopback), every request needs the cookie that the
one-time address was exchanged for, and what changes something also needs our own Origin and a
header that no form and no foreign page can send.
"""

import secrets
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ENTRY = "/enter"
_READING = frozenset({"GET", "HEAD"})
_OWN_HEADER = ("x-tierbook", "review")
_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Gate:
    """ASGI middleware around the page.

    Args:
        app: The page.
        port: The port it is bound to.
        on_visit: Called at every request that was let in.
    """

    def __init__(self, app: ASGIApp, port: int, on_visit: Callable[[], None]) -> None:
        self._app = app
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._cookie = f"tierbook-{port}"  # cookies do not know ports, so the name does
        self._on_visit = on_visit
        self._token = secrets.token_urlsafe(24)
        self._used = False
        self._session = secrets.token_urlsafe(32)
        self.address = f"http://127.0.0.1:{port}{_ENTRY}?token={self._token}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on one request."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":
            return None  # no page of ours opens a socket: it is closed unanswered

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        app = self._refusal(scope) or self._app
        if app is self._app:
            self._on_visit()
        await app(scope, receive, send_guarded)
        return None

    def _refusal(self, scope: Scope) -> Response | None:
        """Return the answer to a request that does not reach the page, or None."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return _forbidden("This address is not served here.")
        inside = self._has_cookie(headers)
        if scope["path"] == _ENTRY:
            return self._enter(scope, inside)
        if not inside:
            return _forbidden(
                "This page belongs to whoever started it. Use the address that `tierbook review` "
                "printed, or start it again."
            )
        if scope["method"] not in _READING and not _is_own(headers, hosts[0]):
            return _forbidden("Only the page itself may ask for that.")
        return None

    def _has_cookie(self, headers: Headers) -> bool:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return found is not None and _same(found.value, self._session)

    def _enter(self, scope: Scope, inside: bool) -> Response:
        """Exchange the one-time token for the cookie, and leave its address behind."""
        given = scope["query_string"].decode("latin-1").removeprefix("token=")
        fresh = not self._used and _same(given, self._token)
        if scope["method"] != "GET" or not (fresh or inside):
            return _forbidden(
                "This address was used already or is not whole. Start `tierbook review` again."
            )
        answer = RedirectResponse("/", status_code=303)
        if fresh:
            self._used = True
            answer.set_cookie(self._cookie, self._session, httponly=True, samesite="strict")
        return answer


def _is_own(headers: Headers, host: str) -> bool:
    name, value = _OWN_HEADER
    origins = headers.getlist("origin")
    return (
        origins == [f"http://{host}"]
        and headers.get(name) == value
        and headers.get("content-type", "").partition(";")[0].strip() == "application/json"
    )


def _same(given: str, kept: str) -> bool:
    return secrets.compare_digest(given.encode(), kept.encode())


def _forbidden(words: str) -> Response:
    return PlainTextResponse(f"{words}\n", status_code=403)
