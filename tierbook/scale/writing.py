"""Write the answered rows of a part as Parquet: the seller's columns, and ours behind them."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import pyarrow as _pa
import pyarrow.parquet as _pq

from tierbook.scale.answers import NUMBERS
from tierbook.scale.layout import BY_ROW, Layout, is_text

# pyarrow comes without types.
pa: Any = _pa
pq: Any = _pq

# Ends the names of files that are being written.
UNFINISHED: Final = ".unfinished"


class PartWriter:
    """One part while it is written, as a context: whole under its name, or not there at all.

    Args:
        target: The finished file.
        layout: The columns of the source.
        schema: The pyarrow schema of its rows.
        codec: How the file is compressed.
    """

    def __init__(self, target: Path, layout: Layout, schema: Any, codec: str) -> None:
        self._target, self._layout = target, layout
        self._unfinished = target.with_name(f".{target.stem}.{os.getpid()}{UNFINISHED}")
        answered = answered_schema(layout, schema)
        # Collecting a dictionary of texts that do not repeat is the dearest part of writing.
        repeating = [f.name for f in answered if not is_text(f.type) or _coded(f.type)]
        self._writer = pq.ParquetWriter(
            self._unfinished, answered, compression=codec, use_dictionary=repeating
        )

    def __enter__(self) -> "PartWriter":
        """Begin the part."""
        return self

    def write(self, batch: Any, outputs: Mapping[str, Any]) -> None:
        """Write the rows of a record batch with our columns, pyarrow arrays by heading."""
        self._writer.write_table(joined(self._layout, batch, outputs))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the part its name once all of it is on the disk; drop it after an error."""
        try:
            if kind is not None:
                # Closing writes too, and would fail again for the same reason.
                with suppress(OSError):
                    self._writer.close()
            else:
                self._writer.close()
                # On the disk before its name says that it is finished.
                with self._unfinished.open("rb+") as written:
                    os.fsync(written.fileno())
                self._unfinished.replace(self._target)
        finally:
            self._unfinished.unlink(missing_ok=True)


def joined(layout: Layout, batch: Any, outputs: Mapping[str, Any]) -> Any:
    """Put our columns in the place they had, or behind the seller's."""
    arrays, names = list(batch.columns), list(batch.schema.names)
    for heading, name in _names(layout).items():
        if heading in layout.outputs:
            arrays[layout.outputs[heading]] = outputs[heading]
        else:
            arrays.append(outputs[heading])
            names.append(name)
    return pa.Table.from_arrays(arrays, names=names)


def answered_schema(layout: Layout, schema: Any) -> Any:
    """Describe rows as they are written: dictionaries stay what they are."""
    fields = list(schema)
    for heading, name in _names(layout).items():
        written = _kind(heading)
        if heading in layout.outputs:
            at = layout.outputs[heading]
            fields[at] = pa.field(fields[at].name, written)
        else:
            fields.append(pa.field(name, written))
    return pa.schema(fields, metadata=schema.metadata)


def _names(columns: Layout) -> Mapping[str, str]:
    """Name our columns: a seller's own of the same name keeps it and ours gets a suffix."""
    ours = set(columns.outputs.values())
    taken = {name for at, name in enumerate(columns.names) if at not in ours}
    return {h: f"{h} (Tierbook)" if h in taken else h for h in columns.answers}


def _kind(heading: str) -> Any:
    if heading in NUMBERS:
        return pa.type_for_alias(NUMBERS[heading])
    return pa.string() if heading in BY_ROW else pa.dictionary(pa.int32(), pa.string())


def _coded(kind: Any) -> bool:
    return bool(pa.types.is_dictionary(kind))
