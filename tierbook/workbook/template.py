"""The blank workbook a seller opens, and the same workbook filled with a small candle shop.

`python -m tierbook.workbook.template` renews the committed one; a test holds it current.
"""

import io
import re
import zipfile
from pathlib import Path
from typing import Final

from openpyxl.workbook.workbook import Workbook

from tierbook.configuration import tabs
from tierbook.workbook import template_pen as pen
from tierbook.workbook import template_requests as request_tabs
from tierbook.workbook import template_settings as settings_tabs
from tierbook.workbook.marks import TEMPLATE_VERSION, VERSION
from tierbook.workbook.template_example import products, requests
from tierbook.workbook.template_file import template_path
from tierbook.workbook.template_start import add_cost_summary, add_start

# The same bytes whenever it is made, so that a test can tell whether the committed file is current.
_MADE_ON: Final = "2026-11-24T00:00:00Z"
_ZIP_DATE: Final = (2026, 11, 24, 0, 0, 0)
_DATES: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(<)")


def build(path: Path | None = None, *, example: bool = False) -> bytes:
    """Author the workbook, and write it to `path` if one is given.

    Args:
        path: Where to write it; an existing file is replaced.
        example: Fill in a small candle shop instead of leaving the rows empty.

    Returns:
        The xlsx file, the same bytes on every call.
    """
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.creator = "Tierbook"
    workbook.properties.title = "Tierbook"
    add_start(workbook)
    request_tabs.add_requests(workbook, requests() if example else ())
    add_cost_summary(workbook)
    request_tabs.add_products(workbook, products() if example else ())
    settings_tabs.add_rubric(workbook)
    settings_tabs.add_rubric_tests(workbook)
    for spec in (tabs.SCORECARD, tabs.TIERS, tabs.PLACEMENTS, tabs.PROMPTS, tabs.PRICE_BOOK):
        settings_tabs.add_table(workbook, spec)
    settings_tabs.add_settings(workbook)
    request_tabs.add_performance(workbook)
    settings_tabs.add_valid_values(workbook)
    pen.name_cells(workbook, VERSION, f'"{TEMPLATE_VERSION}"', hidden=True)
    content = _with_fixed_dates(workbook)
    if path is not None:
        path.write_bytes(content)
    return content


def _with_fixed_dates(workbook: Workbook) -> bytes:
    """Save with dates that do not depend on the clock."""
    saved, fixed = io.BytesIO(), io.BytesIO()
    workbook.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _DATES.sub(rb"\g<1>" + _MADE_ON.encode() + rb"\g<3>", content)
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, content)
    return fixed.getvalue()


if __name__ == "__main__":
    build(template_path())
