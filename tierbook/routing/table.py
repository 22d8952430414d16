"""Decision tables over whole columns.

`DecisionTable` is the public face. `decide` takes and gives pandas DataFrames; `match` and
`outcomes` below it work on NumPy columns and import no pandas.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tierbook.errors import RubricError
from tierbook.routing.cells import InputCells
from tierbook.routing.hits import NUMERIC, ORDERED, Decider, HitPolicy, Outcomes, Violation
from tierbook.routing.matching import InputColumn, Matched, match
from tierbook.routing.terms import Test, fold
from tierbook.routing.unary import UnreadableCell, parse

if TYPE_CHECKING:
    import pandas as pd

MATCHED_RULES = "matched_rules"


@dataclass(frozen=True)
class DecisionTable:
    """A decision table with DMN's semantics; build it with `from_rows`.

    Attributes:
        inputs: Names of the columns the rules test.
        outputs: Names of the columns the rules set.
        tests: The tests of each rule, in the order of `inputs`.
        decider: The hit policy with the outputs of each rule.
        default: Outputs where no rule fits, or None.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    tests: tuple[tuple[Test, ...], ...]
    decider: Decider
    default: tuple[Any, ...] | None = None

    @classmethod
    def from_rows(
        cls,
        inputs: Sequence[str],
        outputs: Sequence[str],
        rules: Sequence[Mapping[str, Sequence[Any]]],
        hit_policy: str = "FIRST",
        output_values: Sequence[Sequence[Any]] | None = None,
        default: Sequence[Any] | Mapping[str, Any] | None = None,
    ) -> "DecisionTable":
        """Build a table from the rows a seller would type.

        Args:
            inputs: Names of the input columns.
            outputs: Names of the output columns.
            rules: For each rule `{"when": cells, "then": values}`, one cell per input in the
                grammar of `tierbook.routing.unary` and one value per output.
            hit_policy: A name of `HitPolicy` or its DMN letter.
            output_values: The values of each output, highest priority first; PRIORITY and
                OUTPUT ORDER need it.
            default: Outputs where no rule fits: a list, or a mapping by output name.

        Raises:
            RubricError: A cell cannot be read, a rule has the wrong number of cells, or the hit
                policy does not suit the outputs.
        """
        policy = HitPolicy.read(hit_policy)
        _refuse_twins(inputs, outputs)
        for number, rule in enumerate(rules, start=1):
            _refuse_wrong_length(number, rule, len(inputs), len(outputs))
        then = tuple(tuple(rule["then"]) for rule in rules)
        _refuse_unsuited(policy, outputs, then, output_values)
        return cls(
            inputs=tuple(inputs),
            outputs=tuple(outputs),
            tests=tuple(
                _tests(number, inputs, rule["when"]) for number, rule in enumerate(rules, start=1)
            ),
            decider=Decider(policy, then, output_values),
            default=_default(outputs, default),
        )

    def match(self, columns: Mapping[str, InputColumn], rows: int) -> Matched:
        """Find all rules that fit each row.

        Args:
            columns: One array of `rows` values per input, by name.
            rows: The number of rows.
        """
        cells = [InputCells([tests[at] for tests in self.tests]) for at in range(len(self.inputs))]
        return match(cells, [columns[name] for name in self.inputs], rows, len(self.tests))

    def outcomes(self, matched: Matched) -> Outcomes:
        """Apply the hit policy to each pattern of rules; violations come back, none raises."""
        return self.decider.decide(matched.fitting())

    def decide(self, frame: "pd.DataFrame") -> "pd.DataFrame":
        """Decide each row of the frame.

        Returns:
            A frame with the same index: one column per output, and `matched_rules`, the list of
            1-based numbers of all rules that fit. Without a hit the outputs are None, or the
            default. Rows with the same matches share their lists: copy before changing one.

        Raises:
            RubricError: An input column is missing, or a row violates UNIQUE or ANY.
        """
        from tierbook.routing.frames import input_column, output_frame

        columns = {name: input_column(frame, name) for name in self.inputs}
        matched = self.match(columns, len(frame))
        outcomes = self.outcomes(matched)
        if outcomes.violations:
            row, violation = first_violation(matched, outcomes.violations)
            label = f"Row {frame.index[row]!r}"
            raise RubricError(violation_message(label, violation), fix=VIOLATION_FIX)
        blank = self.default or (None,) * len(self.outputs)
        results = [blank if values is None else values for values in outcomes.values]
        named = {name: [values[at] for values in results] for at, name in enumerate(self.outputs)}
        named[MATCHED_RULES] = matched.fitting(first=1)
        return output_frame(named, matched.pattern, frame.index)


