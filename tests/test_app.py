"""The verbs as functions, and what a process that runs them more than once relies on."""

import pkgutil
from datetime import UTC, datetime
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import ModuleType

import pytest
import xlsxwriter

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
    modules = {module.name for module in pkgutil.iter_modules(package.__path__)}
    for name in modules & set(getattr(package, "__all__", ())):
        import_module(f"tierbook.{room}.{name}")
        assert not isinstance(getattr(package, name), ModuleType), name


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


def test_a_failing_rubric_test_is_a_problem(tmp_path: Path) -> None:
    """A test that blocks picture-making is told by `check` and `run`, with its row; exit code 1."""
    book = tmp_path / "shop.xlsx"
    sheets = {
        "Requests": [["SKU", "Placement"], ["A", "Gallery"]],
        "Rubric tests": [
            ["Test", "Placement", "Expected tier"],
            ["a hero", "Homepage hero", 3],
            ["a gallery", "Gallery", 3],
        ],
    }
    with xlsxwriter.Workbook(book) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    for verb in (app.check, app.run):
        report = verb(book, app.RunOptions(), Noon())
        failed = [p for p in report.problems if p.code == "rubric-test"]
        assert ["a gallery" in p.message and p.cell and p.cell.row for p in failed] == [3]
        assert report.exit_code == 1


def test_check_tells_what_a_run_would_write_into_the_rubric_check(tmp_path: Path) -> None:
    """`check` writes no tab, so it names rules that can never fire by itself, as a warning."""
    book = tmp_path / "shop.xlsx"
    with xlsxwriter.Workbook(book) as made:
        made.add_worksheet("Requests").write_row(0, 0, ["SKU", "Placement"])
        made.get_worksheet_by_name("Requests").write_row(1, 0, ["A", "Gallery"])
        rubric = made.add_worksheet("Rubric")
        rubric.write_row(0, 0, ["Rule", "Placement", "Tier", "Why"])
        rubric.write_row(1, 0, ["R1", "any", 1, "all"])
        rubric.write_row(2, 0, ["R2", "Gallery", 2, "never"])
    report = app.check(book, app.RunOptions(), Noon())
    hidden = [p for p in report.problems if p.code == "rubric-unreachable"]
    assert [p.severity for p in hidden] == ["warning"] and "R2" in hidden[0].message
    assert report.exit_code == 0


def test_an_exact_repeat_is_priced_once(tmp_path: Path) -> None:
    """Three rows of the same picture count its images and its price once, each with its tier."""
    book = tmp_path / "shop.xlsx"
    row = ["A", "Gallery", "scene", 3]
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet("Requests")
        sheet.write_row(0, 0, ["SKU", "Placement", "Background", "Angles"])
        for number, one in enumerate([row, row, ["B", *row[1:]], row], start=1):
            sheet.write_row(number, 0, one)
    report = app.run(book, app.RunOptions(), Noon())
    bill, images = report.answers.bill, report.answers.decisions.images.tolist()
    assert images == [3, 0, 3, 0]
    for amounts in (bill.estimate, bill.redo, bill.review, bill.baseline):
        assert amounts[1] == amounts[3] == 0
    assert report.by_tier()["2"]["images"] == 6
    assert report.by_tier()["2"]["estimate_micro_usd"] == 6 * bill.per_image[0]
    assert [p.code for p in report.problems].count("repeated-row") == 2
    assert (report.answers.decisions.tier == 2).all()
