"""How close a run comes to its providers' own speed, and what the ledger costs.

    python benchmarks/generation.py [--pictures 1000] [--latency 2.0] [--slots 20]

A local provider in its own process answers after `latency` seconds; with k slots, N pictures can
take no less than N x latency / k. Printed: the ratio to that, the ledger's own CPU a picture, and
how much the memory grew.
"""

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.generation.shop import MODELS, Shop, environ_of
from tests.providers.process import running
from tierbook import generation
from tierbook.engines.openai_images import OpenAIImages
from tierbook.generation.desk import Desk


class MeasuredDesk(Desk):
    """A desk that adds up the CPU its thread spends in the ledger."""

    cpu = 0.0

    def _together(self, calls: list[Callable[[], Any]]) -> Any:
        before = time.thread_time()
        try:
            return super()._together(calls)
        finally:
            MeasuredDesk.cpu += time.thread_time() - before


def unlimited(slots: int) -> OpenAIImages:
    """Give an engine with this many slots and no limit a minute."""
    engine = OpenAIImages()
    engine.capabilities = replace(engine.capabilities, concurrency=slots, per_minute=1_000_000)
    return engine


def measure(pictures: int, latency: float, slots: int, folder: Path) -> None:
    """Make the pictures and print what it took."""
    from tierbook.generation import runner

    runner.Desk = MeasuredDesk
    provider: AbstractContextManager[Any] = running("openai_images", folder / "log")
    with provider as served:
        served.order(latency=latency, price=39_990)
        shop = Shop(folder, engine=MODELS["openai_images"], rows=pictures)
        ledger = generation.open_ledger(folder / "home")
        options = shop.options(environ_of(served), pace=generation.Pace())
        work = generation.plan_work(shop.answers(), ledger, options)
        # The start-up (certificates, libraries, first connection) is told apart.
        first = replace(work, to_make=work.to_make[:1])
        engines = {"openai_images": unlimited(slots)}
        began = time.perf_counter()
        asyncio.run(generation.carry_out(first, ledger, engines, options))
        startup = time.perf_counter() - began - latency
        rest = replace(work, to_make=work.to_make[1:])
        MeasuredDesk.cpu = 0.0
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        cpu, began = time.process_time(), time.perf_counter()
        outcome = asyncio.run(generation.carry_out(rest, ledger, engines, options))
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
        grew = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
        ledger.close()
    count = len(rest.to_make)
    ideal = count * latency / slots
    assert outcome.made == count, outcome
    print(f"{count} pictures, {latency} s each, {slots} at once; start-up {startup:.2f} s")
    print(f"took {took:.2f} s, at least {ideal:.2f} s are the provider's: ratio {took / ideal:.3f}")
    print(f"CPU {cpu / count * 1000:.2f} ms a picture, of it ledger ", end="")
    print(f"{MeasuredDesk.cpu / count * 1000:.2f} ms; memory grew by {grew / 1024:.1f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--latency", type=float, default=2.0)
    parser.add_argument("--slots", type=int, default=20)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        measure(chosen.pictures, chosen.latency, chosen.slots, Path(temporary))
