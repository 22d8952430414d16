"""The verbs as functions, and what a process that runs them more than once relies on."""

import pkgutil
from datetime import UTC, datetime
from importlib import import_module
from itertools import islice
from pathlib import Path

import pytest

import tierbook
from tierbook import app
from tierbook.workbook import read_book

ROOMS = [room.name for room in pkgutil.iter_modules(tierbook.__path__) if room.ispkg]


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return app.new(tmp_path / "shop.xlsx", example=True)


@pytest.mark.parametrize("room", ROOMS)
def test_no_public_name_is_hidden_by_a_module(room: str) -> None:
    """Importing a submodule binds its name in the package, over a name loaded on first use."""
    package = import_module(f"tierbook.{room}")
    if not hasattr(package, "__getattr__"):
        return
    modules = {module.name for module in pkgutil.iter_modules(package.__path__)}
    assert not modules & set(package.__all__)


def test_watch_answers_save_after_save(book: Path) -> None:
    """One process runs again for every save, and the second answers are as good as the first."""

    def saved_again(_: float) -> None:
        if edits:
            book.write_bytes(edits.pop())

    edits: list[bytes] = []
    reports = app.watch(book, app.RunOptions(), Noon(), wait=saved_again)
    original = book.read_bytes()
    first = next(reports)
    edits.append(original)
    second = next(islice(reports, 1))
    assert first.answers.status.tolist() == second.answers.status.tolist()
    assert second.saved is not None and second.saved.backup is not None
    assert "Tier" in read_book(book).output_columns