VIOLATION_FIX = "Make the rules exclude each other, or use hit policy FIRST."


def first_violation(matched: Matched, violations: Sequence[Violation]) -> tuple[int, Violation]:
    """Return the first row that breaks the hit policy, with its violation."""
    by_pattern = {violation.pattern: violation for violation in violations}
    broken = np.isin(matched.pattern, list(by_pattern))
    row = int(np.argmax(broken))
    return row, by_pattern[int(matched.pattern[row])]


def violation_message(row: str, violation: Violation, names: Sequence[str] = ()) -> str:
    """Say which row fits which rules although the policy forbids it."""
    rules = [names[rule] if names else str(rule + 1) for rule in violation.rules]
    listed = f"{', '.join(rules[:-1])} and {rules[-1]}"
    allowed = (
        "lets only one rule fit"
        if violation.policy is HitPolicy.UNIQUE
        else "wants all that fit to agree, and their outputs differ"
    )
    return f"{row} fits rules {listed}; hit policy {violation.policy.value} {allowed}."


def _tests(number: int, inputs: Sequence[str], cells: Sequence[Any]) -> tuple[Test, ...]:
    tests: list[Test] = []
    for name, cell in zip(inputs, cells, strict=True):
        try:
            tests.append(parse(cell))
        except UnreadableCell as unreadable:
            raise UnreadableCell(
                f'Rule {number}, input "{name}": {unreadable.message}', fix=unreadable.fix
            ) from None
    return tuple(tests)


def _refuse_twins(inputs: Sequence[str], outputs: Sequence[str]) -> None:
    for names in (list(inputs), [*outputs, MATCHED_RULES]):
        twin = next((name for name in names if names.count(name) > 1), None)
        if twin is not None:
            raise RubricError(f'The column "{twin}" is there twice.', fix="Rename one of them.")


def _refuse_wrong_length(
    number: int, rule: Mapping[str, Sequence[Any]], inputs: int, outputs: int
) -> None:
    for part, wanted in (("when", inputs), ("then", outputs)):
        cells = rule.get(part)
        if cells is None or isinstance(cells, str) or len(cells) != wanted:
            given = 0 if cells is None else 1 if isinstance(cells, str) else len(cells)
            raise RubricError(
                f'Rule {number} has {given} cells in "{part}" where {wanted} are due.',
                fix='Give one cell per column; "any" or None leaves an input open.',
            )


def _refuse_unsuited(
    policy: HitPolicy,
    outputs: Sequence[str],
    then: Sequence[tuple[Any, ...]],
    output_values: Sequence[Sequence[Any]] | None,
) -> None:
    if policy in ORDERED and (output_values is None or len(output_values) != len(outputs)):
        raise RubricError(
            f"Hit policy {policy.value} needs the order of each output's values.",
            fix="Pass output_values: one list per output, the highest priority first.",
        )
    if policy not in NUMERIC:
        return
    for number, values in enumerate(then, start=1):
        for name, value in zip(outputs, values, strict=True):
            if value is not None and (isinstance(value, bool | str)):
                raise RubricError(
                    f'Rule {number}, output "{name}" holds {value!r}, and hit policy '
                    f"{policy.value} needs numbers.",
                    fix="Give every rule a number there, or None.",
                )


def _default(
    outputs: Sequence[str], default: Sequence[Any] | Mapping[str, Any] | None
) -> tuple[Any, ...] | None:
    if default is None:
        return None
    if isinstance(default, Mapping):
        unknown = {fold(str(name)) for name in default} - {fold(name) for name in outputs}
        if not unknown:
            return tuple(default.get(name) for name in outputs)
    elif not isinstance(default, str) and len(default) == len(outputs):
        return tuple(default)
    raise RubricError(
        f"The default {default!r} does not fit the outputs {', '.join(outputs)}.",
        fix="Give one value per output.",
    )
