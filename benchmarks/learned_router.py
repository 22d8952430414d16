"""Train on made-up shops, route their later pictures, and compare with the truth.

    python -m benchmarks.learned_router [--first SEED] [--shops N] [--case WORD]

Nothing is estimated here: the world tells what every picture would have done in every tier. Each
shop is another seed. Cases marked * are those in which the learned router is expected to have a
hard time; they are printed as they come out.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.shop_world import COST, Period, World
from tierbook import configuration
from tierbook.model import Configuration
from tierbook.routing.learning.deciding import decide_learned
from tierbook.routing.learning.model import Gate, TrainedRouter
from tierbook.routing.learning.training import train

LATER = 20_000
WANTED = -0.30


@dataclass(frozen=True)
class Case:
    """What the log of a shop is like: rows, share tried out, drift of the later period."""

    name: str
    rows: int
    share: float = 0.15
    drift: float = 0.0


CASES = (
    Case("50,000 rows", 50_000),
    Case("20,000 rows", 20_000),
    Case("10,000 rows", 10_000),
    Case("* 5,000 rows", 5_000),
    Case("* 20,000 rows, 5 % tried out", 20_000, share=0.05),
    Case("* 20,000 rows, nothing tried out", 20_000, share=0.0),
    Case("* 20,000 rows, tastes change", 20_000, drift=1.0),
)


@dataclass(frozen=True)
class Outcome:
    """The truth of a later period, against the rubric: approval in points, cost as a share."""

    seed: int
    passed: bool
    approval: float
    cost: float
    approval_at_best: float
    cost_at_best: float
    worth: float
    seconds: float


def main() -> None:
    """Print one block a case: a line a shop, then the distribution."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--first", type=int, default=1_000, help="seed of the first shop")
    asked.add_argument("--shops", type=int, default=20)
    asked.add_argument("--case", default="", help="only cases whose name holds this")
    options = asked.parse_args()
    settings = configuration.defaults()
    for case in CASES:
        if options.case not in case.name:
            continue
        print(f"\n{case.name}", flush=True)
        outcomes: list[Outcome] = []
        for seed in range(options.first, options.first + options.shops):
            found = trial(case, seed, settings)
            if found is None:
                print(f"  shop {seed}: nothing could be learned")
                continue
            outcomes.append(found)
            print(f"  {line(found)}", flush=True)
        for sentence in distribution(outcomes):
            print(f"  {sentence}", flush=True)


def trial(case: Case, seed: int, settings: Configuration) -> Outcome | None:
    """Train on a shop's log and hold the router against the truth of its later period."""
    world = World(settings, seed, case.drift)
    log = world.log(world.period(case.rows, 0, 180), case.share, seed)
    started = time.process_time()
    router, _ = train(log, settings)
    seconds = time.process_time() - started
    if router is None:
        return None
    later = world.period(LATER, 250, 60, later=True)
    rows = np.flatnonzero(later.decisions.tier > 0)
    rubric = later.decisions.tier[rows]
    base = truth(later, rows, rubric)
    learned = truth(later, rows, routed(router, later, settings)[rows])
    best = truth(later, rows, cheapest(later.chance[rows], base[0]))
    return Outcome(
        seed,
        router.passed,
        learned[0] - base[0],
        learned[1] / base[1] - 1,
        best[0] - base[0],
        best[1] / base[1] - 1,
        router.picture_value / 1e6,
        seconds,
    )


def truth(later: Period, rows: np.ndarray, tier: np.ndarray) -> tuple[float, float]:
    """Give the true approval and cost in dollars of a picture."""
    return float(later.chance[rows, tier - 1].mean()), float(COST[tier - 1].mean()) / 1e6


def routed(router: TrainedRouter, later: Period, settings: Configuration) -> np.ndarray:
    """Let the router decide as it would in a run, gates or no gates."""
    trusted = replace(router, gates=(Gate("let through", True, "", ""),))
    costs = np.tile(COST, (LATER, 1))
    decided, _ = decide_learned(later.requests, settings, trusted, later.decisions, costs)
    return decided.decisions.tier


def cheapest(chance: np.ndarray, approval: float) -> np.ndarray:
    """Choose as one would who knew every chance: the least cost for the rubric's approval."""
    low, high = 0.0, 32e6
    for _ in range(40):
        middle = (low + high) / 2
        tier = (chance * middle - COST).argmax(axis=1)
        reached = chance[np.arange(len(chance)), tier].mean()
        low, high = (low, middle) if reached >= approval else (middle, high)
    return (chance * high - COST).argmax(axis=1) + 1


def line(found: Outcome) -> str:
    """Spell one shop."""
    verdict = "passed " if found.passed else "refused"
    return (
        f"shop {found.seed} {verdict} approval {found.approval:+.2%}, cost {found.cost:+.1%}; "
        f"knowing all {found.cost_at_best:+.1%}; worth {found.worth:.2f}; "
        f"{found.seconds:.2f} CPU s"
    )


def distribution(outcomes: list[Outcome]) -> Iterator[str]:
    """Sum up the shops whose router passed, and what those refused would have done."""
    for name, some in (
        ("passed", [one for one in outcomes if one.passed]),
        ("refused", [one for one in outcomes if not one.passed]),
    ):
        if not some:
            yield f"{name} 0"
            continue
        approval = np.array([one.approval for one in some])
        cost = np.array([one.cost for one in some])
        yield (
            f"{name} {len(some)}: approval {np.median(approval):+.2%} "
            f"({approval.min():+.2%} to {approval.max():+.2%}), lower in {(approval < 0).sum()}; "
            f"cost {np.median(cost):+.1%} ({cost.min():+.1%} to {cost.max():+.1%}), "
            f"30 % lower in {(cost <= WANTED).sum()}, both in "
            f"{((cost <= WANTED) & (approval >= 0)).sum()}"
        )


if __name__ == "__main__":
    main()
