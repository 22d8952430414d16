"""Classes of rows that no rule tells apart: one row of each, read, and what its prompt weighs."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.model import Decisions, RequestTable, text_column
from tierbook.routing.rubric import CompiledRubric
from tierbook.scale.deciding import Decider, ReadRows
from tierbook.scale.layout import Layout, Role


class Classes:
    """Rows that no rule tells apart, and what each class's prompt adds to a length.

    Attributes:
        place: Where each class stands in `read`, -1 where it is no request, shape (classes,).
        base: Bytes of its prompt without the texts that differ from row to row.
        times: By heading: how often its prompt holds that text.
        by_prompt: Whether its price depends on the prompt's length.
        asks: By heading of a PLACE field: whether its reason names the number itself.
    """

    def __init__(self, decider: Decider, layout: Layout, compiled: CompiledRubric) -> None:
        self._decider, self._compiled = decider, compiled
        self._read: ReadRows | None = None
        self.place = np.empty(0, np.int64)
        self.base = np.empty(0, np.int64)
        self.by_prompt = np.empty(0, np.bool_)
        self.times = {
            f.heading: np.empty(0, np.int64)
            for f in layout.fields
            if f.in_prompts and f.role is Role.TEXT
        }
        self.asks = {
            f.heading: np.empty(0, np.bool_) for f in layout.fields if f.role is Role.PLACE
        }

    @property
    def read(self) -> ReadRows:
        """One row of each class, as read."""
        if self._read is None:
            raise ValueError("no class was added yet")
        return self._read

    def add(self, rows: list[list[Any]], sizes: Mapping[str, NDArray[np.int64]]) -> None:
        """Read one row of each new class; `sizes` are the bytes of its own texts."""
        read, start = self._decider.read(rows), self._decider.witnesses
        shift = 0 if self._read is None else len(self._read.table) - start
        self._read = read if self._read is None else self._read.joined(read, start)
        self.place = np.append(self.place, np.where(read.place >= 0, read.place + shift, -1))
        decisions = self._decider.decided(read.table)
        by_prompt = self._decider.priced_by_prompt(read.table, decisions)
        base = self._decider.prompt_bytes(read.table, decisions)
        times = {h: self._times(read.table, decisions, base, h) for h in self.times}
        # A row that is no request stands for nothing: place 0 lends it harmless values.
        at = np.maximum(read.place, 0)
        if not len(read.table):
            self._add_nothing(len(rows))
            return
        own = sum((times[h][at] * sizes[h] for h in times), np.zeros(len(at), np.int64))
        self.base = np.append(self.base, base[at] - own)
        self.by_prompt = np.append(self.by_prompt, by_prompt[at])
        self.times = {h: np.append(known, times[h][at]) for h, known in self.times.items()}
        for heading, known in self.asks.items():
            asked = self._asking(heading)
            told = np.array([rule in asked for rule in decisions.rule[at]], np.bool_)
            self.asks[heading] = np.append(known, told)

    def _times(
        self, table: RequestTable, decisions: Decisions, base: NDArray[np.int64], heading: str
    ) -> NDArray[np.int64]:
        """Ask the composer how often each prompt holds a text: make it longer, and look."""
        column = table.column(heading)
        longer = text_column([f"{v.strip()}x" if v and v.strip() else v for v in column.tolist()])
        columns = {**table.columns, heading: longer}
        return self._decider.prompt_bytes(replace(table, columns=columns), decisions) - base

    def _asking(self, heading: str) -> set[str]:
        """Name the rules that compare an input; "" stands for no rule, which tells of all."""
        names = [contract.folded(name) for name in self._compiled.inputs]
        at = names.index(contract.folded(heading))
        return {"", *(rule.rule.name for rule in self._compiled.rules if at in rule.asks())}

    def _add_nothing(self, count: int) -> None:
        self.base = np.append(self.base, np.zeros(count, np.int64))
        self.by_prompt = np.append(self.by_prompt, np.zeros(count, np.bool_))
        self.times = {h: np.append(t, np.zeros(count, np.int64)) for h, t in self.times.items()}
        self.asks = {h: np.append(a, np.zeros(count, np.bool_)) for h, a in self.asks.items()}

    def lengths(
        self, classes: NDArray[np.int64], sizes: Mapping[str, NDArray[np.int64]]
    ) -> NDArray[np.int64]:
        """Work out the bytes of each row's prompt; 0 where no price asks for them."""
        lengths = self.base[classes]
        for heading, times in self.times.items():
            lengths += times[classes] * sizes[heading]
        lengths[~self.by_prompt[classes]] = 0
        return lengths
