"""The grammar of a rubric cell: read it with `parse`, write it back with `spell`.

    blank  -  any              anything, blank too
    white, solid               one of these words
    not scene    not(a, b)     a value that is none of these
    >= 5000   < 3, > 7         comparisons, also in lists
    100 to 5000   [1..5)  ]1..5]   ranges, closed or open
    yes  no  true  false       yes and no
    2026-11-01 to 2026-12-24   days, alone, compared or as a range; also date("2026-11-01")
    "Home, garden"             quotes where the text holds a comma or would mean something else

Formulas and FEEL's other functions are refused with what to type instead.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from tierbook.contract import ANY_CELLS
from tierbook.errors import RubricError
from tierbook.routing.terms import (
    AnyOf,
    Anything,
    Day,
    Item,
    Literal,
    NoneOf,
    Number,
    Test,
    Within,
    Word,
    YesNo,
    day_in,
    fold,
    known,
    number_in,
    yes_no_in,
)


class UnreadableCell(RubricError):
    """A cell of the rubric cannot be read; the caller knows its address."""

    code = "unreadable-cell"


_QUOTE_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"'})
# Signs of a phone, and full-width forms, which all stand equally far behind their plain ones.
_SIGNS = {"≥": ">=", "≤": "<=", "≠": "!="} | {chr(ord(c) + 0xFEE0): c for c in "0123456789<>=,.-%"}
_COMPARISON = re.compile(r"(<=|>=|!=|<>|<|>|=)\s*(.*)", re.DOTALL)
_BRACKETED = re.compile(r"([\[(\]])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])\[])", re.DOTALL)
_TO = re.compile(r"(.+?)\s+to\s+(.+)", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|""|\\.)*)"', re.DOTALL)
# Read from left to right, so that what stands in quotes is left as it is.
_SPELLINGS = re.compile(
    _QUOTED.pattern
    + r"""|\bdate\s*\(\s*"([-0-9]+)"\s*\)|@"([-0-9]+)\""""
    + r"""|\bdate\s*\(\s*([0-9]{4})\s*,\s*([0-9]{1,2})\s*,\s*([0-9]{1,2})\s*\)"""
    + f"|[{''.join(_SIGNS)}]",
    re.DOTALL,
)
# Quoted text and DMN ranges such as (1..5] close by their own rules.
_CLOSED = re.compile(_QUOTED.pattern + r"|[\[(\]][^,\[\]()]*\.\.[^,\[\]()]*[\])\[]")
_NOT_LIST = re.compile(r"not\s*\((.*)\)", re.IGNORECASE | re.DOTALL)
_NOT = re.compile(r"not\s+(.+)", re.IGNORECASE | re.DOTALL)
_GROUPED = re.compile(r"(?<![\w.,])[0-9]{1,3}(?:,[0-9]{3})+(?![\w,])")
_BEFORE_ONE_NUMBER = re.compile(r"(?:[<>=$€£]|\.\.|\bto)\s*$", re.IGNORECASE)
_AFTER_ONE_NUMBER = re.compile(r"(?:\.[0-9]+)?\s*(?:\.\.|to\b)", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[<>=$€£]\s*-?[0-9]+,[0-9]")

# What people type that looks like text but was meant to compute: pattern, what is wrong, the fix.
_MISTAKES: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"\w\("),
        "holds a formula or a function",
        "a cell takes words, numbers, dates, ranges and not(...); quote it if it is plain text",
    ),
    (
        re.compile(r"^\?|^\$?[A-Z]{1,3}\$?[0-9]+\s*(?:[-+*/:]|$)(?=.*\d)"),
        "holds a formula",
        "type the value itself, or put it in quotes if it is plain text",
    ),
    (
        re.compile(r"^[$€£]?[0-9.]+\s*[-–~～〜]\s*[$€£]?[0-9.]+$"),
        "could be a range or a text",
        'type it as a range, for example `5 to 10`, or in quotes, for example `"5-10"`',
    ),
    (
        re.compile(r"^[0-9]{1,4}[./][0-9]{1,2}[./][0-9]{1,4}$|^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$"),
        "holds a date that can be read two ways, or that does not exist",
        "type the date as year-month-day, for example 2026-11-27",
    ),
    (
        re.compile(r"^[$€£]?[0-9.,]+\s*[*/+]\s*[0-9.,(]"),
        "holds a calculation",
        "type the result, or put it in quotes if it is plain text",
    ),
    (
        re.compile(r"^[$€£]?[0-9.,]+\s*\+$"),
        "holds a number with a plus sign",
        "type `>= ` and the number, for example `>= 5000`",
    ),
    (
        re.compile(r"[;；、،]"),
        "separates words with another sign than a comma",
        "separate them with commas",
    ),
    (re.compile(r"^\*+$"), "holds a star", "leave the cell blank for anything"),
    (
        re.compile(r"\S\s+or\s+\S", re.IGNORECASE),
        'holds the word "or"',
        "separate the choices with commas, or put the text in quotes if it is one name",
    ),
    (
        re.compile(r"[<>]|^\["),
        "holds a comparison that cannot be read",
        "type the sign first, for example `>= 5`, or a range such as `5 to 10`",
    ),
)


