"""What holds for every test: nobody's own ledger is read or written."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_ledger(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the ledger of the person who runs the tests out of them."""
    home = tmp_path_factory.mktemp("home", numbered=True)
    monkeypatch.setenv("TIERBOOK_HOME", str(home))
    return home
