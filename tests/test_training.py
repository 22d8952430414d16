"""What `tierbook train` learns from and leaves behind: logs, the ledger, the tab Settings."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from benchmarks.shop_world import World
from tierbook import ahead, configuration, routers, workbook
from tierbook.errors import UsageError
from tierbook.past_decisions import read_log_file
from tierbook.routing.scorecard import SCORECARD_ROUTER

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Noon:
    def now(self) -> datetime:
        return NOON


@pytest.fixture(scope="module")
def settings():
    return configuration.defaults()


@pytest.fixture(scope="module")
def log_file(settings, tmp_path_factory) -> Path:
    world = World(settings, 5)
    path = tmp_path_factory.mktemp("log") / "past.parquet"
    log = world.log(world.period(3_000, 0, 120), 0.15, 5)
    pd.DataFrame({heading: list(column) for heading, column in log.items()}).to_parquet(path)
    return path


def settings_tab(book: Path) -> dict[str, str]:
    rows = CalamineWorkbook.from_path(str(book)).get_sheet_by_name("Settings").to_python()
    return {str(row[0]): str(row[1]) for row in rows if row and row[0]}


def test_the_record_stands_in_settings_and_replaces_the_one_before(log_file, tmp_path):
    """Seal, period and gates are written once each, with a backup, and the run knows the seal."""
    book = tmp_path / "shop.xlsx"
    book.write_bytes(workbook.build_template(example=True))
    before = book.read_bytes()
    done = ahead.train(log_file, book, Noon())
    assert done.saved is not None
    assert done.saved.backup is not None
    assert done.saved.backup.read_bytes() == before
    first = settings_tab(book)
    assert len(first["Learned router seal"]) == 64
    assert "FAILED" in first["Learned router gates"] or "passed" in first["Learned router gates"]
    ahead.train(log_file, book, Noon())
    again = CalamineWorkbook.from_path(str(book)).get_sheet_by_name("Settings").to_python()
    assert sum(row[0] == "Learned router seal" for row in again if row) == 1
    loaded, _ = configuration.load(workbook.read_tabs(book))
    assert routers.choose(9_000, loaded, book).trained is not None
    other = replace(loaded.settings, others={"learned  ROUTER seal": "0" * 64})
    assert routers.choose(9_000, replace(loaded, settings=other), book).trained is None


def test_a_book_without_settings_is_left_alone_and_that_is_said(log_file, tmp_path):
    """No tab, no record in the workbook; the file beside it holds everything."""
    book = tmp_path / "plain.csv"
    book.write_text("SKU,Placement\nA,Gallery\n")
    done = ahead.train(log_file, book, Noon())
    assert done.saved is None
    assert done.file is not None
    assert done.file.exists()
    assert "record-beside" in {problem.code for problem in done.problems}


def test_a_log_is_read_under_the_sellers_headings(tmp_path):
    """Aliases of the workbook and of the log, dates as people write them, codes with zeros."""
    path = tmp_path / "log.csv"
    path.write_text(
        "Artikelnummer;Kategorie;Price;Props;Tier served;Decision date;Accepted\n"
        "00123;mugs;18.00;True;2;25.03.2026;yes\n"
        "00124;lamps;9;False;1;01.04.2026;no\n",
        encoding="utf-8",
    )
    columns = read_log_file(path)
    assert columns["SKU"].tolist() == ["00123", "00124"]
    assert columns["Category"].tolist() == ["mugs", "lamps"]
    assert columns["Price"].tolist() == [18.0, 9.0]
    assert columns["Props"].tolist() == [True, False]
    assert columns["Decision date"].tolist() == [date(2026, 3, 25), date(2026, 4, 1)]


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", b""), ("a.parquet", b"no"), ("a.ods", b"")]
)
def test_what_is_no_log_is_refused_with_a_fix(tmp_path, name, content):
    """An empty, a damaged and a foreign file: a message, never a traceback."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError) as refused:
        read_log_file(tmp_path / name)
    assert refused.value.fix


def tried_out(settings, share, later, rows=None, months=0, router="rubric"):
    own = replace(settings.settings, explore_share=share, router=router)
    table = later.requests
    if rows is not None:
        columns = {heading: column[rows] for heading, column in table.columns.items()}
        table = replace(table, columns=columns)
    today = NOON.date() + timedelta(days=31 * months)
    routed = routers.decide(table, replace(settings, settings=own), Path("none.xlsx"), today)
    return routed, routed.decisions


@pytest.fixture(scope="module")
def later(settings):
    return World(settings, 5).period(3_000, 0, 60)


@pytest.mark.parametrize("router", ["rubric", SCORECARD_ROUTER])
def test_nothing_is_tried_out_unless_settings_asks_for_it(settings, later, router):
    """Off: certain decisions. On: a share of neighbours, said in words and in Why."""
    quiet, decided = tried_out(settings, 0, later, router=router)
    assert decided.propensity is None
    assert "tried out" not in quiet.why
    told, asked = tried_out(settings, 0.10, later, router=router)
    rows = asked.router == "tried out"
    assert 0.02 < rows.mean() < 0.12
    assert (np.abs(asked.tier - decided.tier)[rows] == 1).all()
    assert f"{int(rows.sum()):,} rows are tried out" in told.why
    assert all(why.startswith("Tried out one tier ") for why in asked.why[rows])
    assert (asked.propensity[rows] < 0.1).all()


def test_rows_stay_tried_out_in_another_order_and_in_the_next_month(settings, later):
    """A picture that was made keeps its tier, or it would be made and paid again."""
    _, one = tried_out(settings, 0.10, later)
    order = np.random.default_rng(0).permutation(len(later.requests))
    _, two = tried_out(settings, 0.10, later, order, months=1)
    assert (two.tier == one.tier[order]).all()