def parse(cell: Any) -> Test:
    """Read one rubric cell.

    Args:
        cell: None, text, a number, yes/no or a date, as it stands in the sheet or a DataFrame.

    Raises:
        UnreadableCell: It is none of the forms above; `fix` says what to type.
    """
    if cell is None:
        return Anything()
    if not isinstance(cell, str):
        return _typed(cell)
    text = _SPELLINGS.sub(_plain_spelling, cell.translate(_QUOTE_MARKS)).strip()
    if fold(text) in ANY_CELLS:
        return Anything()
    text = _join_thousands(text)
    inner = _negated(text)
    if inner is not None:
        return NoneOf(tuple(_items(inner, cell)))
    different = _COMPARISON.fullmatch(text)
    if different and different[1] in ("!=", "<>") and len(list(_split(text))) == 1:
        return NoneOf((_literal(different[2], cell),))
    return AnyOf(tuple(_items(text, cell)))


def _plain_spelling(found: re.Match[str]) -> str:
    """Write a sign or one of DMN's spellings of a day in the plain way; keep what is in quotes."""
    _, feel, at, year, month, day = found.groups()
    if year:
        return f"{year}-{month:0>2}-{day:0>2}"
    return feel or at or _SIGNS.get(found[0], found[0])


def _typed(cell: Any) -> Test:
    value = known(cell)
    if value is None:
        return Anything()
    if isinstance(value, bool):
        return AnyOf((YesNo(value),))
    if isinstance(value, Decimal):
        if value.is_infinite():
            raise _unreadable(cell, "is not a number", "type a number")
        return AnyOf((Number(value),))
    if isinstance(value, str):
        raise _unreadable(cell, "is not text, a number, yes or no, or a date", "type it as text")
    if isinstance(cell, datetime) and cell.time().replace(tzinfo=None) != datetime.min.time():
        raise _unreadable(cell, "holds a time of day", "type the date alone")
    return AnyOf((Day(value),))


def _unreadable(cell: object, what: str, fix: str) -> UnreadableCell:
    return UnreadableCell(f'"{cell}" {what}.', fix=f"{fix}.")


def _join_thousands(text: str) -> str:
    """Read `>= 5,000` as 5000 where a comma can only group digits, and refuse where it may not."""
    if "," not in text or '"' in text:
        return text
    for found in reversed(list(_GROUPED.finditer(text))):
        single = (
            _BEFORE_ONE_NUMBER.search(text[: found.start()])
            or _AFTER_ONE_NUMBER.match(text[found.end() :])
            or ",0" in found[0]
        )
        if not single:
            raise _unreadable(
                text,
                "could be one number or a list",
                f"type {found[0].replace(',', '')}, or {found[0].replace(',', ', ')} for a list",
            )
        text = text[: found.start()] + found[0].replace(",", "") + text[found.end() :]
    if _DECIMAL_COMMA.search(text):
        raise _unreadable(
            text,
            "holds a comma inside or behind a number",
            "write decimals with a point, for example 0.5, and a space after a comma in a list",
        )
    return text


def _negated(text: str) -> str | None:
    """Return what follows `not`, or None where the cell does not negate."""
    listed = _NOT_LIST.fullmatch(text)
    if listed and _balanced(listed[1]):
        return listed[1].strip()
    plain = _NOT.fullmatch(text)
    return plain[1].strip() if plain else None


def _balanced(text: str) -> bool:
    depth = 0
    for character in _CLOSED.sub("", text):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0


def _split(text: str) -> Iterator[str]:
    """Cut at commas outside quotes; a quote counts only where an item begins with it."""
    start = 0
    while start <= len(text):
        lead = len(text) - len(text[start:].lstrip())
        quoted = _QUOTED.match(text, lead)
        comma = text.find(",", quoted.end() if quoted else start)
        end = len(text) if comma < 0 else comma
        yield text[start:end].strip()
        start = end + 1


def _items(text: str, cell: object) -> Iterator[Item]:
    for part in _split(text):
        if not part:
            raise _unreadable(cell, "has nothing between two commas", "remove the extra comma")
        if fold(part) in ANY_CELLS:
            raise _unreadable(
                cell, f'mixes "{part}" with other words', "leave the cell blank for anything"
            )
        yield _item(part, cell)


def _item(part: str, cell: object) -> Item:
    quoted = _QUOTED.fullmatch(part)
    if quoted:
        return _quoted_word(quoted[1], cell)
    comparison = _COMPARISON.fullmatch(part)
    if comparison:
        return _compared(comparison[1], comparison[2], cell)
    bracketed = _BRACKETED.fullmatch(part)
    if bracketed:
        opening, low, high, closing = bracketed.groups()
        return _range(_end(low, cell), _end(high, cell), opening == "[", closing == "]", cell)
    spoken = _TO.fullmatch(part)
    if spoken and (_ordered(spoken[1]) or _ordered(spoken[2])):
        return _range(_end(spoken[1], cell), _end(spoken[2], cell), True, True, cell)
    return _literal(part, cell)


