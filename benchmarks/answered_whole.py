"""Answer every workbook of some folders and look, with a second reader, for anything that was lost.

    python benchmarks/answered_whole.py FOLDER... [--libreoffice]

The whole of `tierbook run` is held to what `coming_back_whole.py` holds the edit to. Each workbook
is run as it is; where it has no headings that mean a SKU (or none at all), it is run once more with
a sheet, a heading row, a column and a placement named for it, so that writing back happens on
nearly all. Then it is run again, which must change no byte.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import python_calamine
from coming_back_whole import around, cells_of, dangling, find, parts, workbooks

from tierbook import app, contract, ooxml
from tierbook.errors import TierbookError
from tierbook.model import column_letter
from tierbook.workbook import ReadOptions

CALC_ALL_TABS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
OUTPUTS = {contract.folded(name) for name in contract.REQUEST_OUTPUTS}


class _Noon:
    def now(self) -> datetime:
        return datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass
class Outcome:
    """What became of one workbook run one way."""

    name: str
    way: str
    end: str = ""
    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    result: Path | None = None


def forced(path: Path) -> ReadOptions | None:
    """Name the fullest tab, its first row with two texts, and a column that has values."""
    try:
        book = python_calamine.load_workbook(path)
        sheets = {n: book.get_sheet_by_name(n).to_python(skip_empty_area=False)
                  for n in book.sheet_names}  # fmt: skip
    except Exception:
        return None
    name = max(sheets, key=lambda n: sum(c != "" for r in sheets[n] for c in r), default="")
    rows = sheets.get(name, [])
    filled = [number for number, row in enumerate(rows, 1) if any(c != "" for c in row)]
    if not filled:
        return None
    titled = [n for n in filled if sum(isinstance(c, str) and c != "" for c in rows[n - 1]) > 1]
    header = (titled or filled)[0]
    below = rows[header:]
    if not below:
        return None
    column = max(range(len(rows[0])), key=lambda c: (sum(r[c] != "" for r in below), -c))
    return ReadOptions(name, header, {"SKU": column_letter(column + 1)}, "Gallery")


def run(path: Path, way: str, reading: ReadOptions, folder: Path) -> Outcome:
    """Run one workbook, compare, and run its result again."""
    outcome = Outcome(path.name, way)
    target = folder / f"{len(list(folder.iterdir()))}{path.suffix}"
    before = path.read_bytes()
    try:
        report = app.run(path, app.RunOptions(reading, output=target), _Noon())
        assert report.saved is not None
        if not report.saved.in_place:
            outcome.end = f"answers beside it: {report.saved.reason}"
            return outcome
        if path.read_bytes() != before:
            outcome.faults.append("the workbook itself was changed although -o was given")
        outcome.end, outcome.result = "answered", target
        compare(before, target.read_bytes(), report.answers.requests.sheet, outcome)
        first = target.read_bytes()
        app.run(target, app.RunOptions(reading), _Noon())
        if target.read_bytes() != first:
            outcome.faults.append(f"a second run changed {changed(first, target.read_bytes())}")
    except TierbookError as stop:
        outcome.end = f"{stop.code}: {stop.message}"
        if outcome.result:
            outcome.faults.append(f"second run: {outcome.end}")
    except Exception:
        outcome.faults.append(traceback.format_exc()[-700:])
    return outcome


def changed(before: bytes, after: bytes) -> list[str]:
    """Name the parts that differ."""
    old, new = parts(before), parts(after)
    return [name for name in old.keys() | new.keys() if old.get(name) != new.get(name)]


def compare(old: bytes, new: bytes, sheet: str, outcome: Outcome) -> None:
    """Hold the result against the seller's file: parts, cells, what stands around, links."""
    before, after = parts(old), parts(new)
    book = ooxml.inspect(old)
    touched = {s.part.lower() for s in book.sheets if s.name == sheet}
    touched |= {s.part.lower() for s in book.sheets if s.name == contract.RUBRIC}
    ours = {"xl/styles.xml", "[content_types].xml", "docprops/app.xml", "xl/workbook.xml",
            "xl/_rels/workbook.xml.rels"} | touched  # fmt: skip
    ours |= {f"{p.rpartition('/')[0]}/_rels/{p.rpartition('/')[2]}.rels" for p in touched}
    for name, content in before.items():
        lower = name.lower().replace("\\", "/")
        if name not in after:
            if not lower.endswith("calcchain.xml"):
                outcome.faults.append(f"part {name} is gone")
        elif after[name] == content:
            outcome.counts["parts byte-equal"] += 1
        elif b"tableColumns" in content:
            outcome.counts["tables grown"] += 1
        elif lower not in ours and b"workbook" not in content[:600]:
            outcome.faults.append(f"part {name} changed")
    for part in touched:
        compare_sheet(find(before, part), find(after, part), outcome)
    if new_danglings := dangling(after) - dangling(before):
        outcome.faults.append(f"dangling {new_danglings}")
    compare_values(old, new, outcome)


