"""Read what an engine noted of a picture: measured checks, or words."""

from collections.abc import Mapping

from tierbook.studio.checking import Check, from_json

_MEASURED = "checks"
# What was done to bring a picture to its placement's shape; noted whatever the engine.
_FINISH = "finish"
_WORST_FIRST = {"fail": 0, "warn": 1, "pass": 2}


def checks_of(notes: Mapping[str, str]) -> tuple[Check, ...]:
    """Return the checks among an attempt's notes, the worst first.

    The studio notes its measurements under "checks", and beside them only bookkeeping; what other
    engines note is words, each a reason to look.
    """
    measured = _measured(notes.get(_MEASURED, ""))
    worded = {
        name: words
        for name, words in notes.items()
        if words and (measured is None or name == _FINISH)
    }
    found = [*(measured or ()), *(Check(name, "warn", "", "", worded[name]) for name in worded)]
    return tuple(sorted(found, key=lambda check: _WORST_FIRST[check.verdict]))


def _measured(words: str) -> tuple[Check, ...] | None:
    try:
        return from_json(words)
    except (ValueError, TypeError):
        return None  # not the studio's list: words like any others
