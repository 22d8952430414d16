"""Read what an engine noted of a picture: measured checks, or words."""

from collections.abc import Mapping

from tierbook.studio.checking import Check, from_json

_MEASURED = "checks"
_WORST_FIRST = {"fail": 0, "warn": 1, "pass": 2}


def checks_of(notes: Mapping[str, str]) -> tuple[Check, ...]:
    """Return the checks among an attempt's notes, the worst first.

    The studio notes its measurements under "checks"; what other engines note is words, each a
    reason to look.
    """
    found: list[Check] = []
    for name, words in notes.items():
        measured = _measured(words) if name == _MEASURED else None
        if measured is not None:
            found += measured
        elif words:
            found.append(Check(name, "warn", "", "", words))
    return tuple(sorted(found, key=lambda check: _WORST_FIRST[check.verdict]))


def _measured(words: str) -> tuple[Check, ...] | None:
    try:
        return from_json(words)
    except (ValueError, TypeError):
        return None  # not the studio's list: words like any others