def compare_sheet(old: bytes, new: bytes, outcome: Outcome) -> None:
    """Find every old cell unchanged, and every new one under one of our headings."""
    before, after = cells_of(old), cells_of(new)
    for place, cell in before.items():
        outcome.counts["cells as before"] += 1
        outcome.counts["  of them formulas"] += b"<f" in cell or b":f>" in cell or b":f " in cell
        if after.get(place) == cell:
            continue
        if b"<v" in cell or b"<f" in cell or b"<is" in cell or b":v>" in cell:
            outcome.faults.append(f"cell {place} changed")
        else:
            outcome.counts["empty formatted cells taken for answers"] += 1
    last = max((column for _, column in before), default=0)
    held = max((c for (_, c), cell in before.items() if b"<v" in cell or b"<f" in cell
                or b"<is" in cell or b":v>" in cell), default=0)  # fmt: skip
    for place in after.keys() - before.keys():
        outcome.counts["cells written"] += 1
        if place[1] <= min(held, last):
            outcome.faults.append(f"cell {place} appeared among the seller's columns")
    fixed, entries = around(old)
    new_fixed, new_entries = around(new)
    if fixed - new_fixed or new_fixed - fixed:
        outcome.faults.append(f"around: {list(fixed - new_fixed) or list(new_fixed - fixed)}")
    if entries - new_entries:
        outcome.faults.append(f"gone: {list(entries - new_entries)[:2]}")


def compare_values(old: bytes, new: bytes, outcome: Outcome) -> None:
    """Let calamine read every old tab: each old value stands where it stood."""
    import io

    try:
        was = python_calamine.load_workbook(io.BytesIO(old))
        tabs = {n: was.get_sheet_by_name(n).to_python(skip_empty_area=False)
                for n in was.sheet_names}  # fmt: skip
    except Exception:
        return
    now = python_calamine.load_workbook(io.BytesIO(new))
    for name, rows in tabs.items():
        again = now.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for number, values in enumerate(rows):
            held = [c for c, v in enumerate(values) if v != ""]
            got = again[number] if number < len(again) else []
            if any(c >= len(got) or got[c] != values[c] for c in held):
                outcome.faults.append(f"calamine reads row {number + 1} of {name!r} differently")
                break


def open_in_libreoffice(outcomes: Sequence[Outcome], folder: Path) -> int:
    """Convert every tab of every result to text; count those that show our last column."""
    got = folder / "csv"
    files = [str(one.result) for one in outcomes]
    for start in range(0, len(files), 20):
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
             "--convert-to", CALC_ALL_TABS, "--outdir", str(got), *files[start : start + 20]],
            check=False, capture_output=True, timeout=900,
        )  # fmt: skip
    opened = 0
    for one in outcomes:
        assert one.result is not None
        texts = [p.read_text(errors="replace") for p in got.glob(f"{one.result.stem}-*.csv")]
        shown = any("Request ID" in text for text in texts)
        opened += shown
        if not shown:
            one.faults.append("LibreOffice does not show the new columns")
    return opened


def main() -> int:
    """Run everything and print the counts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--libreoffice", action="store_true", help="open each result there too")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    results = folder / "results"
    results.mkdir()
    outcomes: list[Outcome] = []
    for path in workbooks(options.folders):
        outcomes.append(run(path, "as it is", ReadOptions(), results))
        named = None if outcomes[-1].result else forced(path)
        if named is not None:
            outcomes.append(run(path, f"{named.sheet!r} row {named.header_row}", named, results))
    answered = [one for one in outcomes if one.result]
    if options.libreoffice:
        print(f"opened by LibreOffice: {open_in_libreoffice(answered, folder)} of {len(answered)}")
    for one in outcomes:
        print(f"{one.name} [{one.way}]: {one.end[:160]}")
        for fault in one.faults[:5]:
            print(f"  FAULT {fault[:700]}")
    names = {one.name for one in outcomes}
    print(f"workbooks {len(names)}, answered in place {len({one.name for one in answered})}")
    print(f"with a fault {sum(bool(one.faults) for one in outcomes)}")
    for name, count in sum((one.counts for one in outcomes), Counter[str]()).items():
        print(f"{name:<42}{count}")
    shutil.rmtree(folder)
    return int(any(one.faults for one in outcomes))


if __name__ == "__main__":
    sys.exit(main())
