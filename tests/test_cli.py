"""The command line: what a seller types and reads, in a real process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FORBIDDEN_AT_HELP = ("numpy", "pandas", "openpyxl", "httpx", "PIL", "lxml", "pydantic", "rich")
FORBIDDEN_AT_RUN = ("pandas", "openpyxl", "httpx", "PIL", "pyarrow", "scipy", "cv2")


def tierbook(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tierbook", *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "TIERBOOK_HOME": str(cwd / "home"), "COLUMNS": "100"},
    )


def imported(*words: str | Path, cwd: Path) -> set[str]:
    """Name the top-level packages a command imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tierbook", *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    return {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in lines}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "catalog.xlsx"
    done = tierbook("new", "--example", path, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return path


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    """`--help` answers before any spreadsheet, table or network library is loaded."""
    assert not imported("--help", cwd=tmp_path) & set(FORBIDDEN_AT_HELP)


def test_a_run_imports_no_table_library(book: Path) -> None:
    """A run on a workbook stays within its second: no pandas, no openpyxl, no network."""
    assert not imported("run", book, "--json", cwd=book.parent) & set(FORBIDDEN_AT_RUN)


def test_run_prints_one_json_document(book: Path) -> None:
    """With --json, stdout is one document of the agreed shape and words go to stderr."""
    done = tierbook("run", book, "--json", cwd=book.parent)
    document = json.loads(done.stdout)
    assert {
        "workbook", "output", "backup", "rows", "decided", "by_tier", "estimate_micro_usd",
        "baseline_micro_usd", "problems", "generated",
    } <= set(document)  # fmt: skip
    assert document["decided"] > 0
    assert "Estimate" in done.stderr
    total = sum(tier["estimate_micro_usd"] for tier in document["by_tier"].values())
    assert total == document["estimate_micro_usd"]


def test_a_file_alone_means_run(book: Path) -> None:
    """`tierbook catalog.xlsx` is `tierbook run catalog.xlsx`."""
    done = tierbook(book, cwd=book.parent)
    assert done.returncode in (0, 1), done.stderr
    assert "Next:" in done.stdout


def test_a_second_run_changes_no_byte(book: Path) -> None:
    """With nothing changed, the file is not written again."""
    tierbook("run", book, cwd=book.parent)
    before = book.read_bytes()
    done = tierbook("run", book, cwd=book.parent)
    assert book.read_bytes() == before
    assert "Nothing had changed" in done.stdout


def test_check_writes_nothing(book: Path) -> None:
    """`check` leaves the workbook and its folder alone."""
    before = {path: path.read_bytes() for path in book.parent.iterdir() if path.is_file()}
    done = tierbook("check", book, cwd=book.parent)
    assert "Nothing was written" in done.stdout
    assert {p: p.read_bytes() for p in book.parent.iterdir() if p.is_file()} == before


def test_undo_restores_the_exact_bytes(book: Path) -> None:
    """After `undo` the workbook is byte for byte what the seller saved."""
    before = book.read_bytes()
    tierbook("run", book, cwd=book.parent)
    assert book.read_bytes() != before
    assert tierbook("undo", book, cwd=book.parent).returncode == 0
    assert book.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["run", "nothing.xlsx"], 2, "There is no file"),
        (["run", "."], 2, "is a folder"),
        (["run", "note.xlsx"], 3, "fix:"),
        (["run", "note.xlsx", "--map", "SKU"], 2, "OURS=YOURS"),
        (["undo", "note.xlsx"], 3, "no run of Tierbook"),
        (["watch", "nothing.xlsx"], 2, "There is no file"),
        (["spend", "nothing.xlsx"], 2, "There is no file"),
        (["spend", "--month", "May"], 2, "is no month"),
        (["frobnicate"], 2, "No such command"),
    ],
)
def test_what_cannot_be_done_is_said(
    tmp_path: Path, words: list[str], code: int, says: str
) -> None:
    """Each refusal has its exit code, names the next step, and never shows a traceback."""
    (tmp_path / "note.xlsx").write_text("not a workbook at all")
    done = tierbook(*words, cwd=tmp_path)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_a_mistyped_option_is_told_to_programs_too(tmp_path: Path) -> None:
    """With --json, stdout is one document also where click refuses the words themselves."""
    done = tierbook("run", "shop.xlsx", "--jsn-typo", "--json", cwd=tmp_path)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "usage"
    assert "--jsn-typo" in done.stderr


