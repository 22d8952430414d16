"""What every local provider has: a charge log, faults on order, a check of the request's fields."""

import asyncio
import json
import random
import struct
import time
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from tests.providers.http_server import Request, Response, serve

KEY = "CANARY-key-0123456789"
HTML = b"<!doctype html><html><body>We are sorry.</body></html>"

SUBMIT_FAULTS = (
    "reset_before",
    "reset_after",
    "half_body",
    "slow_drip",
    "wrong_type",
    "429_seconds",
    "429_date",
    "429_spend_limit",
    "500_uncharged",
    "500_charged",
    "refused",
    "no_picture",
)
JOB_FAULTS = (
    "job_lost",
    "job_unknown_once",
    "out_of_order",
    "poll_500",
    "poll_reset",
    "job_failed",
)
RESULT_FAULTS = (
    "url_expired",
    "url_expired_once",
    "redirect_private",
    "bomb",
    "html",
    "html_once",
    "result_500",
    "result_reset",
    "result_half",
)


@dataclass
class Orders:
    """What the provider was told to do: faults in order, a chance of faults, a latency."""

    faults: list[str] = field(default_factory=list[str])
    chances: dict[str, float] = field(default_factory=dict[str, float])
    latency: float = 0.0
    polls_until_done: int = 1
    price: int = 40_000
    seed: int = 0


