"""Train on a made-up shop, route its later pictures, and compare with the truth.

    python -m benchmarks.learned_router [--quick]

Nothing is estimated here: the world tells what every picture would have done in every tier. Rows
marked * are cases in which the learned router is expected to have a hard time; they are printed
as they come out.
"""

import sys
import time

import numpy as np

from benchmarks.shop_world import COST, Period, World
from tierbook import configuration
from tierbook.model import Configuration
from tierbook.routing.learning.deciding import decide_learned
from tierbook.routing.learning.model import TrainedRouter
from tierbook.routing.learning.ruling import visibility
from tierbook.routing.learning.training import train

# Case, rows of the log, share tried out, drift of the later period.
CASES = (
    ("5,000 rows", 5_000, 0.15, 0.0),
    ("20,000 rows", 20_000, 0.15, 0.0),
    ("50,000 rows", 50_000, 0.15, 0.0),
    ("* 1,200 rows", 1_200, 0.15, 0.0),
    ("* nothing tried out", 20_000, 0.0, 0.0),
    ("* tastes change", 20_000, 0.15, 1.0),
)
LATER = 20_000


def main() -> None:
    """Print one block a case."""
    quick = "--quick" in sys.argv
    settings = configuration.defaults()
    for seed in range(1 if quick else 3):
        for case, rows, share, drift in CASES[: 2 if quick else None]:
            world = World(settings, seed, drift)
            log = world.log(world.period(rows, 0, 180), share, seed)
            started = time.process_time()
            router, problems = train(log, settings)
            seconds = time.process_time() - started
            print(f"\nseed {seed}, {case}: trained in {seconds:.2f} CPU s")
            for problem in problems:
                print(f"  {problem.message}")
            if router:
                report(router, settings, world.period(LATER, 250, 60, later=True))


def report(router: TrainedRouter, settings: Configuration, later: Period) -> None:
    """Print the gates, and the truth of the later period for rubric, router and oracle."""
    failed = [gate.name for gate in router.gates if not gate.passed]
    print(f"  {router.kind}; gates: {'passed' if not failed else 'FAILED ' + '; '.join(failed)}")
    if failed:
        print("  the rubric goes on deciding")
        return
    costs = np.tile(COST, (LATER, 1))
    decided, _ = decide_learned(
        later.requests, settings, router, later.decisions, costs, seed=0, explore_share=0.0
    )
    value = router.picture_value * visibility(later.requests.columns, LATER, settings)
    best = (later.chance * value[:, None] - COST).argmax(axis=1).astype(np.int8) + 1
    rows = np.flatnonzero(later.decisions.tier > 0)
    kept = Period(later.requests, later.decisions, later.chance[rows], later.day[rows])
    truth = {
        name: kept.worth(tier[rows], value[rows])
        for name, tier in (
            ("rubric", later.decisions.tier),
            ("learned", decided.decisions.tier),
            ("oracle", best),
        )
    }
    base = truth["rubric"]
    print(f"  {'':<8} {'approval':>9} {'cost':>8} {'value':>8}   against the rubric")
    for name, (approval, cost, gain) in truth.items():
        print(
            f"  {name:<8} {approval:>9.2%} {cost:>8.4f} {gain:>8.4f}   approval "
            f"{approval - base[0]:+.2%}, cost {cost / base[1] - 1:+.1%}, "
            f"value {gain / base[2] - 1:+.1%}"
        )


if __name__ == "__main__":
    main()
