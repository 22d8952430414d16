"""Which columns of a table matter, and how: found once, before any row is read.

A decision depends on few columns, and on most of them only through few values. `Layout` says of
each column what a row must be told apart by; everything else in it is carried along unread.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final

from tierbook import contract, prompts
from tierbook.contract import folded
from tierbook.model import Configuration
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


class Role(Enum):
    """What of a column a row is told apart by."""

    VALUE = "its value"
    PLACE = "where it lies between the numbers of the rubric"
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
        outputs: Output heading -> 0-based position, for columns an earlier run added.
        options: What the seller said of the headings.
    """

    path: Path
    names: tuple[str, ...]
    fields: tuple[Field, ...]
    outputs: Mapping[str, int]
    options: ReadOptions

    def book(self, rows: list[list[Any]]) -> Book:
        """Make a book of some rows, as if they were all the file holds."""
        return _book(self.path, self.names, rows, self.options)

    def field(self, heading: str) -> Field | None:
        """Find a column that matters by its heading."""
        return next((one for one in self.fields if one.heading == heading), None)


def layout(path: Path, schema: Any, configuration: Configuration, options: ReadOptions) -> Layout:
    """Say what each column of a pyarrow schema is for.

    Raises:
        NothingToRoute: There is no column of SKUs, or no telling which.
    """
    names = tuple(map(str, schema.names))
    book = _book(path, names, [], options)
    contracted = {column: heading for heading, column in book.recognised.items()}
    ours = set(book.output_columns.values())
    asked = frozenset(map(folded, configuration.rubric.inputs))
    spelled = {folded(p) for one in configuration.prompts for p in prompts.placeholders(one)}
    fields: list[Field] = []
    for column, name in book.headings.items():
        if column in ours:
            continue
        heading = contracted.get(column, " ".join(name.split()))
        known, in_prompts = column in contracted, folded(heading) in spelled
        kind = schema.field(column - 1).type
        role = _role(heading, kind, known, folded(heading) in asked, in_prompts)
        if role is not Role.NOTHING:
            fields.append(Field(column - 1, heading, role, in_prompts))
    positions = {heading: column - 1 for heading, column in book.output_columns.items()}
    return Layout(path, names, tuple(fields), positions, options)


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


def _book(path: Path, names: tuple[str, ...], rows: list[list[Any]], options: ReadOptions) -> Book:
    headings = dict(enumerate(names, 1))
    mapping = contract_mapping(options.mapping)
    header = Header(0, 1, headings, recognise(headings, chosen_columns(headings, mapping)))
    return found_book(Found(path, "parquet", b"", "", rows, header, mapping), options)
