"""Which columns of a table matter, and how: found once, before any row is read.

A decision depends on few columns, and on most of them only through few values. `Layout` says of
each column what a row must be told apart by; everything else in it is carried along unread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Final

from tierbook import contract, prompts
from tierbook.contract import folded
from tierbook.model import Configuration
from tierbook.routing.rubric import compile_rubric
from tierbook.routing.scorecard import SCORECARD_ROUTER, attribute_cells
from tierbook.workbook.headings import recognise
from tierbook.workbook.locating import Header, chosen_columns, contract_mapping
from tierbook.workbook.reading import Book, Found, ReadOptions, found_book

# Contract fields that any text fits, so that no text in them can be wrong.
_FREE_TEXTS: Final = frozenset(
    {
        contract.SKU,
        contract.PRODUCT_NAME,
        contract.CATEGORY,
        contract.CHANNEL,
        contract.CAMPAIGN,
        contract.SOURCE_IMAGE,
        contract.SCENE_NOTES,
    }
)


# Long texts of single rows; every other answer is the same for rows of one class.
BY_ROW: Final = frozenset({contract.PROMPT, contract.REQUEST_ID})
# What a run over a small table writes before the first picture is made.
ANSWERS: Final = tuple(
    heading for heading in contract.REQUEST_OUTPUTS if heading not in contract.GENERATION_OUTPUTS
)


class Role(Enum):
    """What of a column a row is told apart by."""

    VALUE = "its value"
    PLACE = "where it lies between the numbers of the rubric"
    LIMIT = "what it allows, once the price is known"
    TEXT = "whether there is any, and its length"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Field:
    """A column that matters: its 0-based position, its heading to Tierbook, its role."""

    position: int
    heading: str
    role: Role
    in_prompts: bool = False


@dataclass(frozen=True)
class Layout:
    """The columns of a table.

    Attributes:
        path: The file they were found in.
        names: All column names in order.
        fields: The columns that matter, in order.
        bounds: By position of a PLACE field: the numbers that the rules compare it with.
        outputs: Output heading -> 0-based position, for columns an earlier run added.
        options: What the seller said of the headings.
        answers: Headings of the output columns that are written, in order.
    """

    path: Path
    names: tuple[str, ...]
    fields: tuple[Field, ...]
    bounds: Mapping[int, tuple[Decimal, ...]]
    outputs: Mapping[str, int]
    options: ReadOptions
    answers: tuple[str, ...]

    def book(self, rows: Sequence[Sequence[Any]]) -> Book:
        """Make a book of some rows, as if they were all the file holds."""
        return _book(self.path, self.names, rows, self.options)

    def field(self, heading: str) -> Field | None:
        """Find a column that matters by its heading."""
        return next((one for one in self.fields if one.heading == heading), None)


def layout(
    path: Path,
    schema: Any,
    configuration: Configuration,
    options: ReadOptions,
    router: str,
    leave_out: frozenset[str],
) -> Layout:
    """Say what each column of a pyarrow schema is for.

    Args:
        path: The file.
        schema: Its columns.
        configuration: The settings.
        options: What the seller said of the headings.
        router: The name of the router that decides.
        leave_out: Headings of output columns that are not wanted.

    Raises:
        NothingToRoute: There is no column of SKUs, or no telling which.
    """
    names = tuple(map(str, schema.names))
    book = _book(path, names, [], options)
    contracted = {column: heading for heading, column in book.recognised.items()}
    ours = set(book.output_columns.values())
    compared = _compared(configuration, router)
    spelled = {folded(p) for one in configuration.prompts for p in prompts.placeholders(one)}
    fields: list[Field] = []
    for column, name in book.headings.items():
        if column in ours:
            continue
        heading = contracted.get(column, " ".join(name.split()))
        known, in_prompts = column in contracted, folded(heading) in spelled
        kind = schema.field(column - 1).type
        role = _role(heading, kind, known, folded(heading) in compared, in_prompts)
        if role is not Role.NOTHING:
            fields.append(Field(column - 1, heading, role, in_prompts))
    bounds = {
        one.position: compared[folded(one.heading)] for one in fields if one.role is Role.PLACE
    }
    positions = {heading: column - 1 for heading, column in book.output_columns.items()}
    answers = tuple(heading for heading in ANSWERS if heading not in leave_out)
    return Layout(path, names, tuple(fields), bounds, positions, options, answers)


def _compared(configuration: Configuration, router: str) -> dict[str, tuple[Decimal, ...]]:
    """Name the columns that rules compare, folded, each with the numbers it is compared with."""
    compiled, _ = compile_rubric(configuration.rubric)
    cells = list(zip(compiled.inputs, compiled.cells(), strict=True))
    if router == SCORECARD_ROUTER:
        cells += attribute_cells(configuration.scorecard).items()
    found: dict[str, set[Decimal]] = {}
    for heading, one in cells:
        found.setdefault(folded(heading), set()).update(one.numbers)
    return {heading: tuple(sorted(numbers)) for heading, numbers in found.items()}


def _role(heading: str, kind: Any, known: bool, asked: bool, in_prompts: bool) -> Role:
    import pyarrow as pa

    types: Any = pa.types
    textual = is_text(kind)
    number = types.is_integer(kind) or types.is_floating(kind)
    if asked:
        return Role.PLACE if number and not known and not in_prompts else Role.VALUE
    if heading == contract.SKU:
        return Role.TEXT if textual or types.is_integer(kind) else Role.VALUE
    if heading in contract.DERIVED_INPUTS:
        return Role.VALUE
    if heading == contract.BUDGET_PER_IMAGE and not in_prompts:
        return Role.LIMIT
    if known and heading not in _FREE_TEXTS:
        dated = types.is_date(kind) or types.is_timestamp(kind)
        told_by_type = heading == contract.NEEDED_BY and dated and not in_prompts
        return Role.NOTHING if told_by_type else Role.VALUE
    if in_prompts or heading == contract.SOURCE_IMAGE:
        return Role.TEXT if textual else Role.VALUE
    return Role.NOTHING


def is_text(kind: Any) -> bool:
    """Tell whether a pyarrow type holds strings, dictionary-coded or not."""
    import pyarrow as pa

    types: Any = pa.types
    inner = kind.value_type if types.is_dictionary(kind) else kind
    return bool(types.is_string(inner) or types.is_large_string(inner))


def _book(
    path: Path, names: tuple[str, ...], rows: Sequence[Sequence[Any]], options: ReadOptions
) -> Book:
    headings = dict(enumerate(names, 1))
    mapping = contract_mapping(options.mapping)
    header = Header(0, 1, headings, recognise(headings, chosen_columns(headings, mapping)))
    return found_book(Found(path, "parquet", b"", "", rows, header, mapping), options)
