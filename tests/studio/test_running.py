"""The studio through the command line, from another folder than the workbook's."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

from tests.studio.drawn import as_file, cut_png, mug_outline, photo

HEADINGS = ("SKU", "Placement", "Source image", "Angles", "Background", "Long edge px")


class Shop:
    """A folder with a workbook and photos, a home of its own, and `tierbook` to run on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.book = folder / "shop" / "book.xlsx"
        self.book.parent.mkdir()

    def photo(self, name: str, share: float, at: tuple[float, float] = (0.5, 0.5)) -> None:
        drawn = photo(mug_outline(500, at=at, share=share))
        (self.book.parent / name).write_bytes(cut_png(drawn))

    def write(self, *rows: tuple[object, ...]) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "Requests"
        for row in (HEADINGS, *rows):
            sheet.append(row)
        book.save(self.book)

    def make(self) -> dict[str, Any]:
        words = ["run", str(self.book), "--generate", "--yes", "--json"]
        done = subprocess.run(
            [sys.executable, "-m", "tierbook", *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "TIERBOOK_HOME": str(self.folder / "home")},
        )
        assert done.stdout, done.stderr
        document: dict[str, Any] = json.loads(done.stdout)
        return document

    def cells(self, heading: str) -> list[str]:
        rows = CalamineWorkbook.from_path(str(self.book)).get_sheet_by_name("Requests").to_python()
        head = next(row for row in rows if "Status" in row)
        return [str(row[head.index(heading)]) for row in rows[rows.index(head) + 1 :]]

    def heights(self, sku: str) -> list[int]:
        """Measure the products on the pictures of a SKU, smallest first, in pixels."""
        files = self.book.parent.glob(f"images/**/{sku.lower()}-*.jpg")
        shown = [np.asarray(Image.open(file).convert("L")) < 240 for file in files]
        return sorted(int(np.ptp(np.flatnonzero(one.any(axis=1)))) + 1 for one in shown)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_all_angles_of_a_sku_come_out_at_one_scale(shop: Shop) -> None:
    """The largest angle fills, the others keep their share; a second run makes nothing."""
    shop.photo("front.png", 0.6)
    shop.photo("side.png", 0.4)
    shop.photo("top.png", 0.3)
    shop.photo("other.png", 0.3)
    rows = [
        ("MUG", "Gallery", "front.png; side.png; top.png", 3, "white", 1000),
        ("TIN", "Gallery", "other.png", 1, "white", 1000),
    ]
    shop.write(*rows)
    assert shop.make()["generated"]["made"] == 4, shop.cells("Message")
    small, middle, large = shop.heights("MUG")
    assert small / large == pytest.approx(0.5, abs=0.02)
    assert middle / large == pytest.approx(0.667, abs=0.02)
    assert shop.heights("TIN")[0] == pytest.approx(large, abs=3)
    assert shop.make()["generated"]["made"] == 0


def test_an_angle_more_leaves_the_others_as_they_are(shop: Shop) -> None:
    """An angle added later gets the scale of the SKU, and nothing made before is made again."""
    shop.photo("front.png", 0.6)
    shop.photo("side.png", 0.4)
    shop.photo("top.png", 0.3)
    shop.write(("MUG", "Gallery", "front.png; side.png", 2, "white", 1000))
    assert shop.make()["generated"]["made"] == 2, shop.cells("Message")
    before = shop.heights("MUG")
    shop.write(("MUG", "Gallery", "front.png; side.png; top.png", 3, "white", 1000))
    assert shop.make()["generated"]["made"] == 1
    small, *others = shop.heights("MUG")
    assert others == before
    assert small / before[-1] == pytest.approx(0.5, abs=0.02)


def test_a_detail_neither_sets_the_scale_nor_takes_it(shop: Shop) -> None:
    """A close-up cut off by the photo's frame would make the whole product a speck."""
    shop.photo("front.png", 0.5)
    shop.photo("side.png", 0.4)
    shop.photo("detail.png", 1.2, at=(0.1, 0.8))
    shop.write(("MUG", "Gallery", "front.png; side.png; detail.png", 3, "white", 1000))
    assert shop.make()["generated"]["made"] == 3, shop.cells("Message")
    heights = shop.heights("MUG")
    assert min(heights) > 600
    assert any(height / max(heights) == pytest.approx(0.8, abs=0.02) for height in heights)


def test_files_beside_the_photo_are_found_from_any_folder(shop: Shop) -> None:
    """A mask lies beside the photo, not in the folder the command was typed in."""
    drawn = photo(mug_outline(500))
    (shop.book.parent / "mug.jpg").write_bytes(drawn.jpeg())
    mask = as_file((drawn.alpha * 255).astype(np.uint8))
    (shop.book.parent / "mug_mask.png").write_bytes(mask)
    shop.write(("MUG", "Gallery", "mug.jpg", 1, "white", 1000))
    shop.make()
    assert shop.cells("Quality check") != [""]
    assert "by colour" not in shop.cells("Quality check")[0]
    assert "Two looks" not in shop.cells("Quality check")[0]
    assert shop.heights("MUG")[0] > 600