def test_a_problem_of_a_table_without_tabs_names_none(tmp_path: Path) -> None:
    """`sheet` and `cell` are a place or nothing, never an empty text a program would look up."""
    (tmp_path / "list.csv").write_text("SKU,Placement\nA,Nowhere\n")
    done = tierbook("run", "list.csv", "--json", cwd=tmp_path)
    (problem,) = json.loads(done.stdout)["problems"]
    assert (problem["sheet"], problem["cell"]) == (None, "B2")


def test_every_verb_speaks_json(tmp_path: Path) -> None:
    """A program can add --json to any verb; also one that has nothing to do yet."""
    from tierbook.cli import main

    verbs = [main, *main.commands.values()]
    leaves = [one for verb in verbs for one in getattr(verb, "commands", {}).values()]
    silent = [one.name for one in leaves if not hasattr(one, "commands")
              and not any("--json" in p.opts for p in one.params)]  # fmt: skip
    assert silent == []
    done = tierbook("key", "set", "gemini", "--json", cwd=tmp_path)
    error = json.loads(done.stdout)["error"]
    assert set(error) == {"code", "message", "fix", "money", "exit_code"}


def test_a_tier_the_workbook_lacks_is_no_empty_success(book: Path) -> None:
    """`--tier 9` made nothing and said so by exit code 0."""
    done = tierbook("run", book, "--generate", "--tier", "9", "--yes", cwd=book.parent)
    assert done.returncode == 2
    assert "Nothing was sent or charged." in done.stderr


def test_a_rubric_is_shared_in_three_forms(book: Path) -> None:
    """.html, .md and .dmn are written; another ending is refused with those three."""
    for ending in (".html", ".md", ".dmn"):
        target = book.with_name(f"rubric{ending}")
        assert tierbook("rubric", book, "-o", target, cwd=book.parent).returncode == 0
        assert "R05" in target.read_text(encoding="utf-8")
    refused = tierbook("rubric", book, "-o", "rubric.pdf", cwd=book.parent)
    assert refused.returncode == 2
    assert ".html" in refused.stderr


def test_new_never_overwrites(book: Path) -> None:
    """`new` on an existing file leaves it as it is."""
    before = book.read_bytes()
    done = tierbook("new", book, cwd=book.parent)
    assert done.returncode == 2
    assert book.read_bytes() == before


@pytest.mark.parametrize(("name", "words"), [("out.csv", ".xlsx"), ("folder", "is a folder")])
def test_an_output_of_another_kind_is_refused(book: Path, name: str, words: str) -> None:
    """A workbook is answered as a workbook, in a file; another ending would not open."""
    (book.parent / "folder").mkdir()
    done = tierbook("run", book, "-o", name, cwd=book.parent)
    assert done.returncode == 2
    assert words in done.stderr
    assert not (book.parent / "out.csv").exists()


def test_a_workbook_open_elsewhere_says_what_to_do_next(book: Path) -> None:
    """The answers go beside it, with the command that puts them in once it is closed."""
    (book.parent / "~$catalog.xlsx").touch()
    done = tierbook("run", book, cwd=book.parent)
    assert "Close it and run `tierbook sync" in done.stdout + done.stderr


@pytest.mark.parametrize(("placement", "words"), [("Gallery", "Tier"), ("Nowhere", "Message")])
def test_a_table_is_not_sent_to_tabs_it_lacks(tmp_path: Path, placement: str, words: str) -> None:
    """A CSV has no tab Cost summary, so the next step names a column."""
    (tmp_path / "list.csv").write_text(f"SKU,Placement\nA,{placement}\n")
    done = tierbook("run", "list.csv", cwd=tmp_path)
    assert f"the column {words}" in done.stdout + done.stderr
    assert "tab Cost summary" not in done.stdout + done.stderr
