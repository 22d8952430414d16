"""The verbs around a run, typed as a seller types them: import, fit, train, report, doctor."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

EXPORT = """Handle,Title,Type,Variant SKU,Variant Price,Image Src,Status,Option1 Name,Option1 Value
amber,Amber candle,Candles,C-001,18.00,https://shop.example/amber.jpg,active,Size,Large
amber,,,C-002,12.00,,,,Small
sage,Sage candle,Candles,C-003,18.00,https://shop.example/sage.jpg,active,Size,Large
"""


def tierbook(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tierbook", *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={
            **os.environ,
            "TIERBOOK_HOME": str(cwd / "home"),
            "TIERBOOK_MODEL": "",
            "GEMINI_API_KEY": "",
        },
    )


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "shop.xlsx"
    assert tierbook("new", "--example", path, cwd=tmp_path).returncode == 0
    return path


def test_an_export_becomes_an_answered_workbook(tmp_path: Path) -> None:
    """`import` then `run`: two commands from a shop's export to decided pictures."""
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")
    done = tierbook(
        "import", "export.csv", "-o", "shop.xlsx", "--placements", "Marketplace main, Gallery",
        "--json", cwd=tmp_path,
    )  # fmt: skip
    document = json.loads(done.stdout)
    assert (document["format"], document["products"], document["variants"]) == ("Shopify", 2, 3)
    assert document["requests"] == 6
    run = json.loads(tierbook("run", "shop.xlsx", "--json", cwd=tmp_path).stdout)
    assert run["rows"] == 6
    assert run["decided"] + sum("HOLD" in str(p) for p in run["problems"]) >= 4


def test_fit_keeps_the_budget_and_writes_only_when_asked(book: Path) -> None:
    """The plan costs no more than the budget; the sheet changes with --write alone."""
    before = book.read_bytes()
    document = json.loads(
        tierbook("fit", book, "--budget", "0.50", "--json", cwd=book.parent).stdout
    )
    assert document["cost_micro_usd"] <= 500_000
    assert document["value"] <= document["bound"] * (1 + 1e-9)
    assert book.read_bytes() == before
    assert tierbook("fit", book, "--budget", "0.50", "--write", cwd=book.parent).returncode == 0
    rows = CalamineWorkbook.from_path(str(book)).get_sheet_by_name("Requests").to_python()
    head = next(row for row in rows if "Tier override" in row)
    place = head.index("Tier override")
    assert {row[place] for row in rows[rows.index(head) + 1 :]} & {1.0, 2.0, 3.0}


def test_what_a_report_calls_products_unknown_here_is_told_in_fields(book: Path) -> None:
    """A program can take the unmatched names apart; they are no text of ours."""
    (book.parent / "ads.csv").write_text(
        "Campaign name,Ad name,Impressions,Link clicks,Amount spent (USD),Reporting starts\n"
        "Spring,NOT-OURS-77,1000,20,3.50,2026-11-01\n"
    )
    done = tierbook("performance", book, "ads.csv", "--json", cwd=book.parent)
    (unmatched,) = json.loads(done.stdout)["unmatched"]
    assert set(unmatched) == {"source", "key", "rows"}


def test_training_without_reviews_says_what_to_do(book: Path) -> None:
    """A workbook nobody reviewed gives no router and no file."""
    done = tierbook("train", book, cwd=book.parent)
    assert done.returncode in (1, 2)
    assert "review" in done.stdout + done.stderr
    assert not list(book.parent.glob("*.router.json"))


def test_a_broken_router_file_leaves_the_rubric_deciding(book: Path) -> None:
    """A router file of another kind is refused with a warning, and every row is still decided."""
    book.with_name("shop.router.json").write_text("{}")
    document = json.loads(
        tierbook("run", book, "--router", "learned", "--json", cwd=book.parent).stdout
    )
    assert "router-refused" in {problem["code"] for problem in document["problems"]}
    assert document["decided"] > 0


def test_report_writes_a_tab_and_a_page(book: Path) -> None:
    """The monthly review stands in the workbook and on a page beside it, even with no history."""
    tierbook("run", book, cwd=book.parent)
    done = tierbook("report", book, "--json", cwd=book.parent)
    document = json.loads(done.stdout)
    assert "Monthly review" in CalamineWorkbook.from_path(str(book)).sheet_names
    assert "<html" in (book.parent / document["page"]).read_text(encoding="utf-8")


def test_doctor_and_engines_tell_what_a_missing_key_needs(book: Path) -> None:
    """Without keys the free engines are ready and each other one says how to add its key."""
    engines = json.loads(tierbook("engines", "--json", cwd=book.parent).stdout)["engines"]
    missing = {engine["name"]: engine["missing"] for engine in engines}
    assert missing["placeholder"] == ""
    assert "tierbook key set gemini" in missing["gemini"]
    doctor = tierbook("doctor", book, cwd=book.parent)
    assert doctor.returncode == 1
    assert "key" in doctor.stdout
