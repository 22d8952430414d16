"""Hit policies: from the set of matching rules to the outputs, or to the fault of the table."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from tierbook.errors import RubricError
from tierbook.routing.terms import fold


class HitPolicy(Enum):
    """What a decision table does when several rules fit (DMN's names)."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"
    COLLECT_SUM = "COLLECT SUM"
    COLLECT_MIN = "COLLECT MIN"
    COLLECT_MAX = "COLLECT MAX"
    COLLECT_COUNT = "COLLECT COUNT"

    @classmethod
    def read(cls, name: str) -> "HitPolicy":
        """Read a policy by name or DMN letter, without case; `_`, `-` and brackets are spaces.

        Raises:
            RubricError: There is no such policy.
        """
        plain = fold(re.sub(r"[-_()]", " ", name)).upper()
        found = _LETTERS.get(plain.replace(" ", "").replace("COLLECT", "C"))
        if found is None:
            found = next((policy for policy in cls if policy.value == plain), None)
        if found is None:
            known = ", ".join(policy.value for policy in cls)
            raise RubricError(
                f'There is no hit policy "{name}".', fix=f"Use one of {known}; FIRST fits most."
            )
        return found


_LETTERS = {
    "U": HitPolicy.UNIQUE,
    "A": HitPolicy.ANY,
    "P": HitPolicy.PRIORITY,
    "F": HitPolicy.FIRST,
    "R": HitPolicy.RULE_ORDER,
    "O": HitPolicy.OUTPUT_ORDER,
    "C": HitPolicy.COLLECT,
    "C+": HitPolicy.COLLECT_SUM,
    "C<": HitPolicy.COLLECT_MIN,
    "C>": HitPolicy.COLLECT_MAX,
    "C#": HitPolicy.COLLECT_COUNT,
}
ORDERED = frozenset({HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER})
_STRICT = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY})
NUMERIC = frozenset({HitPolicy.COLLECT_SUM, HitPolicy.COLLECT_MIN, HitPolicy.COLLECT_MAX})

Outputs = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """Rules that fit together although the policy forbids it; 0-based, in table order."""

    pattern: int
    rules: tuple[int, ...]
    policy: HitPolicy


@dataclass(frozen=True)
class Outcomes:
    """What comes of each pattern of matching rules.

    Attributes:
        values: One tuple of outputs per pattern, or None where no rule fits or the policy is
            violated.
        violations: Patterns that break UNIQUE or ANY.
    """

    values: tuple[Outputs | None, ...]
    violations: tuple[Violation, ...]


@dataclass(frozen=True)
class Decider:
    """Applies one hit policy to the rules' outputs.

    Attributes:
        policy: The hit policy.
        outputs: The outputs of each rule.
        output_values: For PRIORITY and OUTPUT ORDER: the values of each output, highest first.
    """

    policy: HitPolicy
    outputs: Sequence[Outputs]
    output_values: Sequence[Sequence[Any]] | None = None

    def decide(self, patterns: Sequence[Sequence[int]]) -> Outcomes:
        """Work out the outputs of each pattern, given as its fitting rules in table order."""
        settle = _SETTLE[self.policy]
        violations = tuple(
            Violation(number, tuple(fitting), self.policy)
            for number, fitting in enumerate(patterns)
            if self._forbidden(fitting)
        )
        broken = {violation.pattern for violation in violations}
        values = tuple(
            settle(self, fitting) if fitting and number not in broken else None
            for number, fitting in enumerate(patterns)
        )
        return Outcomes(values, violations)

    def _forbidden(self, fitting: Sequence[int]) -> bool:
        if self.policy not in _STRICT or len(fitting) < 2:
            return False
        first = self.outputs[fitting[0]]
        return self.policy is HitPolicy.UNIQUE or any(
            not same_outputs(self.outputs[rule], first) for rule in fitting[1:]
        )

    def first(self, fitting: Sequence[int]) -> Outputs:
        """Take the outputs of the topmost rule."""
        return self.outputs[fitting[0]]

    def highest(self, fitting: Sequence[int]) -> Outputs:
        """Take the outputs that stand highest in the output values."""
        return self.outputs[min(fitting, key=self._rank)]

    def listed(self, fitting: Sequence[int]) -> Outputs:
        """List each output in rule order."""
        return tuple([self.outputs[rule][at] for rule in fitting] for at in self._places())

    def listed_by_rank(self, fitting: Sequence[int]) -> Outputs:
        """List each output, the highest output values first."""
        return self.listed(sorted(fitting, key=self._rank))

    def count(self, fitting: Sequence[int]) -> Outputs:
        """Count the rules that fit, in each output."""
        return tuple(len(fitting) for _ in self._places())

    def reduced(self, fitting: Sequence[int]) -> Outputs:
        """Add up each output, or take its least or greatest; blank outputs do not count."""
        reduce = _REDUCE[self.policy]
        columns = ([self.outputs[rule][at] for rule in fitting] for at in self._places())
        present = ([value for value in column if value is not None] for column in columns)
        return tuple(reduce(column) if column else None for column in present)

    def _places(self) -> range:
        return range(len(self.outputs[0]))

    def _rank(self, rule: int) -> tuple[int, ...]:
        return tuple(
            rank_of(value, ranked)
            for value, ranked in zip(self.outputs[rule], self.output_values or (), strict=True)
        )


def same_outputs(left: Outputs, right: Outputs) -> bool:
    """Compare outputs; True and 1 differ."""
    return [(type(a) is bool, a) for a in left] == [(type(b) is bool, b) for b in right]


def rank_of(value: Any, ranked: Sequence[Any]) -> int:
    """Return the place of the value in a list, highest first; unlisted values come last."""
    key = _comparable(value)
    return next((at for at, one in enumerate(ranked) if _comparable(one) == key), len(ranked))


def _comparable(value: Any) -> tuple[bool, Any]:
    return isinstance(value, bool), fold(value) if isinstance(value, str) else value


_SETTLE: Mapping[HitPolicy, Callable[[Decider, Sequence[int]], Outputs]] = {
    HitPolicy.UNIQUE: Decider.first,
    HitPolicy.ANY: Decider.first,
    HitPolicy.PRIORITY: Decider.highest,
    HitPolicy.FIRST: Decider.first,
    HitPolicy.RULE_ORDER: Decider.listed,
    HitPolicy.OUTPUT_ORDER: Decider.listed_by_rank,
    HitPolicy.COLLECT: Decider.listed,
    HitPolicy.COLLECT_SUM: Decider.reduced,
    HitPolicy.COLLECT_MIN: Decider.reduced,
    HitPolicy.COLLECT_MAX: Decider.reduced,
    HitPolicy.COLLECT_COUNT: Decider.count,
}
_REDUCE: Mapping[HitPolicy, Callable[[list[Any]], Any]] = {
    HitPolicy.COLLECT_SUM: sum,
    HitPolicy.COLLECT_MIN: min,
    HitPolicy.COLLECT_MAX: max,
}
