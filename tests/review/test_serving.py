"""Starting and stopping the page, as the command line does."""

import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.review.gallery import Gallery
from tierbook.review.serving import ReviewServer

ROOT = Path(__file__).parents[2]
_SERVE = """
import sys
from pathlib import Path
from tests.review.gallery import Gallery
from tierbook import review

if __name__ == "__main__":
    gallery = Gallery(Path(sys.argv[1]), rows=1)
    review.serve(
        gallery.desk(), open_browser=False, on_ready=lambda address: print(address, flush=True)
    )
    print("stopped", flush=True)
"""
_WITHOUT = """
import sys
sys.modules["uvicorn"] = None
from tierbook import review
from tierbook.errors import UsageError
try:
    review.serve(None, open_browser=False, on_ready=print)
except UsageError as error:
    print(error.message, error.fix)
"""


def test_ctrl_c_stops_the_page(tmp_path: Path):
    """`serve` says where the page is and nothing else, answers, and returns after Ctrl+C."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(address.partition("?")[0], timeout=10)  # noqa: S310 - loopback
        process.send_signal(signal.SIGINT)
        told, complaints = process.communicate(timeout=20)
    assert (told, complaints, process.returncode) == ("stopped\n", "", 0)


def test_a_page_nobody_looks_at_stops(tmp_path: Path):
    """Idleness ends the page by itself."""
    gallery = Gallery(tmp_path, rows=1)
    server = ReviewServer(gallery.desk(), on_ready=lambda _: None, idle_seconds=0.0)
    thread = threading.Thread(target=server.run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    gallery.ledger.close()


def test_it_waits_while_pictures_are_made(tmp_path: Path):
    """A page that is making pictures is not idle, however long nobody looked."""

    class Busy:
        title = "catalog.xlsx"
        busy = True

    desk: object = Busy()
    server = ReviewServer(desk, on_ready=lambda _: None, idle_seconds=0.0)
    assert not server.idle
    Busy.busy = False
    assert server.idle
    server.close()


def test_missing_libraries_are_named():
    """Without the extra, the words say how to install it."""
    told = subprocess.run(
        [sys.executable, "-c", _WITHOUT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "uvicorn" in told.stdout
    assert 'pip install "tierbook[review]"' in told.stdout


def test_nothing_heavy_is_loaded_by_naming_the_room():
    """Importing the room, or merging in it, loads no web library and no Pillow."""
    code = (
        "import sys; from tierbook import review; review.merge, review.take_reviews;"
        "print([m for m in ('starlette', 'uvicorn', 'PIL', 'httpx', 'pandas') if m in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout == "[]\n"
