"""What each failure of the network means for money, and what pictures may be fetched from."""

import asyncio
import inspect
from ipaddress import ip_address

import httpx
import pytest

from tierbook.engines.wire import HttpRequest
from tierbook.generation import http
from tierbook.generation.addresses import Forbidden, is_public, pin
from tierbook.generation.http import Courier, MaybeSent, NotSent, ReplyBroken, outcome_of


def foreign_exceptions() -> list[type[Exception]]:
    return [
        value
        for value in vars(httpx).values()
        if inspect.isclass(value) and issubclass(value, Exception)
    ]


@pytest.mark.parametrize("foreign", foreign_exceptions(), ids=lambda kind: kind.__name__)
def test_every_exception_of_the_library_is_decided_by_name(foreign: type[Exception]):
    """A class the library adds must be put in the table before it can reach the runner."""
    assert foreign in [kind for kind, _ in http.OUTCOMES]


@pytest.mark.parametrize("foreign", foreign_exceptions(), ids=lambda kind: kind.__name__)
def test_only_failures_before_sending_count_as_not_sent(foreign: type[Exception]):
    """Of the network's failures, connecting alone is known to come before the first byte."""
    before = {
        "ConnectError",
        "ConnectTimeout",
        "PoolTimeout",
        "ProxyError",
        "UnsupportedProtocol",
        "InvalidURL",
        "CookieConflict",
    }
    error = foreign.__new__(foreign)
    Exception.__init__(error, "words")
    assert isinstance(outcome_of(error), NotSent) == (foreign.__name__ in before)


def test_an_unknown_exception_may_have_been_sent():
    """What nobody thought of is taken for the dearest case."""
    assert isinstance(outcome_of(RuntimeError("?")), MaybeSent)


async def _serve(answer: bytes, *, reset: bool = False, wait: float = 0.0):
    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(wait)
        writer.write(answer)
        if reset:
            writer.transport.abort()
        else:
            await writer.drain()
            writer.close()

    server = await asyncio.start_server(reply, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def _post(answer: bytes, *, reset: bool = False, wait: float = 0.0, read: float = 5.0):
    async def run():
        server, url = await _serve(answer, reset=reset, wait=wait)
        async with server, Courier() as courier:
            return await courier.send(HttpRequest("POST", url, json={}), {}, read)

    return asyncio.run(run())


def test_a_refused_connection_was_not_sent():
    """Nobody listens on the port, so nothing can have been charged."""

    async def run():
        server, url = await _serve(b"")
        server.close()
        await server.wait_closed()
        async with Courier() as courier:
            await courier.send(HttpRequest("POST", url, json={}), {}, 5.0)

    with pytest.raises(NotSent):
        asyncio.run(run())


def test_a_reset_after_sending_may_have_been_charged():
    """The connection breaks without an answer: nobody knows."""
    with pytest.raises(MaybeSent):
        _post(b"", reset=True)


def test_silence_may_have_been_charged():
    """The read timeout runs out: nobody knows."""
    with pytest.raises(MaybeSent):
        _post(b"", wait=2.0, read=0.2)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
    ],
)
def test_half_a_body_is_a_broken_reply(answer: bytes):
    """The provider answered, so it may have charged, but the answer cannot be read."""
    with pytest.raises(ReplyBroken):
        _post(answer)


def test_garbage_instead_of_http_may_have_been_charged():
    """An answer that is no HTTP tells nothing."""
    with pytest.raises(MaybeSent):
        _post(b"\x00\x01\x02 hello\r\n\r\n")


def test_a_redirect_is_handed_back_not_followed():
    """A key must not follow a redirect."""
    reply = _post(b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
    assert reply.status == 307


PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "192.168.0.1",
    "172.16.9.9",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - an address to refuse, not one to bind
    "224.0.0.1",
    "::1",
    "fe80::1",
    "fc00::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "::",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_not_public(address: str):
    """Loopback, private, link-local, shared and disguised addresses are all refused."""
    assert not is_public(ip_address(address))
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(Forbidden):
        asyncio.run(pin(f"https://{host}/x.png"))


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.216.34/x.png",
        "https://93.184.216.34:8443/x.png",
        "https://user@93.184.216.34/x.png",
        "ftp://93.184.216.34/x.png",
        "file:///etc/passwd",
        "https:///x.png",
        "https://93.184.216.34:99999/",
        "not an address",
        "https://localhost/x.png",
        "https://2130706433/x.png",
        "https://0x7f.1/x.png",
    ],
)
def test_only_plain_https_addresses_are_fetched(url: str):
    """Other schemes, ports, user names and numbers in disguise are refused."""
    with pytest.raises(Forbidden):
        asyncio.run(pin(url))


def test_a_public_address_is_pinned():
    """The connection goes to the address that was checked, and names the host it was for."""
    pinned = asyncio.run(pin("https://93.184.216.34/a/b.png?sig=1#x"))
    assert pinned.url == "https://93.184.216.34/a/b.png?sig=1"
    assert pinned.host_header == "93.184.216.34"


def test_this_machine_is_reachable_only_when_allowed():
    """Local servers serve results over http; a sheet cannot name them."""
    assert asyncio.run(pin("http://127.0.0.1:8188/view", allow_loopback=True)).host == "127.0.0.1"
    with pytest.raises(Forbidden):
        asyncio.run(pin("http://10.0.0.1/view", allow_loopback=True))


def _fetch(answer: bytes) -> bytes:
    async def run() -> bytes:
        server, url = await _serve(answer)
        async with server, Courier() as courier:
            return await courier.fetch(f"{url}/x.png", allow_loopback=True)

    return asyncio.run(run())


def test_a_picture_is_fetched():
    """The body comes back as it was sent."""
    assert _fetch(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc") == b"abc"


@pytest.mark.parametrize(
    "location",
    ["http://169.254.169.254/latest/meta-data", "https://10.0.0.1/", "file:///etc/passwd", "//["],
)
def test_a_redirect_to_the_inside_is_refused(location: str):
    """Every hop is checked like the first address."""
    answer = f"HTTP/1.1 302 X\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    with pytest.raises(http.NotFetched) as refused:
        _fetch(answer)
    assert refused.value.final


def test_redirects_end():
    """An address that leads to itself is left after three turns."""
    with pytest.raises(http.NotFetched, match="without end"):
        _fetch(b"HTTP/1.1 302 X\r\nLocation: /x.png\r\nContent-Length: 0\r\n\r\n")


def test_a_decompression_bomb_is_stopped():
    """Thirty megabytes of zeros in thirty kilobytes of gzip are counted as they unfold."""
    import gzip

    bomb = gzip.compress(bytes(30_000_000))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    with pytest.raises(http.NotFetched, match="larger than 25 MB"):
        _fetch(head.encode() + bomb)


@pytest.mark.parametrize(("status", "gone"), [(403, True), (404, True), (410, True), (500, False)])
def test_a_dead_address_is_told_from_a_tired_one(status: int, gone: bool):
    """Gone means asking the provider for a new address; anything else means trying again."""
    with pytest.raises(http.NotFetched) as failed:
        _fetch(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())
    assert failed.value.gone == gone
