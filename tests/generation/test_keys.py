"""Keys: where they are found, and that they never show."""

import logging
import pickle

import pytest

from tests.providers.provider import KEY
from tierbook import engines
from tierbook.engines import RemoteEngine
from tierbook.errors import EngineTrouble
from tierbook.generation.keys import Secret, base_url, find_key, readiness
from tierbook.generation.redaction import RedactedLogs, Redactor


def engine(name: str = "openai_images") -> RemoteEngine:
    found = engines.find(name)
    assert isinstance(found, RemoteEngine)
    return found


def test_a_secret_shows_itself_nowhere_by_accident():
    """Printing, formatting, listing and pickling give nothing away."""
    secret = Secret(KEY)
    for text in (repr(secret), str(secret), f"{secret}", f"{[secret]}", f"{secret!r:>40}"):
        assert KEY not in text
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert secret.reveal() == KEY
    assert secret == Secret(KEY)


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch):
    """A key in the environment is used as it is; without one there is none in a null store."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert find_key("OPENAI_API_KEY", {"OPENAI_API_KEY": f" {KEY}\n"}) == Secret(KEY)
    assert find_key("OPENAI_API_KEY", {"OPENAI_API_KEY": " "}) is None


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("https://gateway.example/v1/", "https://gateway.example/v1"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("", "https://api.openai.com/v1"),
        ("http://gateway.example/v1", None),
        ("http://127.0.0.1.evil.example/v1", None),
        ("https://key@gateway.example/v1", None),
        ("ftp://127.0.0.1/", None),
        ("gateway.example", None),
    ],
)
def test_an_address_is_https_or_on_this_machine(address: str, taken: str | None):
    """Anything else could read the key on its way."""
    environ = {"OPENAI_BASE_URL": address}
    if taken is None:
        with pytest.raises(EngineTrouble):
            base_url(engine(), environ)
    else:
        assert base_url(engine(), environ) == taken


def test_readiness_says_what_is_missing(monkeypatch: pytest.MonkeyPatch):
    """A missing key is named with the command that adds it; free engines are just ready."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert "tierbook key set openai_images" in readiness(engine(), {})
    assert readiness(engine(), {"OPENAI_API_KEY": KEY}) == ""
    assert readiness(engine("comfyui"), {}) == ""


@pytest.mark.parametrize(
    "text",
    [
        f"Incorrect API key provided: {KEY}",
        f"{{'Authorization': 'Bearer {KEY}'}}",
        "https://x.example/a.png?sig=sv2secretsecret&x=1",
        "https://x.example/a.png?X-Amz-Signature=sv2secretsecret",
        "authorization: Bearer sv2secretsecret",
        "[(b'x-api-key', b'sv2secretsecret')]",
        "{'x-goog-api-key': 'sv2secretsecret'}",
        "Authorization=Key sv2secretsecret",
    ],
)
def test_keys_and_signatures_are_taken_out(text: str):
    """Known keys wherever they stand, and whatever stands where keys and signatures do."""
    cleaned = Redactor([Secret(KEY)]).clean(text)
    assert KEY not in cleaned
    assert "sv2secretsecret" not in cleaned
    assert "***" in cleaned


def test_other_words_stay_as_they_are():
    """A refusal stays readable."""
    text = "The prompt asks for a key visual with a token of thanks; author: Ada."
    assert Redactor([Secret(KEY)]).clean(text) == text


def test_logs_of_the_http_library_are_cleaned(caplog: pytest.LogCaptureFixture):
    """Addresses with signatures, and headers at the most talkative level."""
    caplog.set_level(logging.DEBUG)
    with RedactedLogs(Redactor([Secret(KEY)])):
        logging.getLogger("httpx").info("GET %s", "https://x.example/?sig=sv2secret")
        logging.getLogger("httpcore.http11").debug("headers=[(b'Authorization', b'%s')]", KEY)
    assert "sv2secret" not in caplog.text
    assert KEY not in caplog.text
