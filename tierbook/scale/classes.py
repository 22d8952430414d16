"""Classes of rows that no rule tells apart: one row of each, read, decided, its prompt a form."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.model import Column, RequestTable, text_column
from tierbook.routing.deciding import OVERRIDE_ROUTER, RUBRIC_ROUTER
from tierbook.routing.rubric import CompiledRubric
from tierbook.scale.deciding import Decider
from tierbook.scale.forms import Forms, with_gaps
from tierbook.scale.layout import Layout, Role
from tierbook.scale.reading import DecidedRows
from tierbook.workbook.answers import id_ending
from tierbook.workbook.words import sku_key

# Reasons of these name what the rubric's rule saw.
_NAMING_INPUTS = frozenset({RUBRIC_ROUTER, OVERRIDE_ROUTER, ""})


class Classes:
    """Rows that no rule tells apart, and what each class's prompt adds to a length.

    Attributes:
        place: Where each class stands in `rows`, -1 where it is no request, shape (classes,).
        form: Number of its prompt in `forms`.
        by_prompt: Whether its price depends on the prompt's length.
        asks: By heading of a PLACE field: whether its reason names the number itself.
        ending: What its placement adds to a request id, a text.
        key: The folded SKU of the row that stands for it.
        gaps: Headings whose texts fill the gaps of forms, in order.
    """

    def __init__(self, decider: Decider, layout: Layout, compiled: CompiledRubric) -> None:
        self._decider, self._compiled = decider, compiled
        self._rows: DecidedRows | None = None
        self._named = contract.REQUEST_ID in layout.answers
        self.gaps = [f.heading for f in layout.fields if f.in_prompts and f.role is Role.TEXT]
        self.forms = Forms(len(self.gaps))
        self.place = np.empty(0, np.int64)
        self.form = np.empty(0, np.int64)
        self.by_prompt = np.empty(0, np.bool_)
        self.ending: Column = np.empty(0, object)
        self.key: Column = np.empty(0, object)
        self.asks = {
            f.heading: np.empty(0, np.bool_) for f in layout.fields if f.role is Role.PLACE
        }

    @property
    def rows(self) -> DecidedRows:
        """One row of each class, as read and decided."""
        if self._rows is None:
            raise ValueError("no class was added yet")
        return self._rows

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Read and decide one row of each new class."""
        read, start = self._decider.read(rows), self._decider.witnesses
        table = read.table
        columns = {heading: table.column(heading) for heading in self.gaps}
        prompts, read = self._decider.composed(read, with_gaps(self.gaps, columns))
        shift = 0 if self._rows is None else len(self._rows.table) - start
        self._rows = read if self._rows is None else self._rows.joined(read, start)
        self.place = np.append(self.place, np.where(read.place >= 0, read.place + shift, -1))
        rule, router = read.decisions.rule, read.decisions.router
        self.form = self._grown(self.form, self.forms.add(prompts), read, 0)
        self.by_prompt = self._grown(
            self.by_prompt, self._decider.priced_by_prompt(read), read, False
        )
        if self._named:
            self.ending = self._grown(
                self.ending, _each(table, contract.PLACEMENT, id_ending), read, ""
            )
            self.key = self._grown(self.key, _each(table, contract.SKU, _key), read, "")
        naming = np.array([one in _NAMING_INPUTS for one in router], np.bool_)
        for heading, known in self.asks.items():
            asking = self._asking(heading)
            told = naming & np.array([name in asking for name in rule], np.bool_)
            self.asks[heading] = self._grown(known, told, read, False)

    @staticmethod
    def _grown(known: NDArray[Any], column: NDArray[Any], read: DecidedRows, rest: Any) -> Any:
        """Add what is known of the rows read; a row that is no request counts as `rest`."""
        return np.append(known, np.append(column, np.array([rest], known.dtype))[read.place])

    def _asking(self, heading: str) -> set[str]:
        """Name the rules that compare an input; "" stands for no rule, which tells of all."""
        names = [contract.folded(name) for name in self._compiled.inputs]
        if contract.folded(heading) not in names:
            return set()
        at = names.index(contract.folded(heading))
        return {"", *(rule.rule.name for rule in self._compiled.rules if at in rule.asks())}

    def lengths(
        self, classes: NDArray[np.int64], sizes: Mapping[str, NDArray[np.int64]]
    ) -> NDArray[np.int64]:
        """Work out the bytes of each row's prompt; 0 where no price asks for them."""
        forms = self.form[classes]
        lengths = self.forms.base[forms]
        for number, heading in enumerate(self.gaps):
            lengths += self.forms.times[forms, number] * sizes[heading]
        lengths[~self.by_prompt[classes]] = 0
        return lengths


def _key(sku: str) -> str:
    return sku_key(str(sku))


def _each(table: RequestTable, heading: str, spell: Callable[[Any], str]) -> Column:
    """Spell each distinct value of a column once."""
    cells = table.column(heading).tolist()
    known = {value: spell(value) for value in set(cells)}
    return text_column([known[value] for value in cells])
