"""Find the row of headings on a sheet, under titles and blank rows, and say what was seen."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tierbook.contract import PLACEMENT, REQUEST_INPUTS, REQUIRED_INPUTS, SKU
from tierbook.errors import NothingToRoute, UsageError
from tierbook.model import column_letter
from tierbook.workbook.headings import Recognised, alias_of, heading_key, recognise
from tierbook.workbook.values import is_blank, spelled

# Headings stand near the top; beyond this, rows are products.
SEARCHED_ROWS = 60
_LONGEST_HEADING = 200
_TALLEST_HEADING = 4
_LETTERS = re.compile(r"[A-Za-z]{1,3}")
_HEADING_PARTS = re.compile(r"[,;/|\n(]")

# (top row, left column, bottom row, right column), 1-based
Merge = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Header:
    """The headings of a sheet: `row` is 1-based, the lower one of a heading of several rows."""

    row: int
    first_data_row: int
    headings: Mapping[int, str]
    recognised: Recognised


def contract_mapping(mapping: Mapping[str, str]) -> dict[str, str]:
    """Check the left sides of `--map`, as sellers spell them.

    Raises:
        UsageError: One is no heading Tierbook knows.
    """
    names = {heading_key(heading): heading for heading in REQUEST_INPUTS}
    found: dict[str, str] = {}
    for name, source in mapping.items():
        alias = alias_of(name)
        heading = names.get(heading_key(name)) or (alias[0] if alias else None)
        if heading is None:
            raise UsageError(
                f'--map "{name}={source}": Tierbook has no column "{name}".',
                fix=f"map one of {', '.join(REQUEST_INPUTS)}.",
            )
        found[heading] = source
    return found


def row_texts(row: Sequence[Any]) -> dict[int, str]:
    """Return the non-blank cells of a row as heading texts, by 1-based column."""
    return {
        column: value if type(value) is str else spelled(value)
        for column, value in enumerate(row, 1)
        if not is_blank(value)
    }


def find_header(
    rows: Sequence[Sequence[Any]],
    *,
    header_row: int | None = None,
    mapping: Mapping[str, str] | None = None,
    merges: Sequence[Merge] = (),
    table_rows: frozenset[int] = frozenset(),
) -> Header | None:
    """Find the row whose headings name a SKU, or the row the seller named.

    Args:
        rows: The sheet from row 1, raw values.
        header_row: The row to take, 1-based.
        mapping: Contract heading -> heading text or column letter.
        merges: Merged ranges, for headings of two rows.
        table_rows: Rows known to be the headings of a table.
    """
    wanted = mapping or {}
    if header_row is not None:
        row = header_row if header_row <= len(rows) else 0
    else:
        row = _best_row(rows, wanted, table_rows)
    if not row:
        return None
    bottom = _bottom_of(row, merges)
    headings = {
        column: text
        for number in range(row, min(bottom, len(rows)) + 1)
        for column, text in row_texts(rows[number - 1]).items()
    }
    chosen = chosen_columns(headings, wanted)
    return Header(bottom, bottom + 1, headings, recognise(headings, chosen))


def _best_row(
    rows: Sequence[Sequence[Any]], wanted: Mapping[str, str], table_rows: frozenset[int]
) -> int:
    if _is_letter_only(rows, wanted.get(SKU, "")):
        return _likely_row(rows)
    best, best_score, best_seen = 0, (False, 0, 0, 0), 0
    sku_column = 0
    for number, row in enumerate(rows[:SEARCHED_ROWS], 1):
        texts = {c: v for c, v in row_texts(row).items() if len(v) <= _LONGEST_HEADING}
        chosen = {h: c for h, c in chosen_columns(texts, wanted).items() if c in texts}
        found = recognise(texts, chosen)
        fields = len(found.columns) + len(found.twins)
        best_seen = max(best_seen, fields)
        if SKU not in found.columns and SKU not in found.twins:
            continue
        column = found.columns.get(SKU, 0)
        rank = _rank_of(texts.get(column, ""))
        score = (number in table_rows, fields, -rank, len(texts))
        # A row right under a heading that again says "SKU" in that column is the heading proper
        # (shops print a readable label above the technical name), unless it knows far less.
        below = (
            number == best + 1 and column and column == sku_column and fields * 2 >= best_score[1]
        )
        if score > best_score or below:
            best, best_score, sku_column = number, score, column
    if best and best_score[1] < best_seen and best not in table_rows:
        return 0  # the word stood in a product row, under headings without a SKU
    return best


def _is_letter_only(rows: Sequence[Sequence[Any]], source: str) -> bool:
    """Tell a SKU column named by its letter, which every row has, from one named by a heading."""
    key = heading_key(source)
    named = any(
        heading_key(text) == key
        for row in rows[:SEARCHED_ROWS]
        for text in row_texts(row).values()
        if len(text) <= _LONGEST_HEADING
    )
    return bool(source) and not named and _LETTERS.fullmatch(source.strip()) is not None


def _rank_of(text: str) -> int:
    alias = alias_of(text)
    return alias[1] if alias else 0


def chosen_columns(headings: Mapping[int, str], wanted: Mapping[str, str]) -> dict[str, int]:
    """Resolve the right sides of `--map` to columns: a heading's text first, else a letter."""
    keys = {heading_key(text): column for column, text in reversed(list(headings.items()))}
    found: dict[str, int] = {}
    for heading, source in wanted.items():
        column = keys.get(heading_key(source), 0)
        if not column and _LETTERS.fullmatch(source.strip()):
            column = column_number(source.strip())
        if column:
            found[heading] = column
    return found


