"""Make runs in processes of their own that may be killed: imports once, forks for each.

`python -m tests.generation.zygote` reads one order a line and answers when the run ended.
"""

import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.generation.broken import VARIANTS
from tests.generation.shop import MODELS, Shop
from tests.providers.provider import picture_of
from tierbook import contract, engines, generation
from tierbook.model import Settings

_ROOT = Path(__file__).parents[2]


def run_once(order: dict[str, Any]) -> dict[str, Any]:
    """Plan and carry out one run as an order describes it."""
    folder = Path(order["folder"])
    with_photo = order["engine"] == MODELS["photoroom"]
    if with_photo:
        (folder / "photo.png").write_bytes(picture_of("a photo"))
    shop = Shop(
        folder,
        engine=order["engine"],
        rows=order["rows"],
        columns={contract.SOURCE_IMAGE: ["photo.png"] * order["rows"]} if with_photo else {},
        settings=Settings(cap_per_month=order.get("cap")),
    )
    ledger: Any = generation.open_ledger(Path(order["home"]))
    try:
        wrapped = VARIANTS[order["broken"]](ledger) if order.get("broken") else ledger
        options = shop.options(order["environ"], failpoint=_failpoint(order))
        work = generation.plan_work(shop.answers(), wrapped, options)
        known = engines.discover()
        outcome = asyncio.run(generation.carry_out(work, wrapped, known, options))
    finally:
        ledger.close()
    return {
        "made": outcome.made,
        "statuses": [result.status for result in outcome.results],
        "exit_code": outcome.exit_code,
    }


def _failpoint(order: dict[str, Any]) -> Callable[[str], None]:
    left = {order.get("die_at", ""): order.get("times", 1)}

    def failpoint(name: str) -> None:
        if name not in left:
            return
        left[name] -= 1
        if left[name] == 0:
            Path(order["died"]).touch()
            os.kill(os.getpid(), signal.SIGKILL)

    return failpoint


def _child(order: dict[str, Any]) -> None:
    status = 1
    try:
        result = run_once(order)
        Path(order["result"]).write_text(json.dumps(result))
        status = 0
    except BaseException as error:
        Path(order["result"]).write_text(json.dumps({"error": repr(error)}))
    finally:
        os._exit(status)


def _serve() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _child(order)
        if "kill_after" in order:
            timer = threading.Timer(order["kill_after"], _kill, (child,))
            timer.start()
            _, status = os.waitpid(child, 0)
            timer.cancel()
            timer.join()
        else:
            _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status)
        print(json.dumps({"killed": killed}), flush=True)  # noqa: T201 - the answer


def _kill(child: int) -> None:
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        time.sleep(0)


class Zygote:
    """Starts runs from a process that has everything imported already."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.generation.zygote"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, order: dict[str, Any]) -> None:
        """Begin a run; its end is waited for with `wait`."""
        assert self._process.stdin is not None
        Path(order["result"]).unlink(missing_ok=True)
        self._order = order
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def wait(self) -> dict[str, Any]:
        """Return how the run ended: `killed`, or what it reported."""
        assert self._process.stdout is not None
        ended = json.loads(self._process.stdout.readline())
        result = Path(self._order["result"])
        return {**ended, **(json.loads(result.read_text()) if result.exists() else {})}

    def run(self, order: dict[str, Any]) -> dict[str, Any]:
        """Make one run and return how it ended."""
        self.start(order)
        return self.wait()

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


if __name__ == "__main__":
    import httpx  # noqa: F401 - imported before forking, so that no run pays for it
    import PIL.Image
    import PIL.ImageCms
    import PIL.ImageOps
    import PIL.JpegImagePlugin
    import PIL.PngImagePlugin  # noqa: F401 - the same

    import tierbook.generation.runner  # noqa: F401 - the same
    from tierbook.generation.http import trusted_authorities

    trusted_authorities()
    engines.discover()
    gc.freeze()  # so that collecting in a child copies none of this
    _serve()
