"""One contract for every engine: what its own examples say of the provider's wire format."""

import pytest

from tierbook import engines
from tierbook.engines.examples import PHOTO, example_order
from tierbook.engines.remote import is_loopback
from tierbook.engines.wire import (
    Exchange,
    Failed,
    HttpReply,
    LocalEngine,
    ReadyBytes,
    RemoteEngine,
    Throttled,
)

ALL = engines.discover()
REMOTE = {name: engine for name, engine in ALL.items() if isinstance(engine, RemoteEngine)}
LOCAL = {name: engine for name, engine in ALL.items() if isinstance(engine, LocalEngine)}
EXCHANGES = [
    pytest.param(engine, exchange, id=f"{name}: {exchange.name}")
    for name, engine in REMOTE.items()
    for exchange in engine.examples()
]


def test_engines_are_found_by_listing_the_folder():
    """Each first-wave engine is discovered, under the name of its file."""
    assert {
        "openai_images",
        "gemini",
        "fal_queue",
        "bfl",
        "photoroom",
        "replicate",
        "openrouter",
        "comfyui",
        "placeholder",
    } <= set(ALL)
    assert all(engine.name == name for name, engine in ALL.items())


@pytest.mark.parametrize("name", ["wire", "replies", "examples", "nothing", "../keys", ""])
def test_what_is_no_engine_is_not_found(name: str):
    """Modules beside the engines, and names that are no module, are not engines."""
    assert engines.find(name) is None


@pytest.mark.parametrize(("engine", "exchange"), EXCHANGES)
def test_an_engine_speaks_its_providers_wire_format(engine: RemoteEngine, exchange: Exchange):
    """The order becomes exactly the request, and the reply exactly the outcome, of the example."""
    base = engine.default_base_url
    match exchange.step:
        case "submit":
            assert engine.submit(exchange.order, base) == exchange.request
            assert engine.read_submit(exchange.order, exchange.reply) == exchange.outcome
        case "poll":
            assert exchange.job is not None
            assert engine.poll(exchange.job, base) == exchange.request
            assert engine.read_poll(exchange.job, exchange.reply) == exchange.outcome
        case "find":
            assert exchange.trace is not None
            assert engine.find(exchange.trace, base) == exchange.request
            assert engine.read_find(exchange.trace, exchange.reply) == exchange.outcome


@pytest.mark.parametrize("name", sorted(REMOTE))
def test_every_engine_carries_a_success_and_a_failure(name: str):
    """Examples that only succeed would hold nothing to the money rules."""
    outcomes = [type(exchange.outcome).__name__ for exchange in REMOTE[name].examples()]
    assert {"ReadyBytes", "ReadyAt"} & set(outcomes)
    assert {"Failed", "Throttled", "Refused"} & set(outcomes)


def ordered(engine: RemoteEngine):
    source = None if engine.capabilities.input_image == "none" else PHOTO
    return example_order("segment" if engine.name == "photoroom" else "model", source=source)


@pytest.mark.parametrize("name", sorted(REMOTE))
@pytest.mark.parametrize("status", [500, 502, 503, 504, 524, 409, 408, 302])
def test_a_status_that_may_hide_a_charge_leaves_it_open(name: str, status: int):
    """No engine may call a server error uncharged, unless its provider never charges."""
    engine = REMOTE[name]
    outcome = engine.read_submit(ordered(engine), HttpReply(status, {}, b"<html>oops</html>"))
    assert isinstance(outcome, Failed)
    assert outcome.charged is (False if engine.capabilities.charges_on == "never" else None)


@pytest.mark.parametrize("name", sorted(REMOTE))
@pytest.mark.parametrize("status", [401, 402, 403])
def test_a_key_or_credit_trouble_stops_the_engine_uncharged(name: str, status: int):
    """Trouble of the account is nobody's picture: it costs nothing and stops the engine."""
    engine = REMOTE[name]
    if not engine.key_variable:
        pytest.skip("has no account")
    outcome = engine.read_submit(ordered(engine), HttpReply(status, {}, b"{}"))
    assert isinstance(outcome, Failed)
    assert (outcome.charged, outcome.scope) == (False, "engine")


@pytest.mark.parametrize("name", sorted(REMOTE))
def test_a_rate_limit_is_provably_not_accepted(name: str):
    """Status 429 means the request may be sent again, after a while."""
    engine = REMOTE[name]
    assert isinstance(engine.read_submit(ordered(engine), HttpReply(429, {}, b"")), Throttled)


@pytest.mark.parametrize("name", sorted(REMOTE))
@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"x"', b"{}", b"\xff\xfe", b"[" * 9999])
def test_an_answer_that_makes_no_sense_never_counts_as_free(name: str, body: bytes):
    """A 200 that cannot be read is charged or open, never free, and never a crash."""
    engine = REMOTE[name]
    reply = HttpReply(200, {}, body, f"{engine.default_base_url}/x")
    outcome = engine.read_submit(ordered(engine), reply)
    if engine.capabilities.charges_on == "never" or isinstance(outcome, ReadyBytes):
        return  # nothing to pay, or the body is the picture and is looked at later
    assert isinstance(outcome, Failed)
    assert outcome.charged is not False


@pytest.mark.parametrize("name", sorted(REMOTE))
def test_the_key_stays_with_the_provider(name: str):
    """A look-alike host, another port and plain http do not get the key."""
    engine = REMOTE[name]
    base = engine.default_base_url
    assert engine.trusts(f"{base}/anything", base)
    for url in (
        "https://evil.example/v1",
        f"https://{base.split('//')[1].split('/')[0]}.evil.example/v1",
        "http://169.254.169.254/",
        f"{base.split('//')[0]}//user@evil.example/{base.split('//')[1]}",
    ):
        assert not engine.trusts(url, base), url
    if not is_loopback(base):
        assert not engine.trusts(base.replace("https://", "http://"), base)
    local = "http://127.0.0.1:9001/v1"
    assert engine.trusts("http://127.0.0.1:9001/other", local)
    assert not engine.trusts("http://127.0.0.1:9002/other", local)
    assert not engine.trusts(f"{engine.default_base_url}/x", local) or is_loopback(base)


@pytest.mark.parametrize("name", sorted(REMOTE))
def test_default_addresses_are_encrypted_or_on_this_machine(name: str):
    """A key never leaves the machine in the clear."""
    base = REMOTE[name].default_base_url
    assert base.startswith("https://") or is_loopback(base)


def test_the_key_never_shows_in_a_request():
    """Orders know no key, so requests cannot carry one before `authorize`."""
    for engine in REMOTE.values():
        for exchange in engine.examples():
            assert "authorization" not in {name.lower() for name in exchange.request.headers}
