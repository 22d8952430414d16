"""LibreOffice as the second program: it recalculates every formula and says what it got."""

import re
import subprocess
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>0</value></prop></item></oor:items>"""
_CACHED = re.compile(rb"(</f>)<v>[^<]*</v>")


def without_cached_values(content: bytes) -> bytes:
    """Forget every formula's result, so that what comes back was really calculated."""
    source, target = zipfile.ZipFile(BytesIO(content)), BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/"):
                part = _CACHED.sub(rb"\1", part)
            written.writestr(name, part)
    return target.getvalue()


def recalculated(contents: Sequence[bytes], folder: Path) -> list[bytes]:
    """Open the workbooks, calculate everything anew, and save them again."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE)
    sources = [folder / f"book{number}.xlsx" for number in range(len(contents))]
    for source, content in zip(sources, contents, strict=True):
        source.write_bytes(without_cached_values(content))
    saved = folder / "saved"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            saved,
            *sources,
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return [(saved / source.name).read_bytes() for source in sources]


def formulas(content: bytes) -> dict[tuple[str, str], str]:
    """Read every formula by tab and cell."""
    return {
        (sheet.title, cell.coordinate): str(cell.value)
        for sheet in load_workbook(BytesIO(content))
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def values(content: bytes) -> dict[tuple[str, str], object]:
    """Read every value, of formulas the cached one, by tab and cell."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in load_workbook(BytesIO(content), data_only=True)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
