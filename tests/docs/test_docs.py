"""The docs: what they promise runs, and what they list is there."""

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")),
         *sorted((ROOT / "samples").rglob("*.md"))]  # fmt: skip
_CODE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", sorted(_generator().PAGES))
def test_a_generated_page_is_current(page: str) -> None:
    """A page made from the code is what the code makes today (run docs/generate.py)."""
    written = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert written == _generator().PAGES[page]()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link and picture of a page exists."""
    text = page.read_text(encoding="utf-8")
    missing = [link for link in _LINK.findall(text) if not (page.parent / link).exists()]
    assert not missing


def _readme_commands() -> list[str]:
    """Return the `tierbook ...` lines of README's first steps that a fresh shop can type."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [line.strip() for block in _CODE.findall(text) for line in block.splitlines()]
    return [line.split("  #")[0].strip() for line in lines if line.startswith("tierbook ")]


def test_readme_commands_run(tmp_path: Path) -> None:
    """Every `tierbook` line of the README works as it stands, in order, on a copy of a sample."""
    commands = _readme_commands()
    assert commands
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    shutil.copy(ROOT / "samples" / "candle-maker" / "catalog.xlsx", tmp_path / "catalog.xlsx")
    for command in commands:
        words = shlex.split(command)[1:]
        done = subprocess.run(
            [sys.executable, "-m", "tierbook", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1), f"{command}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr


def test_nothing_speaks_of_where_it_was_made() -> None:
    """The project's text names no machine's paths and no package registry's host."""
    forbidden = re.compile(r"/work/|/tmp/bash|/root/|pypi\.org|files\.pythonhosted|registry\.npm")
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\n")
    files = [ROOT / name for name in listed if name]
    # A copy without its history: everything but what README's own commands put there.
    files = files or [path for path in ROOT.rglob("*") if ".venv" not in path.parts]
    for path in files:
        if path.suffix in {".py", ".md", ".toml", ".csv", ".html", ".json", ".svg", ""}:
            if path == Path(__file__) or not path.is_file():
                continue
            found = forbidden.search(path.read_text(encoding="utf-8", errors="replace"))
            assert not found, f"{path.relative_to(ROOT)}: {found.group() if found else ''}"
