"""Say why: the rule's reason and what it saw, one sentence per distinct set of values."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tierbook.columns import distinct
from tierbook.contract import BUDGET_PER_IMAGE
from tierbook.model import Column, usd
from tierbook.routing.inputs import RubricInputs
from tierbook.routing.matching import Coded
from tierbook.routing.rubric import CompiledRule
from tierbook.routing.terms import known


def shown(value: Any, heading: str = "") -> str:
    """Write a value as a person would: yes/no, short numbers, ISO days, dollars."""
    seen = known(value)
    if seen is None:
        return "blank"
    if isinstance(seen, bool):
        return "yes" if seen else "no"
    if isinstance(seen, Decimal):
        if heading == BUDGET_PER_IMAGE:
            return usd(int(seen * 1_000_000))
        text = format(seen, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(seen, date | datetime):
        return seen.isoformat()
    return " ".join(seen.split())


class SeenValues:
    """The inputs of a rubric as dictionary codes, made on first use."""

    def __init__(self, inputs: RubricInputs) -> None:
        self._inputs = inputs
        self._coded: dict[int, Coded] = {}

    def _column(self, at: int) -> Coded:
        if at not in self._coded:
            coded = self._inputs.columns[at]
            words = [shown(value, self._inputs.headings[at]) for value in coded.values]
            self._coded[at] = Coded(coded.codes, words)
        return self._coded[at]

    def sentences(self, rows: NDArray[np.intp], places: Sequence[int]) -> tuple[Column, list[str]]:
        """Describe what the rows hold in the inputs at `places`.

        Returns:
            For each row the number of its sentence, and the sentences, such as
            `Placement group gallery, Angles 4`.
        """
        columns = [self._column(at) for at in places]
        number = np.zeros(len(rows), dtype=np.int64)
        for column in columns:
            # Renumbering at every step keeps the key below rows x values, far from overflow.
            key = number * (len(column.values) + 1) + column.codes[rows]
            number = np.unique(key, return_inverse=True)[1]
        first: list[int] = np.unique(number, return_index=True)[1].tolist()
        sentences = [
            ", ".join(
                f"{self._inputs.headings[at]} {column.values[int(column.codes[rows[row]])]}"
                for at, column in zip(places, columns, strict=True)
            )
            for row in first
        ]
        return number, sentences


def fill_reasons(
    why: Column,
    winner: NDArray[np.intp],
    rules: Sequence[CompiledRule],
    seen: SeenValues,
    every_input: Sequence[int],
) -> None:
    """Write into `why` the reason of each row; where no rule fits, what the row holds."""
    fired: list[int] = distinct(winner).tolist()
    for at in fired:
        rows = np.flatnonzero(winner == at)
        rule = rules[at] if at >= 0 else None
        number, sentences = seen.sentences(rows, rule.asks() if rule else every_input)
        words = [_reason(rule, sentence) for sentence in sentences]
        why[rows] = np.array(words, dtype=object)[number]


def _reason(rule: CompiledRule | None, saw: str) -> str:
    seen = f" ({saw})" if saw else ""
    if rule is None:
        return f"No rule fits{seen}"
    return f"{rule.rule.name} {rule.rule.why.strip().rstrip('.')}".rstrip() + seen
