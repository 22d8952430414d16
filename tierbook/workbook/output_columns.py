"""Tierbook's own columns in the seller's sheet: where they stand, what they hold, how they look."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.configuration.tabs import OUTPUTS
from tierbook.contract import folded
from tierbook.model import HOLD_TIER, MICRO, Answers, Column
from tierbook.ooxml import ColumnEdit, Link, Style, Validation
from tierbook.workbook.reading import Book
from tierbook.workbook.tabs import look

if TYPE_CHECKING:
    from tierbook.ooxml.ranges import CellRange
    from tierbook.ooxml.sheet_facts import SheetFacts

ON_HOLD: Final = "On hold"
_SUFFIX: Final = "Tierbook"
_PRICE: Final = "$#,##0.00##"
# Nothing is wrapped: the rows keep the height the seller gave them, and programs that do not fit
# rows by themselves would print wrapped lines over each other. Wide columns make up for it.
_HEADER: Final = Style(
    bold=True, font_color=look.INK, fill=look.HEADER_GREY, vertical="center", border=True
)
_PLAIN: Final = Style()
_TEXT: Final = Style(number_format="@")
_CENTRED: Final = Style(horizontal="center")
_MONEY: Final = Style(number_format=_PRICE)
_LINKED: Final = Style(font_color=look.LINK, underline=True)
_WIDE: Final[Mapping[str, float]] = {contract.WHY: 70, contract.MESSAGE: 64}
# What bold letters and a filter's arrow need beside the heading's own characters.
_HEADER_ROOM: Final = 4
_LAST_COLUMN: Final = 16_384
_STYLES: Final[Mapping[str, Style]] = {
    contract.QUEUE_PRIORITY: _CENTRED,
    contract.ESTIMATED_COST: _MONEY,
    contract.ESTIMATED_COST_PER_IMAGE: _MONEY,
    contract.ACTUAL_COST: _MONEY,
    contract.RESULT: _LINKED,
    contract.RESULT_FILE: _TEXT,
    contract.REQUEST_ID: _TEXT,
}
_CHOICES: Final[Mapping[str, Sequence[str]]] = {
    contract.REVIEW: contract.REVIEW_DECISIONS,
    contract.REVIEW_REASON: contract.REVIEW_REASONS,
}
_TIER_PALETTE: Final = (
    *(
        Style(bold=True, fill=colour, font_color=ink, horizontal="center")
        for colour, ink in zip(look.TIER_COLOURS, look.TIER_INKS, strict=True)
    ),
    Style(bold=True, fill=look.STATUS_TINTS[contract.HOLD], horizontal="center"),
)
_NAME_PALETTE: Final = (
    *(Style(fill=tint, font_color=look.INK) for tint in look.TIER_TINTS),
    Style(fill=look.STATUS_TINTS[contract.HOLD], font_color=look.INK),
)
_STATUS_PALETTE: Final = tuple(
    Style(bold=True, fill=look.STATUS_TINTS[word], font_color=look.INK, horizontal="center")
    for word in contract.STATUSES
)


def output_values(answers: Answers) -> dict[str, Column]:
    """Spell the answers as cell values, heading by heading, shape (n,).

    Amounts become dollars: a whole number of micro-USD, divided, is the double nearest to the
    decimal, which every program spells as that decimal.
    """
    decisions, bill = answers.decisions, answers.bill
    decided = decisions.tier >= 1
    shown = decided | (decisions.tier == HOLD_TIER)
    # What waits for a price or a budget costs nothing yet: the column adds up to the estimate.
    known = decided & (bill.per_image >= 0)
    priced = known & (bill.held == "")
    values: dict[str, Column] = {
        contract.TIER: _tiers(decisions.tier),
        contract.TIER_NAME: _tier_names(answers),
        contract.WHY: _texts(decisions.why, shown),
        contract.PROMPT_TEMPLATE: _texts(decisions.template, decided),
        contract.RESOLUTION_TARGET: _texts(decisions.resolution, decided),
        contract.QUEUE_PRIORITY: _numbers(decisions.priority, decided),
        contract.ESTIMATED_COST: _dollars(bill.estimate, priced),
        contract.STATUS: _texts(answers.status, None),
        contract.MESSAGE: _texts(answers.message, None),
        contract.RULE: _texts(decisions.rule, shown),
        contract.CHEAPER_IF: _texts(answers.cheaper_if, shown),
        contract.LANE: _texts(decisions.lane, decided),
        contract.ENGINE: _texts(decisions.engine, decided),
        contract.IMAGES: _numbers(decisions.images, decided),
        contract.ESTIMATED_COST_PER_IMAGE: _dollars(
            bill.per_image, decided & (bill.per_image >= 0)
        ),
        contract.BUDGET_CHECK: _texts(bill.budget_check, decided),
        contract.PROMPT: _texts(answers.prompt, decided),
        contract.REQUEST_ID: _texts(answers.request_id, None),
    }
    return values | {h: _extra(h, column) for h, column in answers.extra.items()}


def place_columns(book: Book, answers: Answers, sheet: "SheetFacts") -> dict[str, int]:
    """Say where each output column stands, in the contract's order; new ones go to the right.

    Columns of an earlier run stay where the seller moved them. New ones follow the last column
    with any content (a formula that shows nothing takes its place too) and stand clear of merged
    cells. The columns about finished pictures come with the first of them.
    """
    placed = dict(book.output_columns)
    made = any(heading in answers.extra for heading in contract.GENERATION_OUTPUTS)
    new = [
        heading
        for heading in contract.REQUEST_OUTPUTS
        if heading not in placed and (made or heading not in contract.GENERATION_OUTPUTS)
    ]
    used = max(book.last_column, sheet.last_column, *placed.values())
    bottom = int(answers.requests.rows[-1])
    crossing = [
        area for area in sheet.merged if area.bottom >= book.header_row and area.top <= bottom
    ]
    first = _clear_of(crossing, used + 1, len(new))
    placed |= {heading: column for column, heading in enumerate(new, start=first)}
    return {heading: placed[heading] for heading in contract.REQUEST_OUTPUTS if heading in placed}


def _clear_of(areas: Sequence["CellRange"], first: int, count: int) -> int:
    """Move a block of columns right until it meets no area; where there is no room it stays."""
    start = first
    for area in sorted(areas, key=lambda area: area.left):
        if area.right >= start and area.left < start + count:
            start = area.right + 1
    return start if start + count - 1 <= _LAST_COLUMN else first


def column_edits(book: Book, answers: Answers, placed: Mapping[str, int]) -> tuple[ColumnEdit, ...]:
    """Plan every output column that this run has something to say in.

    A row that is no request (blank, an example, a title) gets nothing; what an earlier run left
    in it is cleared.
    """
    values = output_values(answers)
    taken = _sellers_headings(book, placed)
    choosers = _choosers(answers)
    edits: list[ColumnEdit] = []
    for heading, column in placed.items():
        cells = values.get(heading)
        if cells is None and heading in book.output_columns:
            # An earlier run's pictures, or the seller's own review: not this run's to change.
            continue
        rows, shown = _rows_and_cells(book, answers, column, cells, heading)
        choose = choosers.get(heading)
        header = _free_heading(heading, taken)
        edits.append(
            ColumnEdit(
                column=column,
                header_row=book.header_row,
                header=header,
                rows=rows,
                values=shown,
                style=_STYLES.get(heading, _PLAIN),
                header_style=_HEADER,
                palette=_PALETTES.get(heading, ()),
                cell_styles=None if choose is None else [choose(value) for value in shown],
                width=max(_WIDE.get(heading, OUTPUTS[heading][1]), len(header) + _HEADER_ROOM),
                outline_level=1 if heading in contract.FOLDED_OUTPUTS else 0,
                hidden=heading in contract.FOLDED_OUTPUTS,
                collapsed=_bears_plus(heading, placed),
                validation=_dropdown(heading),
                header_message=_header_message(heading),
                new=heading not in book.output_columns,
            )
        )
    return tuple(sorted(edits, key=lambda edit: edit.column))


# --------------------------------------------------------------------------- values


def _shown(column: Column, where: NDArray[np.bool_]) -> Column:
    """Keep the values of the rows named, as plain objects; the other cells stay empty."""
    cells: Column = np.full(len(column), None, dtype=object)
    cells[where] = column[where]
    return cells


def _texts(column: Column, where: NDArray[np.bool_] | None) -> Column:
    said = np.array([value is not None and value != "" for value in column], dtype=np.bool_)
    return _shown(column, said if where is None else said & where)


def _numbers(column: NDArray[np.int32], where: NDArray[np.bool_]) -> Column:
    return _shown(column.astype(object), where)


def _dollars(amounts: NDArray[np.int64], where: NDArray[np.bool_]) -> Column:
    return _shown((amounts / MICRO).astype(object), where)


def _tiers(tiers: NDArray[np.int8]) -> Column:
    shown = _shown(tiers.astype(object), tiers >= 1)
    shown[tiers == HOLD_TIER] = contract.HOLD
    return shown


def _tier_names(answers: Answers) -> Column:
    tiers = answers.decisions.tier
    names = np.full(len(tiers), None, dtype=object)
    names[tiers == HOLD_TIER] = ON_HOLD
    for tier in answers.configuration.tiers:
        names[tiers == tier.number] = tier.name
    return names


def _extra(heading: str, column: Column) -> Column:
    if heading == contract.ACTUAL_COST:
        known = np.array([value is not None for value in column], dtype=np.bool_)
        micro = np.array([value or 0 for value in column], dtype=np.int64)
        return _dollars(micro, known)
    if heading == contract.RESULT:
        links = [_link(value) for value in column]
        found = np.empty(len(links), dtype=object)
        found[:] = links
        return found
    return _texts(column, None)


def _link(value: Any) -> Link | None:
    """Make a link of a path relative to the workbook; a ready link stays as it is."""
    if not value or isinstance(value, Link):
        return value or None
    path = str(value).replace("\\", "/")
    return Link(path, path.rpartition("/")[2] or path, "Open the picture")


def _rows_and_cells(
    book: Book, answers: Answers, column: int, cells: Column | None, heading: str
) -> tuple[list[int], list[Any]]:
    """Pair rows with cells; rows in which an earlier run left what no longer holds get empty."""
    rows: list[int] = answers.requests.rows.tolist()
    shown: list[Any] = [None] * len(rows) if cells is None else cells.tolist()
    if heading not in book.output_columns:
        return rows, shown
    ours, index = set(rows), column - 1
    stale = [
        row
        for row, values in enumerate(book.rows, start=book.first_data_row)
        if row not in ours and index < len(values) and values[index] not in (None, "")
    ]
    if not stale:
        return rows, shown
    by_row = dict(zip(rows, shown, strict=True)) | dict.fromkeys(stale)
    ascending = sorted(by_row)
    return ascending, [by_row[row] for row in ascending]


# --------------------------------------------------------------------------- looks


_PALETTES: Final[Mapping[str, tuple[Style, ...]]] = {
    contract.TIER: _TIER_PALETTE,
    contract.TIER_NAME: _NAME_PALETTE,
    contract.STATUS: _STATUS_PALETTE,
}


def _choosers(answers: Answers) -> Mapping[str, Callable[[Any], int]]:
    """Say for each coloured column which look of its palette a value takes, -1 for none."""
    last = len(look.TIER_COLOURS)
    numbers = {number: number - 1 for number in range(1, last + 1)}
    names = {
        tier.name: tier.number - 1
        for tier in answers.configuration.tiers
        if 1 <= tier.number <= last
    }
    words = {word: place for place, word in enumerate(contract.STATUSES)}
    indexes: Mapping[str, Mapping[Any, int]] = {
        contract.TIER: {**numbers, contract.HOLD: last},
        contract.TIER_NAME: {**names, ON_HOLD: last},
        contract.STATUS: words,
    }

    def chooser(index: Mapping[Any, int]) -> Callable[[Any], int]:
        return lambda value: index.get(value, -1)

    return {heading: chooser(index) for heading, index in indexes.items()}


def _bears_plus(heading: str, placed: Mapping[str, int]) -> bool:
    """Tell whether the [+] of the folded group stands over this column: the one left of it."""
    folded = [placed[name] for name in contract.FOLDED_OUTPUTS if name in placed]
    return bool(folded) and placed[heading] == min(folded) - 1


def _dropdown(heading: str) -> Validation | None:
    words = _CHOICES.get(heading)
    return Validation(f'"{",".join(words)}"') if words else None


def _header_message(heading: str) -> Validation:
    words = OUTPUTS[heading][0]
    ours = heading not in contract.SELLER_OUTPUTS
    return Validation(
        prompt_title=heading, prompt=f"Filled in by Tierbook. {words}" if ours else words
    )


def _sellers_headings(book: Book, placed: Mapping[str, int]) -> set[str]:
    ours = set(placed.values())
    return {folded(text) for column, text in book.headings.items() if column not in ours}


def _free_heading(heading: str, taken: set[str]) -> str:
    """Name our column; a seller's own of the same name keeps it and ours gets a suffix."""
    name, number = heading, 1
    while folded(name) in taken:
        name = f"{heading} ({_SUFFIX}{f' {number}' if number > 1 else ''})"
        number += 1
    return name
