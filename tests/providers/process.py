"""Start a local provider in its own process, give it orders, and read its charge log."""

import contextlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class RunningProvider:
    """A provider under way."""

    engine: str
    base: str
    control: int
    log: Path

    def order(self, *faults: str, **orders: Any) -> None:
        """Tell it what to do from now on."""
        self._tell({"orders": {"faults": list(faults), **orders}})

    def listen(self, wanted: bool) -> None:
        """Let it refuse connections, or take them again."""
        self._tell({"listen": wanted})

    def _tell(self, wanted: object) -> None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.control}/", json.dumps(wanted).encode(), method="POST"
        )
        with urllib.request.urlopen(request, timeout=10):  # noqa: S310 - loopback
            pass

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def charges(self) -> list[dict[str, Any]]:
        """Return every charge, as the provider itself wrote it down."""
        return [line for line in self.lines() if "charge" in line]

    def invalid(self) -> list[str]:
        """Return what was wrong with requests."""
        return [line["invalid"] for line in self.lines() if "invalid" in line]


@contextlib.contextmanager
def running(engine: str, log: Path) -> Iterator[RunningProvider]:
    """Run a provider for as long as this lasts."""
    log.touch()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.providers.serve", engine, str(log)],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        ports = json.loads(process.stdout.readline())
        yield RunningProvider(engine, ports["base"], ports["control"], log)
    finally:
        process.kill()
        process.wait()
