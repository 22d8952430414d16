"""Mockups: print lands where the template says, on every blank there is."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.studio.drawn import as_file
from tierbook.studio import blanks, mockup
from tierbook.studio.photo import UnusablePhoto

QUARTERS = np.zeros((200, 200, 3), np.uint8)
QUARTERS[:100, :100], QUARTERS[:100, 100:] = (220, 30, 30), (30, 200, 30)
QUARTERS[100:, :100], QUARTERS[100:, 100:] = (30, 30, 220), (230, 210, 30)


def folder_of(tmp_path: Path, described: object) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "base.png").write_bytes(as_file(np.full((300, 300, 3), 250, np.uint8)))
    (folder / "template.json").write_text(json.dumps(described))
    return folder


def test_a_quad_puts_each_corner_of_the_design_in_its_place(tmp_path: Path) -> None:
    """The design's four quarters come out at the four corners named, and nowhere else."""
    points = [[50, 60], [250, 40], [260, 240], [40, 260]]
    template = mockup.load(folder_of(tmp_path, {"type": "quad", "points": points}))
    shown = mockup.render(template, QUARTERS)
    for place, tone in (
        ((75, 70), (220, 30, 30)),
        ((65, 230), (30, 200, 30)),
        ((235, 70), (30, 30, 220)),
        ((220, 235), (230, 210, 30)),
    ):
        assert np.abs(shown[place].astype(int) - tone).max() < 12
    assert (shown[10, 10] == 250).all()


def test_mask_and_shade_are_kept(tmp_path: Path) -> None:
    """Print stays inside the mask and is as dark as the shade says."""
    folder = folder_of(
        tmp_path, {"type": "quad", "points": [[0, 0], [299, 0], [299, 299], [0, 299]]}
    )
    mask = np.zeros((300, 300), np.uint8)
    mask[:, 150:] = 255
    (folder / "mask.png").write_bytes(as_file(mask))
    (folder / "shade.png").write_bytes(as_file(np.full((300, 300), 64, np.uint8)))
    shown = mockup.render(mockup.load(folder), np.full((50, 50, 3), 200, np.uint8))
    assert (shown[150, 50] == 250).all()
    assert np.abs(shown[150, 250].astype(int) - 100).max() <= 2


def test_a_design_is_never_stretched() -> None:
    """A wide design on a tall face keeps its shape: its rim colour fills the rest."""
    wide = np.full((100, 300, 3), (40, 60, 90), np.uint8)
    wide[40:60, 140:160] = 255
    poster = blanks.blank("poster")
    assert poster
    shown = mockup.render(poster, wide)[300:1100, 500:1100]
    square = shown.min(axis=2) > 180
    rows, columns = np.flatnonzero(square.any(axis=1)), np.flatnonzero(square.any(axis=0))
    assert np.ptp(rows) == pytest.approx(np.ptp(columns), abs=4)


@pytest.mark.parametrize("name", blanks.names())
def test_every_blank_takes_print_and_comes_back_from_a_folder(name: str, tmp_path: Path) -> None:
    """Each drawn blank shows the design's colours and survives being saved and loaded."""
    template = blanks.blank(name)
    assert template
    shown = mockup.render(template, QUARTERS)
    changed = (shown != template.base).any(axis=2)
    assert 0.02 < changed.mean() < 0.6
    assert not changed[:40].any()
    mockup.save(template, tmp_path / name)
    again = mockup.render(mockup.load(tmp_path / name), QUARTERS)
    assert np.abs(again.astype(int) - shown).mean() < 0.05


@pytest.mark.parametrize(
    "described",
    [
        {"type": "quad", "points": [[0, 0], [1, 1]]},
        {"type": "mesh", "points": [[0, 0], [1, 1]]},
        {"type": "ring", "points": []},
        {"prints": []},
        [],
    ],
)
def test_a_template_that_makes_no_sense_is_told(tmp_path: Path, described: object) -> None:
    """A wrong template.json gives a sentence with the folder's name."""
    with pytest.raises(UnusablePhoto, match='"own"'):
        mockup.load(folder_of(tmp_path, described))


def test_see_through_margins_do_not_make_the_print_smaller() -> None:
    """A design with empty space around it is printed as large as one without."""
    shirt = blanks.blank("tshirt")
    assert shirt is not None
    tight = np.full((200, 200, 3), 20, np.uint8)
    wide = np.full((600, 600, 3), 255, np.uint8)
    wide[200:400, 200:400] = 20
    cover = np.zeros((600, 600), np.uint8)
    cover[200:400, 200:400] = 255
    first = mockup.render(shirt, tight, np.full((200, 200), 255, np.uint8))
    assert (mockup.render(shirt, wide, cover) == first).all()
