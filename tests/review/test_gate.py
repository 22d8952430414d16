"""Who is let in: asked over plain connections, so that every header can be forged."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.review.gallery import Gallery, Running, serving


class Caller:
    """Sends exactly the headers it is told to."""

    def __init__(self, page: Running, gallery: Gallery) -> None:
        self.page = page
        self.gallery = gallery
        self.host = f"127.0.0.1:{page.port}"
        self.cookie = ""
        self.decision = f"/pictures/{gallery.made[0]}/decision"

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: str | None = None
    ) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.page.port, timeout=10)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            content = (body or "").encode()
            sent = {"Host": self.host, "Content-Length": str(len(content)), **(headers or {})}
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders(content)
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, told, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def enter(self) -> None:
        parts = urlsplit(self.page.address)
        status, told, _ = self.ask("GET", f"{parts.path}?{parts.query}")
        assert (status, told["location"]) == (303, "/")
        self.set_cookie = told["set-cookie"]
        self.cookie = self.set_cookie.partition(";")[0]

    def own(self, **changes: str) -> dict[str, str]:
        """Give the headers the page itself sends; `changes` with "" leave one out."""
        headers = {
            "Cookie": self.cookie,
            "Origin": f"http://{self.host}",
            "X-Tierbook": "review",
            "Content-Type": "application/json",
        }
        for name, value in changes.items():
            headers[name.replace("_", "-")] = value
        return {name: value for name, value in headers.items() if value}

    def decide(self, headers: dict[str, str], decision: str = "approve") -> int:
        return self.ask("POST", self.decision, headers, json.dumps({"decision": decision}))[0]


@pytest.fixture
def caller(tmp_path: Path) -> Iterator[Caller]:
    gallery = Gallery(tmp_path, rows=1)
    with serving(gallery) as page:
        yield Caller(page, gallery)


def test_the_page_itself_is_let_in(caller: Caller):
    """With cookie, Origin and header a decision is kept: the refusals below are not blanket."""
    caller.enter()
    assert caller.ask("GET", "/", {"Cookie": caller.cookie})[0] == 200
    assert caller.decide(caller.own()) == 200
    assert caller.gallery.decision(caller.gallery.made[0]) == ("approve", "")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "[::1]:80", ""]
)
def test_a_foreign_host_is_refused(caller: Caller, host: str):
    """A name that was rebound to loopback gets nothing, with the right cookie or the token."""
    caller.enter()
    for path in ("/", "/app.js", "/enter"):
        assert caller.ask("GET", path, {"Cookie": caller.cookie, "Host": host})[0] == 403
    headers = caller.own(Host=host, Origin=f"http://{host}")
    assert caller.decide({**headers, "Host": host}) == 403
    assert caller.gallery.decision(caller.gallery.made[0]) is None


def test_without_the_cookie_nothing_is_shown(caller: Caller):
    """Pages, images, scripts and actions need the cookie; a guessed or foreign one is none."""
    picture = f"/pictures/{caller.gallery.made[0]}"
    caller.enter()
    name = caller.cookie.partition("=")[0]
    for cookie in ("", f"{name}=guess", f"other={caller.cookie}", "\x01;=;;"):
        headers = {"Cookie": cookie} if cookie else {}
        for path in ("/", picture, f"{picture}/after/full", "/app.js", "/app.css", "/nowhere"):
            assert caller.ask("GET", path, headers)[0] == 403
        assert caller.decide(caller.own(Cookie=cookie)) == 403


def test_the_token_opens_once(caller: Caller):
    """No token, a wrong one or one already used gives no cookie; the first user stays inside."""
    for path in ("/enter", "/enter?token=", "/enter?token=guess"):
        status, told, _ = caller.ask("GET", path)
        assert status == 403
        assert "set-cookie" not in told
    caller.enter()
    parts = urlsplit(caller.page.address)
    again = f"{parts.path}?{parts.query}"
    status, told, _ = caller.ask("GET", again)
    assert status == 403
    assert "set-cookie" not in told
    status, told, _ = caller.ask("GET", again, {"Cookie": caller.cookie})
    assert (status, told["location"]) == (303, "/")


def test_the_cookie_is_out_of_reach(caller: Caller):
    """Scripts cannot read the cookie and other sites cannot send it; it dies with the browser."""
    caller.enter()
    attributes = {part.strip().lower() for part in caller.set_cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= attributes
    assert not any(one.startswith(("expires", "max-age", "domain")) for one in attributes)


@pytest.mark.parametrize(
    "changes",
    [
        {"Origin": ""},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"X_Tierbook": ""},
        {"X_Tierbook": "yes"},
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/x-www-form-urlencoded"},
    ],
)
def test_a_foreign_post_is_refused(caller: Caller, changes: dict[str, str]):
    """Each of Origin, header and content type alone stops a forged decision."""
    caller.enter()
    changed = caller.own()
    for name, value in changes.items():
        changed.pop(name.replace("_", "-"))
        if value:
            changed[name.replace("_", "-")] = value
    assert caller.decide(changed) == 403
    assert caller.gallery.decision(caller.gallery.made[0]) is None


def test_nobody_may_ask_across_origins(caller: Caller):
    """A preflight is refused and no answer carries a permission."""
    caller.enter()
    asked = {
        "Cookie": caller.cookie,
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-tierbook",
    }
    status, told, _ = caller.ask("OPTIONS", caller.decision, asked)
    assert status == 403
    assert not any(name.startswith("access-control") for name in told)


def test_every_answer_carries_the_guards(caller: Caller):
    """Pages, images, refusals and misses alike tell the browser to load and frame nothing else."""
    caller.enter()
    picture = f"/pictures/{caller.gallery.made[0]}"
    for path in ("/", picture, f"{picture}/after/small", "/app.js", "/nowhere", "/enter"):
        for cookie in (caller.cookie, ""):
            _, told, _ = caller.ask("GET", path, {"Cookie": cookie} if cookie else {})
            policy = told["content-security-policy"]
            assert policy.startswith("default-src 'self';")
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert told["x-content-type-options"] == "nosniff"
            assert told["referrer-policy"] == "no-referrer"
            assert "server" not in told


@pytest.mark.parametrize(
    "path", ["..%2f..%2fledger.sqlite", "%2e%2e", "images%2fpicture-0-1.png", "x'--", "%00"]
)
def test_no_address_names_a_file(caller: Caller, path: str):
    """Images go by the ledger's name: whatever else is asked for is not there."""
    caller.enter()
    for ending in ("after/full", "before/full", "after/small"):
        status, _, _ = caller.ask("GET", f"/pictures/{path}/{ending}", {"Cookie": caller.cookie})
        assert status == 404
    strange = f"/pictures/{caller.gallery.made[0]}/after/..%2f..%2fcatalog.xlsx"
    assert caller.ask("GET", strange, {"Cookie": caller.cookie})[0] == 404


