"""The tab `Results`: one row a picture."""

from io import BytesIO

import openpyxl
from PIL import Image

from tierbook.contract import RESULTS
from tierbook.workbook.results_rows import ResultRow
from tierbook.workbook.tabs import build_tabs

from . import shop


def picture(width: int, height: int) -> bytes:
    content = BytesIO()
    Image.new("RGB", (width, height), "#0072B2").save(content, "PNG")
    return content.getvalue()


def row(
    sku: str, thumbnail: bytes | None, cost: int | None = 33_600, review: str = ""
) -> ResultRow:
    return ResultRow(
        sku,
        "Gallery",
        2,
        f"pictures/{sku} a.png",
        thumbnail,
        "engine",
        "=prompt",
        cost,
        "",
        review,
        "",
        "0123456789ab",
    )


def test_pictures_links_and_answers_stand_in_one_row() -> None:
    """The link is relative, the prompt stays text, an unknown cost is not zero."""
    found = shop.answers([2], [33_600])
    rows = (row("00123", picture(400, 100)), row("=B", None, None, "approve"))
    content = build_tabs(found, {RESULTS: RESULTS}, shop.grid_of(found), results=rows)
    sheet = openpyxl.load_workbook(BytesIO(content))[RESULTS]
    first, second = (list(cells) for cells in sheet.iter_rows(min_row=5, max_row=6))
    assert [cell.value for cell in first[1:4]] == ["00123", "Gallery", "2"]
    assert first[7].hyperlink.target == "pictures/00123%20a.png"
    assert first[7].value == "00123 a.png"
    assert (first[9].value, second[9].value) == (0.0336, "not known")
    assert {first[10].data_type, second[1].data_type} == {"s"}
    assert second[4].value == "approve"
    assert second[0].value == "no preview"
    assert len(sheet._images) == 1
    (validation, _) = sheet.data_validations.dataValidation
    assert validation.formula1 == '"approve,reject,redo"'
    assert str(sheet["A2"].value).startswith("2 pictures, 1 wait")


def test_a_thumbnail_keeps_its_proportions_inside_its_cell() -> None:
    """A wide picture is not stretched, a large one does not cover its neighbours."""
    found = shop.answers([2], [33_600])
    content = build_tabs(
        found, {RESULTS: RESULTS}, shop.grid_of(found), results=(row("1", picture(800, 200)),)
    )
    sheet = openpyxl.load_workbook(BytesIO(content))[RESULTS]
    (image,) = sheet._images
    start, end = image.anchor._from, image.anchor.to
    width = end.colOff - start.colOff if end.col == start.col else None
    height = end.rowOff - start.rowOff if end.row == start.row else None
    assert width is not None
    assert height is not None
    assert abs(width / height - 4) < 0.15


def test_no_pictures_no_tab() -> None:
    """The tab comes with the first picture."""
    found = shop.answers([2], [33_600])
    content = build_tabs(found, shop.NAMES, shop.grid_of(found))
    assert RESULTS not in openpyxl.load_workbook(BytesIO(content)).sheetnames
