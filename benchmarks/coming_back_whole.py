"""Edit every workbook of some folders and look, with a second reader, for anything that was lost.

    python benchmarks/coming_back_whole.py FOLDER... [--libreoffice]

Each workbook gets five columns right of the data of its first worksheet (header looks, tier
colours, links, a dropdown, a folded column) and two grafted tabs with a chart each; then the same
edit again; then the tabs are removed again. A workbook either passes every check or is refused
with a reason. The comparison uses lxml, zipfile and calamine only, nothing of the edit's own code.
"""

import argparse
import io
import posixpath
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import python_calamine
import xlsxwriter
from lxml import etree

from tierbook import ooxml
from tierbook.errors import TierbookError

MAX_ROWS = 3_000
TABS = ("Cost summary (whole)", "Rubric check (whole)")
HEADERS = ("Tier (whole)", "Why (whole)", "Est. cost (whole)", "Result (whole)", "Review (whole)")
PALETTE = (
    ooxml.Style(bold=True, fill="0072B2", font_color="FFFFFF"),
    ooxml.Style(bold=True, fill="E69F00"),
    ooxml.Style(bold=True, fill="009E73"),
)
HEADER = ooxml.Style(bold=True, fill="D9D9D9", wrap=True, border=True)
# Elements around the cells that an edit may add to; their old entries are looked for one by one.
OPEN = ("dataValidations", "hyperlinks", "conditionalFormatting", "cols", "dimension")


@dataclass
class Outcome:
    """What became of one workbook."""

    name: str
    refused: str = ""
    faults: list[str] = field(default_factory=list)
    cells: int = 0
    formulas: int = 0
    parts_equal: int = 0
    tables_grown: int = 0
    result: bytes = b""


# --------------------------------------------------------------------------- the edit


