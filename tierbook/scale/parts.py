"""The parts of a big Parquet file: which rows each has, how its rows are read and answered."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as _pa
import pyarrow.parquet as _pq

from tierbook.errors import NotAWorkbook, NothingToRoute
from tierbook.model import Configuration
from tierbook.routers import Router, choose
from tierbook.scale.batches import Answerer
from tierbook.scale.layout import Layout, is_text, layout
from tierbook.scale.report import Totals
from tierbook.scale.survey import count_products, texts_in_file, values_in_file, witnesses
from tierbook.scale.writing import PartWriter
from tierbook.workbook.atomic import explained
from tierbook.workbook.reading import ReadOptions

# pyarrow comes without types.
pa: Any = _pa
pq: Any = _pq

# A column that takes more bytes a value than this repeats too little to be worth a dictionary.
_DICTIONARY_BYTES: Final = 4.0


@dataclass(frozen=True, slots=True)
class Cut:
    """How a table is cut, in rows: a part has at least `part` (whole row groups), a batch `batch`.

    A batch fits the memory; a part is enough to be worth a file of its own.
    """

    part: int = 1_000_000
    batch: int = 1 << 17


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a run over a big table.

    Attributes:
        reading: What the seller said of the headings.
        settings: The workbook that the settings are from; a learned router lies beside it, or
            beside the table where there is none.
        leave_out: Headings of output columns that are not wanted.
        cut: How the table is cut.
    """

    reading: ReadOptions = field(default_factory=ReadOptions)
    settings: Path | None = None
    leave_out: frozenset[str] = frozenset()
    cut: Cut = field(default_factory=Cut)


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive row groups of the source, [`first_group`, `end_group`), answered as one file."""

    number: int
    first_group: int
    end_group: int
    first_row: int
    rows: int

    @property
    def file_name(self) -> str:
        """The name of the answered part; names sort as the rows do."""
        return f"part-{self.number:05d}.parquet"


@dataclass(frozen=True)
class Job:
    """All that answering any part takes; plain values that can be sent to another machine.

    Attributes:
        source: The Parquet file.
        layout: Its columns.
        configuration: The settings.
        today: The day prices are valid on.
        router: Who decides.
        witnesses: Rows that speak for the whole file.
        dictionaries: Names of the text columns read as dictionaries.
        schema: The pyarrow schema of the rows as they are read.
        codec: How the source is compressed, and the parts with it.
        cut: How many rows parts and batches have.
        parts: All parts in order.
    """

    source: Path
    layout: Layout
    configuration: Configuration
    today: date
    router: Router
    witnesses: Sequence[Sequence[Any]]
    dictionaries: tuple[str, ...]
    schema: Any
    codec: str
    cut: Cut
    parts: tuple[Part, ...]

    def answerer(self) -> Answerer:
        """Make what answers any part; parts answered one after another should share one."""
        return Answerer(self.layout, self.configuration, self.today, self.router, self.witnesses)


def plan(source: Path, configuration: Configuration, today: date, asked: Asked) -> Job:
    """Look over the source, choose who decides, and cut it into parts.

    Raises:
        NotAWorkbook: The file is damaged or no Parquet file.
        NothingToRoute: There is no column of SKUs, or no row.
    """
    with _opened(source, ()) as parquet:
        if not parquet.metadata.num_rows:
            raise NothingToRoute(
                f"{source.name} has columns but no rows.", fix="write the catalog into it again."
            )
        schema = parquet.schema_arrow
        wide = layout(source, schema, configuration, asked.reading, "", asked.leave_out)
        products = count_products(wide, values_in_file(parquet, wide))
        router = choose(products, configuration, asked.settings or source)
        name = router.choice.router
        columns = layout(source, schema, configuration, asked.reading, name, asked.leave_out)
        dictionaries = _repeating(parquet)
        with _opened(source, dictionaries) as coded:
            schema = coded.schema_arrow
        return Job(
            source,
            columns,
            configuration,
            today,
            router,
            witnesses(columns, texts_in_file(parquet, columns)),
            dictionaries,
            schema,
            parquet.metadata.row_group(0).column(0).compression,
            asked.cut,
            tuple(_parts(parquet.metadata, asked.cut.part)),
        )


def rows_in(source: Path) -> int:
    """Count the rows of a Parquet file, which its footer tells.

    Raises:
        NotAWorkbook: The file is damaged or no Parquet file.
    """
    with _opened(source, ()) as parquet:
        return int(parquet.metadata.num_rows)


def _opened(source: Path, dictionaries: Sequence[str]) -> Any:
    try:
        return pq.ParquetFile(source, read_dictionary=list(dictionaries))
    except (pa.ArrowException, OSError) as error:
        raise NotAWorkbook(
            f"{source.name} is damaged or of a kind Tierbook cannot read: {error}.",
            fix="write it again with the program that made it.",
        ) from None


def _parts(metadata: Any, least: int) -> Iterator[Part]:
    number = first_group = first_row = rows = 0
    for group in range(metadata.num_row_groups):
        rows += metadata.row_group(group).num_rows
        # Row groups without a row at the end belong to no part.
        if rows >= least or (rows and group == metadata.num_row_groups - 1):
            yield Part(number, first_group, group + 1, first_row, rows)
            number, first_group, first_row, rows = number + 1, group + 1, first_row + rows, 0


def _repeating(parquet: Any) -> tuple[str, ...]:
    """Name the text columns whose values repeat, by the bytes the first row group takes."""
    if not parquet.metadata.num_row_groups:
        return ()
    group, schema = parquet.metadata.row_group(0), parquet.schema_arrow
    chunks = (group.column(at) for at in range(group.num_columns))
    small = {
        chunk.path_in_schema
        for chunk in chunks
        if chunk.total_uncompressed_size <= _DICTIONARY_BYTES * max(1, chunk.num_values)
    }
    return tuple(f.name for f in schema if f.name in small and is_text(f.type))


def part_rows(job: Job, part: Part) -> Iterator[Any]:
    """Read the rows of a part as record batches."""
    groups = list(range(part.first_group, part.end_group))
    with _opened(job.source, job.dictionaries) as parquet:
        yield from parquet.iter_batches(batch_size=job.cut.batch, row_groups=groups)


def answer_part(
    job: Job, part: Part, target: Path, answerer: Answerer, batches: Iterable[Any]
) -> Totals:
    """Answer the rows of one part and write them to `target`, whole or not at all.

    Raises:
        WorkbookError: The disk is full, or may not be written to; finished parts stay.
    """
    totals, row = Totals(), part.first_row + 1
    with explained(target), PartWriter(target, job.layout, job.schema, job.codec) as out:
        for batch in batches:
            outputs, counted = answerer.answer(batch, row)
            out.write(batch, outputs)
            totals += counted
            row += batch.num_rows
    return totals
