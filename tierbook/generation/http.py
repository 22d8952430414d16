"""Send requests and fetch pictures; the only place that knows the HTTP library.

Every failure becomes one of three: it was provably not sent, it may have been sent, or the reply
broke. Nothing is retried here, and no redirect is followed with a key in hand.
"""

import asyncio
import ssl
import sys
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from types import TracebackType
from typing import Any, Self

import httpx

from tierbook.engines.remote import is_loopback
from tierbook.engines.wire import HttpReply, HttpRequest
from tierbook.generation.addresses import Forbidden, pin
from tierbook.generation.images import MOST_PICTURE_BYTES

# The library below httpx looks for this package anew with every connection, which costs more than
# the rest of the request where it is not installed; told once, it asks no more.
if find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]

CONNECT_SECONDS = 10.0
WRITE_SECONDS = 120.0
PICTURE_READ_SECONDS = 60.0
PICTURE_TOTAL_SECONDS = 180.0
# A picture of the permitted size in base64, and room for what surrounds it.
MOST_REPLY_BYTES = 60_000_000
_MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class NotSent(Exception):
    """No byte of the request reached the provider: sending it again is safe."""


class MaybeSent(Exception):
    """The provider may have received the request, and may charge for it."""


class ReplyBroken(Exception):
    """The provider answered, and the answer cannot be read."""


class NotFetched(Exception):
    """A picture was not fetched; `gone` tells that its address has died."""

    def __init__(self, reason: str, *, gone: bool = False, final: bool = False) -> None:
        super().__init__(reason)
        self.gone = gone
        self.final = final


# Foreign exceptions, most particular first. A test fails when the library grows a class that is
# not decided here by name.
OUTCOMES: tuple[tuple[type[Exception], type[Exception]], ...] = (
    (httpx.InvalidURL, NotSent),
    (httpx.CookieConflict, NotSent),
    (httpx.UnsupportedProtocol, NotSent),
    (httpx.ConnectTimeout, NotSent),
    (httpx.PoolTimeout, NotSent),
    (httpx.ConnectError, NotSent),
    # The proxy would not open the tunnel, so nothing passed through it.
    (httpx.ProxyError, NotSent),
    (httpx.ReadTimeout, MaybeSent),
    (httpx.WriteTimeout, MaybeSent),
    (httpx.TimeoutException, MaybeSent),
    (httpx.ReadError, MaybeSent),
    (httpx.WriteError, MaybeSent),
    (httpx.CloseError, MaybeSent),
    (httpx.NetworkError, MaybeSent),
    # Our own side of the protocol may break half-way through a body.
    (httpx.LocalProtocolError, MaybeSent),
    (httpx.RemoteProtocolError, MaybeSent),
    (httpx.ProtocolError, MaybeSent),
    (httpx.TransportError, MaybeSent),
    (httpx.DecodingError, ReplyBroken),
    (httpx.TooManyRedirects, ReplyBroken),
    (httpx.HTTPStatusError, ReplyBroken),
    (httpx.StreamConsumed, ReplyBroken),
    (httpx.StreamClosed, ReplyBroken),
    (httpx.ResponseNotRead, ReplyBroken),
    (httpx.RequestNotRead, MaybeSent),
    (httpx.StreamError, ReplyBroken),
    (httpx.RequestError, MaybeSent),
    (httpx.HTTPError, MaybeSent),
)


def outcome_of(error: Exception) -> Exception:
    """Turn one of the library's exceptions into one of ours; what is unknown may have been sent."""
    for foreign, ours in OUTCOMES:
        if isinstance(error, foreign):
            return ours(_words(error))
    return MaybeSent(_words(error))


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


@cache
def trusted_authorities() -> ssl.SSLContext:
    """Load the certificate authorities, once a process: it takes longer than a picture's row."""
    return httpx.create_ssl_context()


