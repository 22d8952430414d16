"""How fast tables decide: DecisionTable against DuckDB CASE WHEN and numpy.select, in one run.

    python benchmarks/deciding.py [ROWS]

20 rules on 8 inputs (4 text, 3 numbers, 1 yes/no), First hit. Every engine starts from the same
DataFrame and gives tier and template per row; DecisionTable gives all matching rules as well.
Timings are the best of several rounds taken in turn, so that other load hits all alike. The
answers are compared row by row.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from tests.routing.shop import configuration, requests
from tierbook import DecisionTable
from tierbook.routing import cheaper_if, decide
from tierbook.routing.domain import valid_choices
from tierbook.routing.rubric import compile_rubric
from tierbook.routing.verify import verify

ROWS, ROUNDS, RULES = 1_000_000, 7, 20
WORDS = {
    "placement": [f"placement {at}" for at in range(12)],
    "background": ["white", "solid", "scene", "brand", "studio"],
    "channel": [f"channel {at}" for at in range(8)],
    "category": [f"category {at}" for at in range(30)],
}
NUMBERS = {"angles": (1, 20), "pixels": (600, 5000), "sales": (0, 10_000)}
FLAG = "campaign"
INPUTS = [*WORDS, *NUMBERS, FLAG]
RANDOM = np.random.default_rng(20)


def sheet(rows: int) -> pd.DataFrame:
    text = {name: RANDOM.choice(words, rows) for name, words in WORDS.items()}
    numbers: dict[str, Any] = {
        name: RANDOM.integers(low, high, rows) for name, (low, high) in NUMBERS.items()
    }
    numbers["sales"] = numbers["sales"] + RANDOM.random(rows).round(2)
    return pd.DataFrame(text | numbers | {FLAG: RANDOM.random(rows) < 0.5})


def conditions() -> list[dict[str, tuple[str, str]]]:
    """Make random rules: for each constrained input the cell, and the same in SQL."""
    rules = []
    for _ in range(RULES):
        rule: dict[str, tuple[str, str]] = {}
        for name in RANDOM.choice(INPUTS, 3, replace=False).tolist():
            if name in WORDS:
                chosen = RANDOM.choice(WORDS[name], len(WORDS[name]) // 3 + 1, replace=False)
                listed = ", ".join(f"'{word}'" for word in chosen)
                rule[name] = (", ".join(chosen), f"{name} IN ({listed})")
            elif name in NUMBERS:
                low, high = NUMBERS[name]
                bound = int(RANDOM.integers(low + (high - low) // 4, high))
                rule[name] = (f"<= {bound}", f"{name} <= {bound}")
            else:
                rule[name] = ("yes", f"{name} = TRUE")
        rules.append(rule)
    return rules


def table(rules: list[dict[str, tuple[str, str]]]) -> DecisionTable:
    rows = [
        {
            "when": [rule.get(name, ("any", ""))[0] for name in INPUTS],
            "then": [at % 3 + 1, f"template {at}"],
        }
        for at, rule in enumerate(rules)
    ]
    return DecisionTable.from_rows(INPUTS, ["tier", "template"], rows)


def in_duckdb(rules: list[dict[str, tuple[str, str]]]) -> Callable[[pd.DataFrame], Any]:
    tests = [" AND ".join(sql for _, sql in rule.values()) for rule in rules]
    tier = " ".join(f"WHEN {test} THEN {at % 3 + 1}" for at, test in enumerate(tests))
    template = " ".join(f"WHEN {test} THEN 'template {at}'" for at, test in enumerate(tests))
    query = f"SELECT CASE {tier} END tier, CASE {template} END template FROM frame"  # noqa: S608

    def run(frame: pd.DataFrame) -> Any:
        with duckdb.connect() as base:
            base.execute("SET threads TO 2")
            base.register("frame", frame)
            return base.sql(query).df()

    return run


def in_numpy(rules: list[dict[str, tuple[str, str]]]) -> Callable[[pd.DataFrame], Any]:
    def mask(frame: pd.DataFrame, rule: dict[str, tuple[str, str]]) -> Any:
        fits: Any = np.ones(len(frame), dtype=bool)
        for name, (cell, _) in rule.items():
            if name in WORDS:
                fits &= frame[name].isin(cell.split(", ")).to_numpy()
            elif name in NUMBERS:
                fits &= frame[name].to_numpy() <= int(cell[3:])
            else:
                fits &= frame[name].to_numpy()
        return fits

    tiers = [at % 3 + 1 for at in range(RULES)]
    templates = np.array([*(f"template {at}" for at in range(RULES)), None], dtype=object)

    def run(frame: pd.DataFrame) -> Any:
        masks = [mask(frame, rule) for rule in rules]
        rule = np.select(masks, list(range(RULES)), default=RULES)
        tier = np.array([*tiers, 0])[rule]
        return pd.DataFrame({"tier": tier, "template": pd.Series(templates[rule], dtype=object)})

    return run


def best_of(runs: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Time every run in turn, several rounds, and keep the best of each."""
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(ROUNDS):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def against_others(rows: int) -> None:
    rules = conditions()
    ours, duck, select = table(rules), in_duckdb(rules), in_numpy(rules)
    frames = {"text": sheet(rows)}
    frames["categories"] = frames["text"].astype(dict.fromkeys(WORDS, "category"))
    answers = ours.decide(frames["text"])
    for other in (duck(frames["text"]), select(frames["text"])):
        same = (
            other["tier"].fillna(0).astype(int).to_numpy() == answers["tier"].fillna(0).to_numpy()
        )
        print(f"rows decided alike: {same.mean():.2%}")
    for kind, frame in frames.items():
        best = best_of(
            {
                "DecisionTable": lambda frame=frame: ours.decide(frame),
                "DuckDB CASE WHEN, 2 threads": lambda frame=frame: duck(frame),
                "numpy.select": lambda frame=frame: select(frame),
            }
        )
        for name, seconds in best.items():
            times = seconds / best["DecisionTable"]
            print(
                f"{kind:10} {name:28} {rows / seconds / 1e6:6.1f} M rows/s  {times:5.1f} x the time"
            )


def on_the_run_path() -> None:
    """Decide and explain 10,000 requests, and verify a rubric of 200 rules: CPU time."""
    count, own = 10_000, configuration()
    rows = [
        {
            "SKU": f"S{at}",
            "Placement": own.placements[at % 6].name,
            "Background": ["white", "solid", "scene"][at % 3],
            "Props": at % 5 == 0,
            "Angles": at % 8 + 1,
            "Long edge px": [1200, 2000, 3000][at // 7 % 3],
            "Campaign": ["yes", None][at % 2],
            "Source image": f"{at}.jpg",
        }
        for at in range(count)
    ]
    table, prices = requests(rows), np.tile(np.array([20_000, 180_000, 1_400_000]), (count, 1))
    start = time.process_time()
    decisions, _ = decide(table, own)
    decided = time.process_time()
    cheaper_if(table, own, decisions, prices)
    explained = time.process_time()
    print(f"decide 10,000 requests: {(decided - start) * 1e3:.0f} ms CPU")
    print(f"cheaper_if for them:    {(explained - decided) * 1e3:.0f} ms CPU")
    start = time.process_time()
    verify(compile_rubric(own.rubric)[0], valid_choices(own))
    print(f"verify its rubric:      {(time.process_time() - start) * 1e3:.1f} ms CPU")


if __name__ == "__main__":
    against_others(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
    on_the_run_path()
