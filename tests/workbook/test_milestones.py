"""The days on which steps of the rollout were done are kept beside the workbook."""

from datetime import date
from pathlib import Path

from tierbook.workbook.history import STATE_FOLDER
from tierbook.workbook.milestones import AUDITED, RUBRIC_SHARED, note_step, steps_done


def test_the_newest_day_of_a_step_is_kept(tmp_path: Path) -> None:
    """A second sharing moves the day; another workbook of the folder knows nothing of it."""
    book = tmp_path / "catalog.xlsx"
    assert steps_done(book) == {}
    note_step(book, RUBRIC_SHARED, date(2026, 11, 1))
    note_step(book, RUBRIC_SHARED, date(2026, 11, 24))
    assert steps_done(book) == {RUBRIC_SHARED: date(2026, 11, 24)}
    assert steps_done(tmp_path / "other.xlsx") == {}


def test_an_audited_export_counts_for_the_workbooks_beside_it(tmp_path: Path) -> None:
    """The last 90 days were looked at, whichever file they stood in."""
    note_step(tmp_path / "export.csv", AUDITED, date(2026, 11, 2))
    assert steps_done(tmp_path / "catalog.xlsx") == {AUDITED: date(2026, 11, 2)}


def test_a_damaged_memory_is_an_empty_one(tmp_path: Path) -> None:
    """Nothing depends on it but ticks."""
    (tmp_path / STATE_FOLDER).mkdir()
    for damage in ("{", "[1]", '{"catalog.xlsx": {"rubric shared": 7}}', '{"catalog.xlsx": 3}'):
        (tmp_path / STATE_FOLDER / "steps.json").write_text(damage)
        assert steps_done(tmp_path / "catalog.xlsx") == {}
        note_step(tmp_path / "catalog.xlsx", RUBRIC_SHARED, date(2026, 11, 1))
        assert RUBRIC_SHARED in steps_done(tmp_path / "catalog.xlsx")