class Courier:
    """The connections of one run: to providers, to this machine, and to where pictures lie."""

    def __init__(self) -> None:
        trust = trusted_authorities()
        # Unlimited, since the runner bounds what is in flight; the library's own pool would turn
        # waiting in line into a timeout.
        fresh = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        kept = httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=4)
        # Requests that may be charged never reuse a connection: one that the provider closes
        # while it is picked up again would leave a charge in doubt for nothing.
        self._paid = httpx.AsyncClient(verify=trust, limits=fresh)
        self._asking = httpx.AsyncClient(verify=trust, limits=kept)
        # Behind a proxy the checked address would not be the one connected to, and a proxy has no
        # business with servers on this machine: the environment has no say here.
        self._direct = httpx.AsyncClient(verify=trust, limits=fresh, trust_env=False)

    async def __aenter__(self) -> Self:
        """Open nothing yet; connections open with the first request."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every connection."""
        for client in (self._paid, self._asking, self._direct):
            await client.aclose()

    async def send(
        self, request: HttpRequest, key_headers: Mapping[str, str], read_timeout: float
    ) -> HttpReply:
        """Send one request, once, and read its reply whole.

        Raises:
            NotSent, MaybeSent, ReplyBroken: See each; nothing else, whatever happens.
        """
        client = self._asking if request.method == "GET" else self._paid
        if is_loopback(request.url):
            client = self._direct
        timeout = httpx.Timeout(
            connect=CONNECT_SECONDS, read=read_timeout, write=WRITE_SECONDS, pool=None
        )
        try:
            built = client.build_request(
                request.method,
                request.url,
                headers={**request.headers, **key_headers},
                timeout=timeout,
                **_body(request),
            )
        except Exception as error:
            raise NotSent(_words(error)) from None
        try:
            # A reply that drips byte by byte passes every read timeout; this it does not pass.
            async with asyncio.timeout(CONNECT_SECONDS + WRITE_SECONDS + 2 * read_timeout):
                response = await client.send(built, stream=True, follow_redirects=False)
        except TimeoutError:
            raise MaybeSent("no answer in time") from None
        except Exception as error:
            raise outcome_of(error) from None
        try:
            async with asyncio.timeout(2 * read_timeout):
                content = await _read(response, MOST_REPLY_BYTES)
        except TimeoutError:
            raise ReplyBroken("the answer did not end in time") from None
        except Exception as error:
            raise ReplyBroken(_words(error)) from None
        finally:
            await response.aclose()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpReply(response.status_code, headers, content, request.url)

    async def fetch(self, url: str, *, allow_loopback: bool = False) -> bytes:
        """Fetch a picture from a public https address, without any key.

        Raises:
            NotFetched: With words, and whether another try can help.
        """
        try:
            async with asyncio.timeout(PICTURE_TOTAL_SECONDS):
                for _ in range(_MOST_REDIRECTS + 1):
                    content, further = await self._fetch_once(url, allow_loopback)
                    if further is None:
                        return content
                    url = further
        except TimeoutError:
            raise NotFetched("it did not arrive in time") from None
        except Forbidden as error:
            raise NotFetched(str(error), final=True) from None
        raise NotFetched("it leads from one address to the next without end", final=True)

    async def _fetch_once(self, url: str, allow_loopback: bool) -> tuple[bytes, str | None]:
        target = await pin(url, allow_loopback=allow_loopback)
        timeout = httpx.Timeout(
            connect=CONNECT_SECONDS, read=PICTURE_READ_SECONDS, write=WRITE_SECONDS, pool=None
        )
        try:
            request = self._direct.build_request(
                "GET",
                target.url,
                headers={
                    "Host": target.host_header,
                    "Accept": "image/png, image/jpeg, image/webp",
                    "Accept-Encoding": "identity",
                },
                timeout=timeout,
                extensions={"sni_hostname": target.host},
            )
            response = await self._direct.send(request, stream=True, follow_redirects=False)
        except Exception as error:
            raise NotFetched(_words(error)) from None
        try:
            if response.status_code in _REDIRECTS and "location" in response.headers:
                return b"", str(httpx.URL(url).join(response.headers["location"]))
            _check_status(response.status_code)
            return await _read(response, MOST_PICTURE_BYTES), None
        except (NotFetched, TimeoutError):
            raise
        except httpx.InvalidURL:
            raise NotFetched("it leads to an address that is not valid", final=True) from None
        except _TooLarge:
            size = f"{MOST_PICTURE_BYTES // 1_000_000} MB"
            raise NotFetched(f"it is larger than {size}", final=True) from None
        except Exception as error:
            raise NotFetched(_words(error)) from None
        finally:
            await response.aclose()


class _TooLarge(Exception):
    pass


async def _read(response: httpx.Response, most: int) -> bytes:
    """Read a body, counting after decompression, so that a bomb is stopped while it unfolds."""
    content = bytearray()
    async for piece in response.aiter_bytes(65_536):
        content += piece
        if len(content) > most:
            raise _TooLarge(f"the answer is larger than {most} bytes")
    return bytes(content)


def _check_status(status: int) -> None:
    if status in (403, 404, 410):
        raise NotFetched(f"its address answers with status {status}", gone=True)
    if status != 200:
        final = 400 <= status < 500 and status not in (408, 425, 429)
        raise NotFetched(f"its address answers with status {status}", final=final)


def _body(request: HttpRequest) -> dict[str, Any]:
    if request.json is not None:
        return {"json": request.json}
    if request.files or request.form:
        return {"data": dict(request.form), "files": list(request.files)}
    return {}
