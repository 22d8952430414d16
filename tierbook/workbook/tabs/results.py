"""The tab `Results`: one row a picture, with a thumbnail and a place to approve or reject it."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Final

from tierbook.contract import RESULTS, REVIEW_DECISIONS, REVIEW_REASONS
from tierbook.workbook.results_rows import ResultRow
from tierbook.workbook.tabs.finishing import picture_link
from tierbook.workbook.tabs.look import (
    GREEN,
    INPUT_HEADER,
    LINKED_TOP,
    WRAPPED,
    Face,
    Wardrobe,
    tier_tint,
)
from tierbook.workbook.tabs.pen import Pen, price

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

_HEADINGS: Final = (
    "Picture",
    "SKU",
    "Placement",
    "Tier",
    "Review",
    "Review reason",
    "Quality check",
    "File",
    "Engine",
    "Cost",
    "Prompt",
    "Request ID",
)
_WIDTHS: Final = (16, 18, 18, 6, 12, 19, 26, 24, 24, 11, 50, 15)
# 0-based places of the columns the seller answers in; their headers are dark as inputs are.
_ANSWERED: Final = (4, 5)
_HEADER_ROW: Final = 4
_ROW_POINTS: Final = 84.0
# The picture cell in pixels, with a little air around the thumbnail.
_SLOT_WIDTH: Final = 113
_SLOT_HEIGHT: Final = 108
_AIR: Final = 4
_ANSWER: Final = Face(wrap=True, fill="FFFFFF", unlocked=True, bold=True)


def write_results(
    workbook: "Workbook", wardrobe: Wardrobe, rows: Sequence[ResultRow], names: Mapping[str, str]
) -> None:
    """Author the tab."""
    sheet = workbook.add_worksheet(names[RESULTS])
    sheet.set_tab_color(f"#{GREEN}")
    pen = Pen(sheet, wardrobe)
    pen.widths(_WIDTHS)
    pen.page(landscape=True, frozen_rows=_HEADER_ROW, header_row=_HEADER_ROW)
    waiting = sum(not row.review for row in rows)
    pen.title(
        "Results",
        f"{len(rows):,} pictures, {waiting:,} wait for your word in the column Review.",
    )
    pen.headings(_HEADER_ROW, _HEADINGS, words=len(_HEADINGS))
    for column in _ANSWERED:
        pen.words(_HEADER_ROW, column + 1, _HEADINGS[column], INPUT_HEADER)
    for here, result in enumerate(rows, start=_HEADER_ROW + 1):
        _write_result(pen, here, result)
    last = _HEADER_ROW + max(1, len(rows))
    sheet.autofilter(_HEADER_ROW - 1, 0, last - 1, len(_HEADINGS) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"B{_HEADER_ROW + 1}:L{last}"})
    for column, words in zip(_ANSWERED, (REVIEW_DECISIONS, REVIEW_REASONS), strict=True):
        sheet.data_validation(
            _HEADER_ROW,
            column,
            last - 1,
            column,
            {"validate": "list", "source": list(words), "error_type": "warning"},
        )


def _write_result(pen: Pen, row: int, result: ResultRow) -> None:
    pen.sheet.set_row(row - 1, _ROW_POINTS)
    pen.words(row, 1, "" if result.thumbnail else "no preview", WRAPPED)
    if result.thumbnail:
        _place_thumbnail(pen, row, result)
    pen.words(row, 2, result.sku, Face(number_format="@", wrap=True, bold=True))
    pen.words(row, 3, result.placement, WRAPPED)
    pen.words(row, 4, str(result.tier), Face(wrap=True, fill=tier_tint(result.tier)))
    pen.words(row, 5, result.review, _ANSWER)
    pen.words(row, 6, result.reason, _ANSWER)
    pen.words(row, 7, result.checks, WRAPPED)
    name = result.file.rpartition("/")[2]
    if name:
        pen.link(row, 8, picture_link(result.file), name, LINKED_TOP, "Open the picture")
    pen.words(row, 9, result.engine, WRAPPED)
    if result.cost is None:
        pen.words(row, 10, "not known", WRAPPED)
    else:
        pen.value(row, 10, price(result.cost), Face(wrap=True, align="left"))
    pen.words(row, 11, result.prompt, WRAPPED)
    pen.words(row, 12, result.request_id, Face(number_format="@", wrap=True))


def _place_thumbnail(pen: Pen, row: int, result: ResultRow) -> None:
    """Fit the thumbnail into its cell; it moves, sorts and hides with it."""
    from PIL import Image

    content = result.thumbnail or b""
    with Image.open(BytesIO(content)) as picture:
        width, height = picture.size
    room = (_SLOT_WIDTH - 2 * _AIR, _SLOT_HEIGHT - 2 * _AIR)
    scale = min(room[0] / width, room[1] / height)
    pen.sheet.insert_image(
        row - 1,
        0,
        f"{result.request_id}.png",
        {
            "image_data": BytesIO(content),
            "x_scale": scale,
            "y_scale": scale,
            "x_offset": (_SLOT_WIDTH - width * scale) / 2,
            "y_offset": (_SLOT_HEIGHT - height * scale) / 2,
            "object_position": 1,
            "description": f"{result.sku}, {result.placement}, tier {result.tier}",
        },
    )