def column_number(letters: str) -> int:
    """Turn a column letter into its 1-based number: A -> 1, AB -> 28."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _bottom_of(row: int, merges: Sequence[Merge]) -> int:
    """Follow headings merged downwards over a second row of headings."""
    bottoms = [
        bottom
        for top, left, bottom, right in merges
        if top <= row < bottom < row + _TALLEST_HEADING and left == right
    ]
    return max(bottoms, default=row)


# --------------------------------------------------------------------------- what was seen


def _likely_row(rows: Sequence[Sequence[Any]]) -> int:
    """Return the row that reads most like headings, for a message; 0 when none does."""
    best, best_score = 0, (0, 0)
    for number, row in enumerate(rows[:SEARCHED_ROWS], 1):
        texts = [value for value in row if type(value) is str and value.strip()]
        if len(texts) < 2:
            continue
        hits = sum(alias_of(_HEADING_PARTS.split(text.strip())[0]) is not None for text in texts)
        if (hits, len(texts)) > best_score:
            best, best_score = number, (hits, len(texts))
    return best


def describe(sheet: str, rows: Sequence[Sequence[Any]], header: Header | None) -> str:
    """Say in one line what a sheet seems to hold, for a seller to choose from."""
    row = header.row if header else _likely_row(rows)
    name = f'tab "{sheet}"' if sheet else "the table"
    if not row:
        return f"{name}: no row that reads like headings"
    texts = header.headings if header else row_texts(rows[row - 1])
    shown = [f"{column_letter(c)} {_short(t)!r}" for c, t in list(texts.items())[:8]]
    more = f" and {len(texts) - 8} more" if len(texts) > 8 else ""
    return f"{name}: headings in row {row}: {', '.join(shown)}{more}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 30 else line[:29] + "…"


def require_fields(sheet: str, header: Header, wanted: Mapping[str, str], last_column: int) -> None:
    """Refuse to go on without one clear column for the SKU, or with two for a needed field.

    Args:
        sheet: The tab, "" for a text table.
        header: Its headings.
        wanted: Contract heading -> heading text or column letter, as `--map` says.
        last_column: The last column with anything in it; a word of three letters names one far
            beyond.

    Raises:
        NothingToRoute: No column, or several with equal right, hold the SKU or the placement.
        UsageError: `--map` names a column that is not there.
    """
    place = f'Tab "{sheet}"' if sheet else "The table"
    chosen = chosen_columns(header.headings, wanted)
    for heading, source in wanted.items():
        if not 0 < chosen.get(heading, 0) <= last_column:
            raise UsageError(
                f'{place} has no heading or column "{source}" in row {header.row}.',
                fix=f"use one of: {_headings(header)}.",
            )
    for heading in REQUIRED_INPUTS:
        twins = header.recognised.twins.get(heading, ())
        if twins:
            both = " and ".join(
                f'{column_letter(c)}{header.row} "{header.headings[c]}"' for c in twins
            )
            raise NothingToRoute(
                f"{place} has more than one column that could be the {heading}: {both}.",
                fix=f'say which one, for example --map "{heading}={column_letter(twins[0])}".',
            )
    if SKU not in header.recognised.columns:
        raise NothingToRoute(
            f"{place} has no heading that surely means the SKU. Row {header.row} reads: "
            f"{_headings(header)}.",
            fix='pass --map "SKU=..." with one of these headings or a column letter, and '
            "--header-row N if the headings stand in another row.",
        )


def _headings(header: Header) -> str:
    return ", ".join(f"{column_letter(c)} {_short(t)!r}" for c, t in header.headings.items())


def taken_notes(header: Header, placement: str | None) -> list[str]:
    """Say which heading was taken for a field where it is not the contract's own name."""
    notes: list[str] = []
    for heading, column in header.recognised.columns.items():
        text = header.headings.get(column, "")
        if heading_key(text) != heading_key(heading):
            shown = f'"{_short(text)}"' if text else "without a heading"
            notes.append(f"Column {column_letter(column)} {shown} is read as {heading}.")
    if PLACEMENT not in header.recognised.columns:
        rows = (
            f'every row gets "{placement}"' if placement else "pass --placement NAME for all rows"
        )
        notes.append(f"No column is read as Placement; {rows}.")
    return notes
