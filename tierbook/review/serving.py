"""Serve the review page on loopback until Ctrl+C, or until nobody looked at it for a while."""

import asyncio
import socket
import threading
import time
import webbrowser
from collections.abc import Callable

from tierbook.errors import UsageError
from tierbook.review.desk import ReviewDesk

IDLE_SECONDS = 30 * 60
_LOOK_SECONDS = 1.0


def serve(desk: ReviewDesk, *, open_browser: bool, on_ready: Callable[[str], None]) -> None:
    """Serve the page of a desk; returns after Ctrl+C or half an hour without a visit.

    Pictures being made are waited for before this returns.

    Args:
        desk: Keeps the pictures; closed at the end.
        open_browser: Whether to open the page in the seller's browser.
        on_ready: Called once with the page's one-time address.

    Raises:
        UsageError: The libraries of the page are not installed.
    """

    def ready(address: str) -> None:
        on_ready(address)
        if open_browser:
            # Some browsers keep their caller waiting; the page must answer meanwhile.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    server = ReviewServer(desk, on_ready=ready)
    try:
        server.run()
    except KeyboardInterrupt:
        pass  # the usual way to stop
    finally:
        desk.close()


class ReviewServer:
    """One review page under way; bound to a free port of 127.0.0.1 and to nothing else."""

    def __init__(
        self,
        desk: ReviewDesk,
        *,
        on_ready: Callable[[str], None],
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        try:
            import uvicorn

            from tierbook.review.gate import Gate
            from tierbook.review.site import site
        except ModuleNotFoundError as error:
            raise UsageError(
                f"The review page needs a library that is not installed ({error.name}).",
                fix='install it with `pip install "tierbook[review]"`.',
            ) from error
        self._desk = desk
        self._on_ready = on_ready
        self._idle_seconds = idle_seconds
        self._visited = time.monotonic()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._gate = Gate(site(desk), self.port, self._note_visit)
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._gate,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                lifespan="off",
                ws="none",
                timeout_graceful_shutdown=5,
            )
        )

    def run(self) -> None:
        """Serve until stopped, by Ctrl+C, `stop` or idleness."""
        try:
            asyncio.run(self._run())
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the port."""
        self._socket.close()

    async def _run(self) -> None:
        watching = asyncio.create_task(_watch(self))
        await self._server.serve(sockets=[self._socket])
        watching.cancel()

    def stop(self) -> None:
        """Serve no more; may be called from any thread."""
        self._server.should_exit = True

    @property
    def started(self) -> bool:
        """Whether requests are answered by now."""
        return self._server.started

    @property
    def idle(self) -> bool:
        """Whether nobody looked at the page for long, and nothing is being made."""
        return not self._desk.busy and time.monotonic() - self._visited > self._idle_seconds

    def announce(self) -> None:
        """Say where the page is."""
        self._on_ready(self._gate.address)

    def _note_visit(self) -> None:
        self._visited = time.monotonic()


async def _watch(server: ReviewServer) -> None:
    """Announce the page once it answers, then stop it when it idles."""
    while not server.started:
        await asyncio.sleep(0.01)
    server.announce()
    while not server.idle:
        await asyncio.sleep(_LOOK_SECONDS)
    server.stop()
