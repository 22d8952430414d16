"""Find the headings of an export and tell by them which program wrote it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tierbook.catalogs.format import FIELDS, Field, Format, Headings, columns_of
from tierbook.catalogs.formats import formats
from tierbook.catalogs.formats.any_table import ANY_TABLE
from tierbook.catalogs.tables import Sheet, cell_text, kind_word
from tierbook.contract import CATEGORY, PRODUCT_NAME, SKU, SOURCE_IMAGE
from tierbook.errors import NothingToRoute
from tierbook.model import column_letter
from tierbook.workbook.headings import alias_of, heading_key

_SEARCHED_ROWS = 60
_SAMPLED_ROWS = 50
# Fields that the alias table of `tierbook.workbook.headings` tells in any table.
_BY_ALIAS: Final[tuple[tuple[Field, str], ...]] = (
    ("sku", SKU),
    ("name", PRODUCT_NAME),
    ("category", CATEGORY),
)
_LONGEST_HEADING = 200


@dataclass(frozen=True)
class Recognised:
    """A sheet whose headings were understood.

    Attributes:
        sheet: Where it stands.
        format: What wrote it.
        header_row: 1-based row of the headings.
        headings: 1-based column -> text.
        fields: Field -> columns it is read from, the preferred one first.
        images: Columns that hold pictures.
    """

    sheet: Sheet
    format: Format
    header_row: int
    headings: Mapping[int, str]
    fields: Mapping[Field, Sequence[int]]
    images: Sequence[int]

    def columns(self, wanted: Headings) -> list[int]:
        """Find the columns of declared headings."""
        return columns_of(self.headings, wanted)

    def taken(self) -> dict[str, str]:
        """Say which heading each thing was read from."""
        return {what: self._named(columns) for what, columns in self._uses().items()}

    def left_alone(self) -> list[str]:
        """List the headings nothing was read from."""
        used = {column for columns in self._uses().values() for column in columns}
        return [" ".join(text.split()) for c, text in self.headings.items() if c not in used]

    def _uses(self) -> dict[str, Sequence[int]]:
        """Map what is read to its columns."""
        states = [column for state in self.format.states for column in self.columns(state.headings)]
        uses = {
            **{name: self.fields.get(field, ()) for field, name in FIELDS.items()},
            "Pictures": self.images,
            "Options": self.columns(self.format.options),
            "Status": states,
        }
        return {what: columns for what, columns in uses.items() if columns}

    def _named(self, columns: Sequence[int]) -> str:
        texts = [self.headings[column] for column in columns]
        shown = ", then ".join(" ".join(text.split()) for text in texts[:3])
        first = f"{shown} (column {column_letter(columns[0])})"
        return first if len(texts) <= 3 else f"{first} and {len(texts) - 3} more"


# Tabs of a template that show how to fill it in.
_SHOWING = frozenset(
    map(
        heading_key,
        (
            "Example",
            "Examples",
            "Sample",
            "Instructions",
            "Data Definitions",
            "Valid Values",
            "Dropdown Lists",
            "Images",
            "Beispiel",
            "Exemple",
            "Ejemplo",
            "Esempio",
            "Voorbeeld",
            "Przykład",
            "Örnek",
            "Пример",
            "示例",
            "例",
            "Help",
            "Readme",
        ),
    )
)  # fmt: skip - a list of words


def recognise(sheets: Iterable[Sheet]) -> Recognised:
    """Choose the sheet, row and format that explain most headings.

    Raises:
        NothingToRoute: No sheet has headings that name products.
    """
    seen = [sheet for sheet in sheets if heading_key(sheet.tab or "-") not in _SHOWING]
    known = [one for sheet in seen for one in _known_formats(sheet)]
    if known:
        return max(known, key=lambda pair: pair[0])[1]
    tables = [one for sheet in seen for one in _any_tables(sheet)]
    if tables:
        return max(tables, key=lambda pair: pair[0])[1]
    raise NothingToRoute(
        f"{seen[0].file if seen else 'The file'} has no headings that name products. "
        f"{_what_was_seen(seen)}",
        fix="put a row of headings above the products, with at least a SKU or a product name.",
    )


def _heading_rows(sheet: Sheet) -> Iterable[tuple[int, dict[int, str]]]:
    for number, row in enumerate(sheet.rows[:_SEARCHED_ROWS], 1):
        texts = {
            column: text
            for column, value in enumerate(row, 1)
            if (text := cell_text(value)) and len(text) <= _LONGEST_HEADING
        }
        if texts:
            yield number, texts


def _known_formats(sheet: Sheet) -> Iterable[tuple[tuple[int, int], Recognised]]:
    for number, texts in _heading_rows(sheet):
        if len(texts) < 2:
            continue
        below = sheet.rows[number : number + _SAMPLED_ROWS]
        for one in formats():
            named = one.translated(texts, below) if one.translated else texts
            groups = sum(bool(columns_of(named, group)) for group in one.signature)
            if groups < _enough(one, named, below):
                continue
            score = len(columns_of(named, one.known_headings())) + groups
            # The upper of two rows alike is the heading; later ones are repeats of it.
            yield (score, -number), _recognised(sheet, one, number, named)


def _enough(one: Format, texts: Mapping[int, str], below: Sequence[Sequence[Any]]) -> int:
    """Say how many groups of the signature have to be there, given the words in the rows.

    The words a program itself writes tell more than headings: shops choose which columns to
    export.
    """
    least = one.enough or len(one.signature)
    kinds = columns_of(texts, one.grouping.kind) if one.grouping.written else []
    words = [word for row in below if kinds and (word := kind_word(row, kinds[0]))]
    if not words:
        return least
    known = sum(word in one.grouping.written for word in words)
    return 2 if known * 2 > len(words) else len(one.signature) + 1


def _recognised(sheet: Sheet, one: Format, number: int, texts: Mapping[int, str]) -> Recognised:
    fields: dict[Field, Sequence[int]] = {
        field: columns_of(texts, headings) for field, headings in one.fields.items()
    }
    return Recognised(sheet, one, number, texts, fields, columns_of(texts, one.images))


# --------------------------------------------------------------------------- any table


def _any_tables(sheet: Sheet) -> Iterable[tuple[tuple[int, int, int], Recognised]]:
    for number, texts in _heading_rows(sheet):
        found = _recognised(sheet, ANY_TABLE, number, texts)
        aliased = _aliased_columns(texts)
        fields = dict(found.fields)
        fields.update((field, aliased[h]) for field, h in _BY_ALIAS if h in aliased)
        named = [field for field, columns in fields.items() if columns]
        if not (fields.get("sku") or fields.get("name")):
            continue
        if len(named) < 2 and len(texts) > 1:
            continue  # a word of a sentence or of a product row
        images = list(dict.fromkeys((*aliased.get(SOURCE_IMAGE, ()), *found.images)))
        table = Recognised(sheet, ANY_TABLE, number, texts, fields, images)
        yield (len(named) + bool(images), -number, len(texts)), table


def _aliased_columns(texts: Mapping[int, str]) -> dict[str, list[int]]:
    """Map contract headings to columns by the alias table, clear aliases before weak ones."""
    ranked: dict[str, list[tuple[int, int]]] = {}
    for column, text in texts.items():
        alias = alias_of(text)
        if alias is not None:
            ranked.setdefault(alias[0], []).append((alias[1], column))
    return {heading: [column for _, column in sorted(claims)] for heading, claims in ranked.items()}


def _what_was_seen(sheets: Sequence[Sheet]) -> str:
    """Quote the row that reads most like headings."""
    best: dict[int, str] = {}
    where = ""
    for sheet in sheets:
        for number, texts in _heading_rows(sheet):
            words = {c: t for c, t in texts.items() if heading_key(t) and not t[0].isdigit()}
            if len(words) > len(best):
                best, where = (
                    words,
                    f'tab "{sheet.tab}", row {number}' if sheet.tab else f"row {number}",
                )
    if not best:
        return "It is empty."
    shown = ", ".join(f'{column_letter(c)} "{t[:30]}"' for c, t in list(best.items())[:8])
    return f"Seen in {where}: {shown}."


def header_cells(recognised: Recognised, row: Sequence[Any]) -> bool:
    """Tell a row that repeats the headings."""
    texts = {column: text for column, value in enumerate(row, 1) if (text := cell_text(value))}
    same = sum(recognised.headings.get(column) == text for column, text in texts.items())
    return len(texts) > 1 and same * 2 > len(texts)