class Provider:
    """Base of the local providers. A subclass speaks one wire format in `handle`."""

    engine = ""
    submit_faults: tuple[str, ...] = SUBMIT_FAULTS
    job_faults: tuple[str, ...] = ()
    result_faults: tuple[str, ...] = ()

    def __init__(self, log: Path) -> None:
        self._log = log.open("ab", buffering=0)
        self.orders = Orders()
        self.random = random.Random(0)
        self.base = ""
        self.jobs: dict[str, dict[str, Any]] = {}
        self.asked: dict[str, dict[str, Any]] = {}
        self._numbers = 0

    # ------------------------------------------------------------------ the oracle

    def charge(self, what: str, micro_usd: int | None = None) -> str:
        """Charge for a picture: one line in the log, before the answer goes out."""
        self._numbers += 1
        number = f"{self.engine}-{self._numbers}"
        amount = self.orders.price if micro_usd is None else micro_usd
        self.note({"charge": number, "what": what, "micro_usd": amount})
        return number

    def note(self, line: dict[str, Any]) -> None:
        self._log.write(json.dumps({"at": time.time(), **line}).encode() + b"\n")

    def invalid(self, why: str) -> None:
        """Note a request that does not fit the documented schema; tests look for these."""
        self.note({"invalid": why, "engine": self.engine})

    # ------------------------------------------------------------------ faults

    def fault(self, of: tuple[str, ...]) -> str:
        """Take the next ordered fault of this kind, or one by chance."""
        for index, fault in enumerate(self.orders.faults):
            if fault in of:
                return self.orders.faults.pop(index)
        for fault, chance in self.orders.chances.items():
            if fault in of and self.random.random() < chance:
                return fault
        return ""

    async def submit(self, what: str, accepted: Any, **cost: int) -> Response:
        """Answer a submission: `accepted()` gives the good answer; faults come in between."""
        fault = self.fault(self.submit_faults)
        if self.orders.latency:
            await asyncio.sleep(self.orders.latency)
        if fault in ("reset_before", "429_seconds", "429_date", "429_spend_limit", "500_uncharged"):
            return self.declined(fault)
        if fault == "refused":
            return self.refused(what)
        self.charge(what, **cost)
        if self.job_faults and fault in ("500_charged", "reset_after", "wrong_type"):
            accepted()  # the job runs, although its answer is lost
        if fault == "500_charged":
            return Response(500, b"oops")
        if fault == "reset_after":
            return Response(manner="reset")
        if fault == "wrong_type":
            return Response(200, HTML, {"content-type": "text/html"})
        if fault == "no_picture":
            return self.no_picture()
        answer: Response = accepted()
        answer.manner = {"half_body": "half", "slow_drip": "drip"}.get(fault, "")
        return answer

    def declined(self, fault: str) -> Response:
        if fault == "reset_before":
            return Response(manner="reset")
        if fault == "429_seconds":
            return Response.of(self.error("slow down"), 429, retry_after="0.01")
        if fault == "429_date":
            soon = datetime.now(UTC) + timedelta(seconds=1)
            return Response.of(
                self.error("slow down"), 429, retry_after=format_datetime(soon, usegmt=True)
            )
        if fault == "429_spend_limit":
            return self.spend_limit()
        return Response(500, b"oops")

    def error(self, message: str) -> object:
        return {"detail": message}

    def spend_limit(self) -> Response:
        return Response.of(self.error("no credit"), 402)

    def refused(self, what: str) -> Response:
        return Response.of(self.error("refused"), 400)

    def no_picture(self) -> Response:
        return Response.of({})

    def result(self, job: dict[str, Any]) -> Response:
        """Serve the picture of a job from its own address."""
        fault = self.fault(self.result_faults)
        if fault == "url_expired":
            job["expired"] = True
        if job.get("expired") or fault == "url_expired_once":
            return Response(410, b"gone")
        match fault:
            case "redirect_private":
                return Response(302, b"", {"location": "http://169.254.169.254/latest/meta-data"})
            case "bomb":
                bomb = zlib.compress(bytes(40_000_000), 9)
                return Response(200, bomb, {"content-encoding": "deflate"})
            case "html":
                job["html"] = True
            case "result_500":
                return Response(500, b"oops")
            case "result_reset":
                return Response(manner="reset")
            case _:
                pass
        if job.get("html") or fault == "html_once":
            return Response(200, HTML, {"content-type": "image/png"})
        picture = Response(200, picture_of(job["what"]), {"content-type": "image/png"})
        picture.manner = "half" if fault == "result_half" else ""
        return picture

    # ------------------------------------------------------------------ checks

    def authorized(self, request: Request, header: str, value: str) -> bool:
        return request.headers.get(header) == value

    def check(self, body: object, schema: dict[str, tuple[type | tuple[type, ...], bool]]) -> str:
        """Hold a JSON body to the documented fields; return what is wrong, "" if nothing."""
        if not isinstance(body, dict):
            return self._wrong("the body is no object")
        for name, value in body.items():
            if name not in schema:
                return self._wrong(f"{name} is not a field")
            if not isinstance(value, schema[name][0]) or isinstance(value, bool):
                return self._wrong(f"{name} is {type(value).__name__}")
        for name, (_, required) in schema.items():
            if required and name not in body:
                return self._wrong(f"{name} is missing")
        return ""

    def _wrong(self, why: str) -> str:
        self.invalid(why)
        return why

    async def handle(self, request: Request) -> Response:
        raise NotImplementedError

    # ------------------------------------------------------------------ the process

    async def run(self) -> None:
        """Serve until told to end; a second port takes orders, so that the first can refuse."""
        listening = await serve(self.handle)
        port = listening.sockets[0].getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        over = asyncio.Event()
        state = {"server": listening}

        async def control(request: Request) -> Response:
            wanted: Any = request.json()
            if wanted.get("end"):
                over.set()
            if "listen" in wanted:
                if not wanted["listen"]:
                    state["server"].close()
                else:
                    state["server"] = await serve(self.handle, port)
            if "orders" in wanted:
                self.orders = Orders(**wanted["orders"])
                self.random = random.Random(self.orders.seed)
            return Response.of({})

        controlling = await serve(control)
        ports = {"base": self.base, "control": controlling.sockets[0].getsockname()[1]}
        print(json.dumps(ports), flush=True)  # noqa: T201 - how the parent learns the ports
        await over.wait()


def picture_of(what: str, side: int = 48) -> bytes:
    """Draw a square PNG in a colour of its own."""
    colour = zlib.crc32(what.encode()).to_bytes(4, "big")[:3]
    rows = (b"\x00" + colour * side) * side

    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
