"""Read what providers answer: JSON, pictures in base64, and what a status code means for money."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any, cast

from tierbook.engines.wire import Failed, HttpReply, Outcome, Throttled

# These were answered without work: the provider looked at the request and declined it.
_NOT_CHARGED = frozenset({400, 401, 402, 403, 404, 405, 411, 413, 414, 415, 422, 431})
_OF_THE_ENGINE = {
    401: "did not accept the key",
    402: "says the account has no credit left",
    403: "says this account may not do this",
    404: "does not know this model or address",
}
_LONGEST_REASON = 300
_SPACES = re.compile(r"\s+")


def json_object(reply: HttpReply) -> dict[str, Any]:
    """Read the body as a JSON object; anything else is an empty one."""
    try:
        content: object = json.loads(reply.content)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", content) if isinstance(content, dict) else {}


def at(content: object, *path: str | int) -> Any:
    """Walk into nested JSON; None where a step is missing or of another kind."""
    for step in path:
        if isinstance(step, str) and isinstance(content, Mapping):
            content = cast("Mapping[str, object]", content).get(step)
        elif isinstance(step, int) and isinstance(content, list):
            items = cast("list[object]", content)
            content = items[step] if -len(items) <= step < len(items) else None
        else:
            return None
    return content


def object_at(content: object, *path: str | int) -> dict[str, Any]:
    """Walk into nested JSON for an object; an empty one where there is none."""
    found = at(content, *path)
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def list_at(content: object, *path: str | int) -> list[Any]:
    """Walk into nested JSON for a list; an empty one where there is none."""
    found = at(content, *path)
    return cast("list[Any]", found) if isinstance(found, list) else []


def text_at(content: object, *path: str | int) -> str:
    """Walk into nested JSON for a text; "" where there is none."""
    found = at(content, *path)
    return found if isinstance(found, str) else ""


def whole_at(content: object, *path: str | int) -> int:
    """Walk into nested JSON for a count; 0 where there is none."""
    found = at(content, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else 0


def picture_of(encoded: str) -> bytes | None:
    """Decode a picture in base64, with or without a `data:` prefix; None where it is not one."""
    _, comma, rest = encoded.partition(",") if encoded.startswith("data:") else ("", "", "")
    try:
        return base64.b64decode(rest if comma else encoded, validate=True) or None
    except (binascii.Error, ValueError):
        return None


def encoded(content: bytes) -> str:
    """Encode a picture in base64."""
    return base64.b64encode(content).decode("ascii")


def data_url(content: bytes, media_type: str) -> str:
    """Spell a picture as a `data:` address."""
    return f"data:{media_type};base64,{encoded(content)}"


def short(reason: str) -> str:
    """Cut a provider's words to one line a cell can hold."""
    line = _SPACES.sub(" ", reason).strip()
    return line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 1] + "…"


def failure(reply: HttpReply, provider: str, reason: str = "") -> Outcome:
    """Say what a reply without a picture means, by its status alone.

    A status that is not known to be free of charge leaves the charge open (`charged` None).
    """
    status = reply.status
    words = short(reason) or f"answered with status {status}"
    if status == 429:
        return Throttled(reason=f"{provider}: {words}")
    said = f"{provider} {_OF_THE_ENGINE[status]}" if status in _OF_THE_ENGINE else provider
    return Failed(
        f"{said}: {words}",
        charged=False if status in _NOT_CHARGED else None,
        scope="engine" if status in _OF_THE_ENGINE else "picture",
    )