@pytest.mark.parametrize("body", ["", "[]", "nonsense", '"approve"', "{" * 5000, "x" * 50_000])
def test_nonsense_is_answered_not_stumbled_over(caller: Caller, body: str):
    """A body that is no decision is refused in words, and the page lives on."""
    caller.enter()
    status, _, words = caller.ask("POST", caller.decision, caller.own(), body)
    assert status in (400, 413)
    assert json.loads(words)["message"]
    assert caller.ask("GET", "/", {"Cookie": caller.cookie})[0] == 200


def test_what_cannot_be_done_is_told_in_words(caller: Caller):
    """An unknown decision, picture or offer is a sentence with what to do, never a traceback."""
    caller.enter()
    own = caller.own()
    made = caller.gallery.made[0]
    for path, body, expected in (
        (caller.decision, {"decision": "burn"}, 409),
        (caller.decision, {"decision": "reject"}, 409),
        (caller.decision, {"decision": "reject", "reason": "because"}, 409),
        (caller.decision, {"decision": "redo"}, 400),
        ("/pictures/none/decision", {"decision": "approve"}, 404),
        (f"/pictures/{made}/undo", {}, 409),
        (f"/pictures/{made}/redo", {"token": "guess"}, 409),
    ):
        status, _, words = caller.ask("POST", path, own, json.dumps(body))
        assert (path, status) == (path, expected)
        assert len(json.loads(words)["message"]) > 20
    assert caller.gallery.decision(made) is None
