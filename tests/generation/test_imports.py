"""What a free run pays for generation: nothing of the network, nothing of pictures."""

import subprocess
import sys

import pytest

_HEAVY = {"httpx", "httpcore", "PIL", "keyring", "asyncio", "pandas", "openpyxl", "cv2"}


@pytest.mark.parametrize(
    "statement",
    [
        "from tierbook.generation import results_for, with_results, mark_linked, open_ledger",
        "from tierbook.generation import resolve",
        "from tierbook import generation",
    ],
)
def test_a_free_run_imports_no_network_and_no_pictures(statement: str):
    """Reading results back needs neither httpx nor Pillow nor an event loop."""
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not _HEAVY & set(done.stdout.split())


def test_planning_imports_no_network_and_no_pictures():
    """The bill is shown before the libraries that would carry it out are loaded."""
    code = "from tierbook.generation import plan_work, bill\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not _HEAVY & set(done.stdout.split())
