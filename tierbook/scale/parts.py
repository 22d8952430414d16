"""The parts of a big Parquet file: which rows each has, and how one is answered and written."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as _pa
import pyarrow.parquet as _pq

from tierbook.errors import NotAWorkbook, NothingToRoute
from tierbook.model import Configuration
from tierbook.scale.answers import NUMBERS
from tierbook.scale.batches import Answerer
from tierbook.scale.deciding import HEADINGS
from tierbook.scale.layout import Layout, is_text, layout
from tierbook.scale.report import Totals
from tierbook.scale.survey import witnesses
from tierbook.workbook.reading import ReadOptions

# pyarrow comes without types.
pa: Any = _pa
pq: Any = _pq

# Ends the names of files that are being written.
UNFINISHED: Final = ".unfinished"
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
        witnesses: Rows that speak for the whole file.
        dictionaries: Names of the text columns read as dictionaries.
        cut: How many rows parts and batches have.
        parts: All parts in order.
    """

    source: Path
    layout: Layout
    configuration: Configuration
    today: date
    witnesses: Sequence[Sequence[Any]]
    dictionaries: tuple[str, ...]
    cut: Cut
    parts: tuple[Part, ...]

    def answerer(self) -> Answerer:
        """Make what answers any part; parts answered one after another should share one."""
        return Answerer(self.layout, self.configuration, self.today, self.witnesses)


def plan(
    source: Path, configuration: Configuration, today: date, options: ReadOptions, cut: Cut
) -> Job:
    """Look over the source and cut it into parts.

    Raises:
        NotAWorkbook: The file is damaged or no Parquet file.
        NothingToRoute: There is no column of SKUs, or no row.
    """
    with _opened(source, ()) as parquet:
        if not parquet.metadata.num_rows:
            raise NothingToRoute(
                f"{source.name} has columns but no rows.", fix="write the catalog into it again."
            )
        columns = layout(source, parquet.schema_arrow, configuration, options)
        return Job(
            source,
            columns,
            configuration,
            today,
            witnesses(parquet, columns),
            _repeating(parquet),
            cut,
            tuple(_parts(parquet.metadata, cut.part)),
        )


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
        if rows >= least or group == metadata.num_row_groups - 1:
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


def answer_part(job: Job, part: Part, target: Path, answerer: Answerer) -> Totals:
    """Answer one part and write it to `target`, whole or not at all."""
    unfinished = target.with_name(f".{target.stem}.{os.getpid()}{UNFINISHED}")
    totals = Totals()
    try:
        with _opened(job.source, job.dictionaries) as parquet:
            schema = _answered_schema(job, parquet.schema_arrow)
            with _writer(unfinished, schema, parquet.metadata.row_group(part.first_group)) as out:
                row = part.first_row + 1
                for batch in _batches(parquet, part, job.cut.batch):
                    outputs, counted = answerer.answer(batch, row)
                    out.write_table(_joined(job.layout, batch, outputs))
                    totals += counted
                    row += batch.num_rows
        _flush(unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return totals


def _batches(parquet: Any, part: Part, rows: int) -> Iterator[Any]:
    groups = list(range(part.first_group, part.end_group))
    return parquet.iter_batches(batch_size=rows, row_groups=groups, use_threads=True)


def _names(columns: Layout) -> Mapping[str, str]:
    """Name our columns: a seller's own of the same name keeps it and ours gets a suffix."""
    ours = set(columns.outputs.values())
    taken = {name for at, name in enumerate(columns.names) if at not in ours}
    return {h: f"{h} (Tierbook)" if h in taken else h for h in HEADINGS}


def _joined(columns: Layout, batch: Any, outputs: Mapping[str, Any]) -> Any:
    """Put our columns in the place they had, or behind the seller's."""
    arrays, names = list(batch.columns), list(batch.schema.names)
    for heading, name in _names(columns).items():
        if heading in columns.outputs:
            arrays[columns.outputs[heading]] = outputs[heading]
        else:
            arrays.append(outputs[heading])
            names.append(name)
    return pa.Table.from_arrays(arrays, names=names)


def _answered_schema(job: Job, schema: Any) -> Any:
    """Describe the part as it is written: dictionaries stay what they are."""
    fields = list(schema)
    for heading, name in _names(job.layout).items():
        kind = NUMBERS.get(heading)
        written = pa.type_for_alias(kind) if kind else pa.dictionary(pa.int32(), pa.string())
        field = pa.field(name, written)
        if heading in job.layout.outputs:
            fields[job.layout.outputs[heading]] = field.with_name(
                fields[job.layout.outputs[heading]].name
            )
        else:
            fields.append(field)
    return pa.schema(fields, metadata=schema.metadata)


def _writer(path: Path, schema: Any, like: Any) -> Any:
    codec = like.column(0).compression if like.num_columns else "SNAPPY"
    # Collecting a dictionary of texts that do not repeat is the dearest part of writing.
    repeating = [field.name for field in schema if not is_text(field.type) or _coded(field.type)]
    return pq.ParquetWriter(path, schema, compression=codec, use_dictionary=repeating)


def _coded(kind: Any) -> bool:
    return bool(pa.types.is_dictionary(kind))


def _flush(path: Path) -> None:
    """Have the file on the disk before its name says that it is finished."""
    with path.open("rb+") as written:
        os.fsync(written.fileno())
