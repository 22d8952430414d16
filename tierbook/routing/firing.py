"""Fire the rubric: which rules fit each request, and which of them decides."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tierbook.model import HOLD_TIER, Configuration, Problem, RequestTable
from tierbook.routing.hits import Decider, HitPolicy, Violation
from tierbook.routing.inputs import RubricInputs, rubric_inputs
from tierbook.routing.matching import Matched, match
from tierbook.routing.rubric import CompiledRubric, compile_rubric

NO_RULE = -1


@dataclass(frozen=True)
class Fired:
    """What the rubric says before any person's word is heard.

    Attributes:
        compiled: The rules that decide.
        inputs: The columns they test.
        matched: All rules that fit each request.
        winners: The deciding rule of each pattern of `matched`, `NO_RULE` for none.
        winner: The same for each request, intp, shape (n,).
        violations: By pattern: rules that fit together although the hit policy forbids it.
    """

    compiled: CompiledRubric
    inputs: RubricInputs
    matched: Matched
    winners: NDArray[np.intp]
    winner: NDArray[np.intp]
    violations: dict[int, Violation]


def fire(requests: RequestTable, configuration: Configuration) -> tuple[Fired, list[Problem]]:
    """Match every request against the rubric.

    Raises:
        RubricError: The rubric has no tier column, or a hit policy that gives no tier.
    """
    compiled, problems = compile_rubric(configuration.rubric)
    inputs, more = rubric_inputs(requests, configuration, compiled)
    matched = match(compiled.cells(), inputs.columns, len(requests), len(compiled.rules))
    winners, violations = winning_rules(compiled, matched.fitting())
    fired = Fired(compiled, inputs, matched, winners, winners[matched.pattern], violations)
    return fired, problems + more


def winning_rules(
    compiled: CompiledRubric, patterns: Sequence[Sequence[int]]
) -> tuple[NDArray[np.intp], dict[int, Violation]]:
    """Choose the deciding rule of each pattern by the hit policy.

    First, Rule order and Collect take the topmost rule; Priority, Output order and Collect Max
    the most careful tier (HOLD, then the highest); Collect Min the cheapest tier.
    """
    tiers = [rule.answer.tier for rule in compiled.rules]
    outputs = [(rule.answer,) for rule in compiled.rules]
    strict = compiled.policy in (HitPolicy.UNIQUE, HitPolicy.ANY)
    judged = Decider(compiled.policy, outputs).decide(patterns).violations if strict else ()
    violations = {violation.pattern: violation for violation in judged}
    winners = [
        NO_RULE if not fitting or at in violations else _choose(compiled.policy, fitting, tiers)
        for at, fitting in enumerate(patterns)
    ]
    return np.array(winners, dtype=np.intp), violations


def _choose(policy: HitPolicy, fitting: Sequence[int], tiers: Sequence[int]) -> int:
    def care(rule: int) -> tuple[bool, int]:
        return tiers[rule] == HOLD_TIER, tiers[rule]

    if policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT_MAX):
        return max(fitting, key=care)
    return min(fitting, key=care) if policy is HitPolicy.COLLECT_MIN else fitting[0]
