"""One tab of a workbook as an import sees it: headings, rows, and cells to change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tierbook.contract import folded
from tierbook.ooxml import ColumnEdit, SheetEdit, Style, Validation
from tierbook.workbook.request_rows import EXAMPLE_MARK
from tierbook.workbook.values import is_blank

# The face of the template's example row, which the first imported row replaces.
_EXAMPLE_FACE: Final = Style(fill="F7F7F7")
_HEADER: Final = Style(
    bold=True, font_color="FFFFFF", fill="1F3A5F", wrap=True, horizontal="left", vertical="center"
)


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A column that is put behind the last one where the tab does not have it yet."""

    heading: str
    help: str
    width: float
    hidden: bool = False


class Tab:
    """A tab with its rows and the changes planned for it.

    Args:
        sheet: Name of the tab.
        header_row: 1-based row of the headings.
        headings: 1-based column -> heading.
        rows: The rows under the headings, raw values.
        font_size: Size of the font of new cells, None for the workbook's own.
    """

    def __init__(
        self,
        sheet: str,
        header_row: int,
        headings: Mapping[int, str],
        rows: Sequence[Sequence[Any]],
        font_size: float | None = None,
    ) -> None:
        self.sheet, self.header_row = sheet, header_row
        self.rows = rows
        self._columns: dict[str, int] = {}
        for column, text in headings.items():
            self._columns.setdefault(folded(text), column)
        self._last = max([0, *headings, *map(len, rows)])
        self._font_size = font_size
        self._new: dict[int, NewColumn] = {}
        self._numbers: set[int] = set()
        self._changes: dict[int, dict[int, Any]] = {}
        self._appended: dict[int, Sequence[Any]] = {}
        # The rows that say something, as 0-based indices under the headings; no examples.
        self.indices = [i for i in range(len(rows)) if self._says_something(i)]
        self._free = header_row + 1 + (self.indices[-1] + 1 if self.indices else 0)
        self._example = self._free if self._is_example(self._free - header_row - 1) else 0

    # ----------------------------------------------------------------- reading

    def named(self, heading: str, column: int) -> None:
        """Say which column holds a contract field that the seller calls otherwise."""
        self._columns[folded(heading)] = column

    def column(self, heading: str) -> int | None:
        """Return the column of a heading, None where the tab has none."""
        return self._columns.get(folded(heading))

    def value(self, index: int, heading: str) -> Any:
        """Return a cell of the row at a 0-based index under the headings; None for a blank."""
        column = self.column(heading)
        row = self.rows[index] if index < len(self.rows) else ()
        if column is None or column > len(row) or is_blank(row[column - 1]):
            return None
        return row[column - 1]

    def _says_something(self, index: int) -> bool:
        first = next((value for value in self.rows[index] if not is_blank(value)), None)
        return first is not None and not _marks_example(first)

    def _is_example(self, index: int) -> bool:
        if index >= len(self.rows):
            return False
        return any(_marks_example(value) for value in self.rows[index][:2])

    # ----------------------------------------------------------------- changing

    def ensure(self, column: NewColumn, *, number: bool = False) -> int:
        """Return the column of a heading; it is added behind the last one if it is not there."""
        place = self.column(column.heading)
        if place is None:
            self._last += 1
            place = self._columns[folded(column.heading)] = self._last
            self._new[place] = column
        if number:
            self._numbers.add(place)
        return place

    def append(self, columns: Sequence[int], rows: Sequence[Sequence[Any]]) -> range:
        """Plan new rows below the others: a cell for each of `columns` in each.

        Returns:
            The indices of the new rows.
        """
        first = self._free - self.header_row - 1
        self._free += len(rows)
        if rows:
            filled = zip(columns, zip(*rows, strict=True), strict=True)
            # A column without a value needs no cells.
            self._appended = {c: v for c, v in filled if any(one not in ("", None) for one in v)}
        return range(first, first + len(rows))

    def put(self, index: int, column: int, value: Any) -> None:
        """Plan a cell of a row that is there."""
        self._changes.setdefault(column, {})[index + self.header_row + 1] = value

    def edit(self) -> SheetEdit:
        """Return all planned changes; the template's example makes room for the first row."""
        if self._example and self._appended:
            example = self.rows[self._example - self.header_row - 1]
            for column in range(1, len(example) + 1):
                if column not in self._appended:
                    self._changes.setdefault(column, {})[self._example] = None
        columns = {*self._changes, *self._appended, *self._new}
        return SheetEdit(self.sheet, tuple(self._column_edit(one) for one in sorted(columns)))

    def _column_edit(self, column: int) -> ColumnEdit:
        changes = self._changes.get(column, {})
        appended = self._appended.get(column, ())
        rows = [*sorted(changes), *range(self._free - len(appended), self._free)]
        new = self._new.get(column)
        number = column in self._numbers
        style = Style(
            number_format="" if number else "@",
            size=self._font_size,
            horizontal="center" if number else "left",
        )
        return ColumnEdit(
            column=column,
            header_row=self.header_row,
            header=new.heading if new else "",
            rows=rows,
            values=[*(changes[row] for row in sorted(changes)), *appended],
            style=style,
            header_style=_HEADER,
            palette=(_EXAMPLE_FACE,),
            width=new.width if new else None,
            hidden=new.hidden if new else False,
            header_message=Validation(prompt_title=new.heading, prompt=new.help) if new else None,
            new=new is not None,
        )


def _marks_example(value: Any) -> bool:
    return isinstance(value, str) and value.lstrip().startswith(EXAMPLE_MARK)