def _quoted_word(inner: str, cell: object) -> Word:
    text = " ".join(re.sub(r'""|\\(.)', lambda m: m[1] or '"', inner).split())
    if not text:
        raise _unreadable(cell, "quotes nothing", "leave the cell blank for anything")
    return Word(text)


def _compared(sign: str, operand: str, cell: object) -> Item:
    if sign == "=":
        return _literal(operand, cell)
    if sign in ("!=", "<>"):
        raise _unreadable(cell, "holds != in a list", "type not(a, b) for neither of two")
    end = _end(operand, cell)
    if sign in (">", ">="):
        return Within(end, None, low_closed=sign == ">=")
    return Within(None, end, high_closed=sign == "<=")


def _ordered(text: str) -> Number | Day | None:
    number = number_in(text)
    if number is not None:
        return Number(number)
    day = day_in(text)
    return Day(day) if day else None


def _end(text: str, cell: object) -> Number | Day:
    found = _ordered(text)
    if found is None:
        raise _unreadable(
            cell,
            f'compares with "{text.strip()}", which is neither a number nor a date',
            "compare with a plain number, for example >= 5000, or a date, for example 2026-11-27",
        )
    return found


def _range(
    low: Number | Day, high: Number | Day, low_closed: bool, high_closed: bool, cell: object
) -> Within:
    if type(low) is not type(high):
        raise _unreadable(cell, "mixes a number and a date", "use two numbers or two dates")
    ends: tuple[Any, Any] = (low.value, high.value)
    if ends[0] > ends[1] or (ends[0] == ends[1] and not (low_closed and high_closed)):
        raise _unreadable(cell, "is a range that holds nothing", "put the smaller end first")
    return Within(low, high, low_closed, high_closed)


def _literal(text: str, cell: object) -> Literal:
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return _quoted_word(quoted[1], cell)
    ordered = _ordered(text)
    if ordered is not None:
        return ordered
    answer = yes_no_in(text)
    if answer is not None:
        return YesNo(answer)
    _refuse_mistakes(text, cell)
    return Word(" ".join(text.split()))


def _refuse_mistakes(text: str, cell: object) -> None:
    if not text:
        raise _unreadable(cell, "compares with nothing", "type the value after the sign")
    if _NOT_LIST.fullmatch(text) or _NOT.fullmatch(text):
        raise _unreadable(cell, 'has "not" inside a list', "start the cell with not(...)")
    if text.startswith('"') or not _balanced(text):
        raise _unreadable(
            cell, "has a quote or bracket that is not closed", 'put the whole text in "quotes"'
        )
    if ".." in text and any(_ordered(end) for end in text.split("..")):
        raise _unreadable(cell, "is a range without brackets", "type it as `1 to 5` or `[1..5]`")
    for pattern, what, fix in _MISTAKES:
        if pattern.search(text):
            raise _unreadable(cell, what, fix)


# --------------------------------------------------------------------------- writing it back


def spell(test: Test) -> str:
    """Write the test as a seller would type it; `parse(spell(test)) == test`."""
    if isinstance(test, Anything):
        return "any"
    listed = ", ".join(spell_item(item) for item in test.items)
    if isinstance(test, AnyOf):
        return listed
    plain = f"not {listed}"
    single = len(test.items) == 1 and not listed.startswith("(")
    return plain if single else f"not({listed})"


def spell_item(item: Item) -> str:
    """Write one literal or range."""
    if isinstance(item, Within):
        return _spell_range(item)
    if isinstance(item, Word):
        return item.text if _reads_as_itself(item) else quote(item.text)
    if isinstance(item, YesNo):
        return "yes" if item.value else "no"
    return spell_ordered(item)


def quote(text: str) -> str:
    """Put text in quotes, doubling those inside."""
    escaped = text.replace("\\", "\\\\").replace('"', '""')
    return f'"{escaped}"'


def _reads_as_itself(word: Word) -> bool:
    try:
        return parse(word.text) == AnyOf((word,))
    except UnreadableCell:
        return False


def spell_ordered(item: Number | Day) -> str:
    """Write a number without exponent, a day as year-month-day."""
    if isinstance(item, Day):
        return item.value.isoformat()
    text = format(item.value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _spell_range(item: Within) -> str:
    if item.low is None and item.high is not None:
        return f"{'<=' if item.high_closed else '<'} {spell_ordered(item.high)}"
    if item.high is None and item.low is not None:
        return f"{'>=' if item.low_closed else '>'} {spell_ordered(item.low)}"
    assert item.low is not None and item.high is not None  # noqa: S101  a range has an end
    low, high = spell_ordered(item.low), spell_ordered(item.high)
    if item.low_closed and item.high_closed:
        return f"{low} to {high}"
    return f"{'[' if item.low_closed else '('}{low}..{high}{']' if item.high_closed else ')'}"
