"""Kill runs at random moments, two at once, and hold the ledger against the providers' own logs.

`python -m tests.generation.kill_storm --kills 1000 --seed 7` prints what it found; exit code 1
when a promise was broken.
"""

import argparse
import contextlib
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.generation.oracle import states, violations
from tests.generation.shop import MODELS, environ_of
from tests.generation.zygote import Zygote
from tests.providers.process import RunningProvider, running

ENGINES = ("openai_images", "bfl", "fal_queue")
ROWS = 16
PRICE = 39_990
# Room for two pictures in three: the cap is reached in most scenarios.
CAP = 11 * 40_020
CHANCES = {
    "reset_before": 0.04,
    "reset_after": 0.06,
    "half_body": 0.03,
    "429_seconds": 0.06,
    "500_charged": 0.03,
    "500_uncharged": 0.03,
    "no_picture": 0.02,
    "poll_500": 0.05,
    "poll_reset": 0.05,
    "job_lost": 0.03,
    "url_expired_once": 0.05,
    "result_half": 0.05,
    "result_500": 0.05,
}
_LONGEST_LIFE = 0.6
_ROUNDS = 12


@dataclass
class Storm:
    """What came of it."""

    seed: int
    kills: int = 0
    runs: int = 0
    scenarios: int = 0
    charges: int = 0
    states: Counter[str] = field(default_factory=Counter[str])
    broken: list[str] = field(default_factory=list[str])

    def report(self) -> str:
        of = dict.fromkeys(("paid twice", "over the cap", "not recorded", "left"), 0)
        for one in self.broken:
            kind = next((kind for kind in of if one.startswith(kind)), "over the cap")
            of[kind] += 1
        found = ", ".join(f"{count} {kind}" for kind, count in of.items())
        by_state = ", ".join(f"{state} {count}" for state, count in sorted(self.states.items()))
        return (
            f"seed {self.seed}: {self.kills} kills in {self.runs} runs, {self.scenarios} "
            f"scenarios, {self.charges} charges by the providers' logs\n{found}\n"
            f"attempts at the end: {by_state}"
        )


def storm(kills: int, seed: int, folder: Path, broken: str = "") -> Storm:
    """Kill until `kills` runs have died; every scenario then ends undisturbed and is checked."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, hides nothing
    result = Storm(seed)
    with contextlib.ExitStack() as stack:
        providers = [stack.enter_context(running(e, folder / f"{e}.log")) for e in ENGINES]
        zygotes = [Zygote(), Zygote()]
        for zygote in zygotes:
            stack.callback(zygote.close)
        while result.kills < kills:
            provider = providers[result.scenarios % len(providers)]
            home = folder / f"scenario-{result.scenarios}"
            home.mkdir()
            _scenario(home, provider, zygotes, dice, result, kills, broken)
            if broken and result.broken:
                break
    return result


def _scenario(
    folder: Path,
    provider: RunningProvider,
    zygotes: list[Zygote],
    dice: random.Random,
    result: Storm,
    kills: int,
    broken: str,
) -> None:
    before = len(provider.lines())
    orders = [_order(folder, provider, number, broken) for number in range(len(zygotes))]
    provider.order(
        chances=CHANCES, price=PRICE, latency=0.03, polls_until_done=2, seed=dice.getrandbits(32)
    )
    for _ in range(_ROUNDS):
        for zygote, order in zip(zygotes, orders, strict=True):
            zygote.start({**order, "kill_after": dice.uniform(0.01, _LONGEST_LIFE)})
        ends = [zygote.wait() for zygote in zygotes]
        result.runs += len(ends)
        result.kills += sum(end["killed"] for end in ends)
        if result.kills >= kills or not any(end["killed"] for end in ends):
            break
    provider.order(price=PRICE)
    last = zygotes[0].run(orders[0])
    result.runs += 1
    charges = [line for line in provider.lines()[before:] if "charge" in line]
    found = violations(charges, folder / "home", cap=CAP)
    if last["killed"] or "error" in last:
        found.append(f"left: the undisturbed run failed: {last}")
    left = states(folder / "home")
    in_flight = {"reserved", "sending", "submitted", "ready"} & set(left)
    found += [f"left {state}" for state in in_flight]
    result.broken += [f"{one} (scenario {result.scenarios})" for one in found]
    result.states.update(left)
    result.charges += len(charges)
    result.scenarios += 1


def _order(folder: Path, provider: RunningProvider, number: int, broken: str) -> dict[str, Any]:
    return {
        "folder": str(folder),
        "home": str(folder / "home"),
        "engine": MODELS[provider.engine],
        "rows": ROWS,
        "cap": CAP,
        "environ": environ_of(provider),
        "result": str(folder / f"result-{number}.json"),
        "broken": broken,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args()
    seed = random.SystemRandom().getrandbits(32) if chosen.seed is None else chosen.seed
    print(f"seed {seed}", flush=True)  # noqa: T201 - a script
    with tempfile.TemporaryDirectory() as folder:
        result = storm(chosen.kills, seed, Path(folder))
    print(result.report())  # noqa: T201 - a script
    for one in result.broken:
        print("BROKEN:", one)  # noqa: T201 - a script
    return int(bool(result.broken))


if __name__ == "__main__":
    sys.exit(main())