def summary_tabs() -> bytes:
    """Author two tabs with formulas, a print title, a link and a chart each."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    head = book.add_format({"bold": True, "bg_color": "#D9D9D9"})
    money = book.add_format({"num_format": "$#,##0.00"})
    for name in TABS:
        tab = book.add_worksheet(name)
        tab.write_row(0, 0, ["Tier", "Cost"], head)
        tab.write_column(1, 0, ["Standard", "Lifestyle & <more>", "Hero"])
        tab.write_column(1, 1, [0.02, 0.18, 1.4], money)
        tab.write_formula(4, 1, "=SUM(B2:B4)", money, 1.6)
        tab.write_url(5, 0, "https://example.com/a?b=c&d=e", string="more")
        tab.conditional_format("B2:B4", {"type": "cell", "criteria": ">", "value": 1,
                                         "format": head})  # fmt: skip
        tab.repeat_rows(0)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"categories": f"='{name}'!$A$2:$A$4", "values": f"='{name}'!$B$2:$B$4"})
        tab.insert_chart("D2", chart)
    book.close()
    return out.getvalue()


def columns_at(first: int, header_row: int, rows: list[int], *, new: bool):
    """Plan the five columns."""
    count = len(rows)
    values: list[list[object]] = [
        [index % 3 + 1 for index in range(count)],
        [f"rule R{index % 7} saw <white> & _x0041_ " for index in range(count)],
        [index * 0.02 for index in range(count)],
        [ooxml.Link(f"images/{i}.png", "open") if i < 20 else None for i in range(count)],
        [None] * count,
    ]
    looks: list[dict[str, object]] = [
        {"palette": PALETTE, "cell_styles": [index % 3 for index in range(count)], "width": 8},
        {"style": ooxml.Style(wrap=True), "width": 40},
        {"style": ooxml.Style(number_format="$#,##0.00")},
        {"style": ooxml.Style(underline=True, font_color="0563C1")},
        {"validation": ooxml.Validation('"approve,reject"', "Review", "Pick one."),
         "outline_level": 1, "hidden": True},
    ]  # fmt: skip
    return tuple(
        ooxml.ColumnEdit(
            first + step,
            header_row,
            HEADERS[step],
            rows,
            values[step],
            header_style=HEADER,
            new=new,
            **looks[step],
        )
        for step in range(len(HEADERS))
    )


def plan_for(sheet: str, facts) -> ooxml.EditPlan:
    """Plan the whole edit."""
    first = facts.first_free_column
    ending = [one for one in facts.tables if one.ref.right == first - 1 and one.has_header]
    header_row = ending[0].ref.top if ending else 1
    last = min(max(facts.last_row, header_row + 3), header_row + MAX_ROWS)
    rows = list(range(header_row + 1, last + 1))
    edit = ooxml.SheetEdit(
        sheet,
        columns_at(first, header_row, rows, new=True),
        conditional_formats=(
            ooxml.ConditionalFormat(f"A{header_row + 1}:C{last}", "$A1=-77", PALETTE[0]),
        ),
        summary_left=True,
    )
    return ooxml.EditPlan((edit,), ooxml.Graft(summary_tabs(), TABS))


# --------------------------------------------------------------------------- the second reader


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def spelled(element: etree._Element) -> bytes:
    element.tail = None
    return etree.tostring(element, method="c14n")


def cells_of(sheet: bytes) -> dict[tuple[int, int], bytes]:
    """Read every cell as canonical XML, counting where addresses are left out."""
    root = etree.fromstring(sheet, etree.XMLParser(huge_tree=True))
    found: dict[tuple[int, int], bytes] = {}
    row = 0
    for element in root.iterfind("{*}sheetData/{*}row"):
        row = int(element.get("r") or row + 1)
        column = 0
        for cell in element.iterfind("{*}c"):
            letters = (cell.get("r") or "").rstrip("0123456789")
            column = column_of(letters) if letters else column + 1
            found[row, column] = spelled(cell)
    return found


def column_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def around(sheet: bytes) -> tuple[Counter[bytes], Counter[bytes]]:
    """Return what stands around the cells: what must stay, and entries that may be joined."""
    root = etree.fromstring(sheet, etree.XMLParser(huge_tree=True))
    fixed: Counter[bytes] = Counter()
    open_entries: Counter[bytes] = Counter()
    for one in root:
        if not isinstance(one.tag, str):
            continue
        name = etree.QName(one).localname
        if name == "conditionalFormatting":
            open_entries[spelled(one)] += 1
        elif name in ("dataValidations", "hyperlinks"):
            open_entries.update(spelled(entry) for entry in one)
        elif name not in ("sheetData", "sheetFormatPr", "sheetPr", *OPEN):
            fixed[spelled(one)] += 1
    return fixed, open_entries


def dangling(package: dict[str, bytes]) -> set[tuple[str, str]]:
    known = {name.lower().replace("\\", "/") for name in package}
    found: set[tuple[str, str]] = set()
    for name, content in package.items():
        if not name.endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        for one in etree.fromstring(content):
            if one.get("TargetMode") == "External":
                continue
            target = unquote(one.get("Target", "")).replace("\\", "/")
            whole = target if target.startswith("/") else posixpath.join(folder, target)
            if posixpath.normpath(whole).lstrip("/").lower() not in known:
                found.add((name, target))
    return found


def values_of(content: bytes, sheet: str) -> list[list[object]]:
    book = python_calamine.load_workbook(io.BytesIO(content))
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


# --------------------------------------------------------------------------- the checks


def check(path: Path) -> Outcome:
    """Edit one workbook three times and compare."""
    outcome = Outcome(path.name)
    content = path.read_bytes()
    try:
        facts = ooxml.inspect(content)
        entry = next(one for one in facts.sheets if one.kind == "worksheet")
        sheet = facts.sheet(entry.name)
        plan = plan_for(entry.name, sheet)
        edited = ooxml.edit(content, plan)
    except TierbookError as refusal:
        outcome.refused = f"{refusal.message} -> {refusal.fix}"
        return outcome
    outcome.result = edited.content
    columns = plan.sheets[0].columns
    before, after = parts(content), parts(edited.content)
    compare_parts(before, after, entry.part, outcome)
    compare_touched(find(before, entry.part), find(after, entry.part), columns, outcome)
    compare_values(content, edited.content, entry.name, columns, outcome)
    if new := dangling(after) - dangling(before):
        outcome.faults.append(f"dangling {new}")
    again = ooxml.edit(edited.content, rerun(plan))
    if find(parts(again.content), entry.part) != find(after, entry.part):
        outcome.faults.append("the same edit again changed the sheet")
    removed = ooxml.edit(again.content, ooxml.EditPlan(remove_tabs=TABS))
    left = set(parts(removed.content)) - set(before)
    folder, name = posixpath.split(entry.part)
    allowed = {"xl/styles.xml", f"{folder}/_rels/{name}.rels"}
    if {one.lower() for one in left} - {one.lower() for one in allowed}:
        outcome.faults.append(f"left behind after removing the tabs: {sorted(left)}")
    names = [one.name for one in ooxml.inspect(removed.content).sheets]
    if names != [one.name for one in facts.sheets]:
        outcome.faults.append(f"tabs after removal: {names}")
    return outcome


def rerun(plan: ooxml.EditPlan) -> ooxml.EditPlan:
    """The same plan for columns that are ours by now."""
    from dataclasses import replace

    sheet = plan.sheets[0]
    columns = tuple(replace(one, new=False) for one in sheet.columns)
    return replace(plan, sheets=(replace(sheet, columns=columns),), remove_tabs=TABS)


def find(package: dict[str, bytes], name: str) -> bytes:
    return next(content for part, content in package.items()
                if part.lower().replace("\\", "/") == name.lower())  # fmt: skip


def compare_parts(
    before: dict[str, bytes], after: dict[str, bytes], sheet: str, outcome: Outcome
) -> None:
    for name, content in before.items():
        lower = name.lower()
        if name not in after:
            if not lower.endswith("calcchain.xml"):
                outcome.faults.append(f"part {name} is gone")
        elif after[name] == content:
            outcome.parts_equal += 1
        elif b"<tableColumns" in content or b":tableColumns" in content:
            outcome.tables_grown += 1
        elif lower != sheet.lower() and not lower.endswith(
            ("workbook.xml", "workbook.xml.rels", "[content_types].xml", "styles.xml", "app.xml",
             "_rels/" + posixpath.basename(sheet).lower() + ".rels")
        ) and b"<workbook" not in content and b":workbook" not in content:  # fmt: skip
            outcome.faults.append(f"part {name} changed")


def compare_touched(old: bytes, new: bytes, columns, outcome: Outcome) -> None:
    before, after = cells_of(old), cells_of(new)
    planned = {(row, one.column) for one in columns for row in (one.header_row, *one.rows)}
    for place, cell in before.items():
        outcome.cells += 1
        outcome.formulas += b"<f" in cell or b":f>" in cell or b":f " in cell
        if place not in planned and after.get(place) != cell:
            outcome.faults.append(f"cell {place} changed")
    for place in after:
        if place not in before and place not in planned:
            outcome.faults.append(f"cell {place} appeared")
    fixed, entries = around(old)
    new_fixed, new_entries = around(new)
    if fixed - new_fixed or (added := new_fixed - fixed):
        outcome.faults.append(f"around the cells: {list(fixed - new_fixed) or list(added)}")
    if entries - new_entries:
        outcome.faults.append(f"gone: {list(entries - new_entries)[:2]}")


def compare_values(old: bytes, new: bytes, sheet: str, columns, outcome: Outcome) -> None:
    try:
        before = values_of(old, sheet)
    except python_calamine.CalamineError:
        return
    after = values_of(new, sheet)
    for row, values in enumerate(before):
        width = min(len(values), columns[0].column - 1)
        if values[:width] != after[row][:width]:
            outcome.faults.append(f"calamine reads row {row + 1} differently")
            break
    for one in columns:
        got = after[one.header_row - 1][one.column - 1]
        if got != one.header:
            outcome.faults.append(f"calamine reads header {got!r}")
        for row, value in zip(one.rows, one.values, strict=True):
            wanted = value.text if isinstance(value, ooxml.Link) else value
            got = after[row - 1][one.column - 1] if row <= len(after) else ""
            if isinstance(wanted, str):
                got, wanted = str(got).replace("_x005F_", "_"), wanted
            if got != ("" if wanted is None else wanted):
                outcome.faults.append(f"calamine reads {got!r}, not {wanted!r}, in row {row}")
                return


def open_in_libreoffice(outcomes: list[Outcome], folder: Path) -> int:
    """Convert every result with LibreOffice; returns how many came out with the new header."""
    given, got = folder / "in", folder / "out"
    given.mkdir()
    suffixes = []
    for number, one in enumerate(outcomes):
        suffixes.append(f"{number}{Path(one.name).suffix}")
        (given / suffixes[-1]).write_bytes(one.result)
    for start in range(0, len(suffixes), 20):
        files = [str(given / name) for name in suffixes[start : start + 20]]
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", "csv", "--outdir", str(got), *files],
            check=False, capture_output=True, timeout=600,
        )  # fmt: skip
    opened = 0
    for number, one in enumerate(outcomes):
        result = got / f"{number}.csv"
        text = result.read_text(errors="replace") if result.exists() else ""
        # LibreOffice draws pivot tables anew, sometimes wider, over the first new columns.
        if any(header in text for header in HEADERS):
            opened += 1
        else:
            one.faults.append("LibreOffice did not open it with the new columns")
    return opened


def workbooks(folders: list[Path]) -> list[Path]:
    return sorted(
        path
        for folder in folders
        for path in ([folder] if folder.is_file() else folder.rglob("*"))
        if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".xlsb") and path.is_file()
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--libreoffice", action="store_true", help="open each result there too")
    options = parser.parse_args()
    outcomes = [check(path) for path in workbooks(options.folders)]
    delivered = [one for one in outcomes if not one.refused]
    if options.libreoffice:
        folder = Path(tempfile.mkdtemp())
        opened = open_in_libreoffice(delivered, folder)
        shutil.rmtree(folder)
        print(f"opened by LibreOffice    {opened} of {len(delivered)}")
    for one in outcomes:
        if one.refused:
            print(f"refused  {one.name}: {one.refused}")
        for fault in one.faults[:5]:
            print(f"FAULT    {one.name}: {fault[:300]}")
    print(f"workbooks                {len(outcomes)}")
    print(f"edited and whole         {sum(not one.faults for one in delivered)}")
    print(f"refused with a reason    {len(outcomes) - len(delivered)}")
    print(f"with a fault             {sum(bool(one.faults) for one in outcomes)}")
    print(f"parts byte-equal         {sum(one.parts_equal for one in delivered)}")
    print(f"cells as before          {sum(one.cells for one in delivered)}")
    print(f"  of them formulas       {sum(one.formulas for one in delivered)}")
    print(f"tables grown             {sum(one.tables_grown for one in delivered)}")
    return int(any(one.faults for one in outcomes))


if __name__ == "__main__":
    sys.exit(main())
