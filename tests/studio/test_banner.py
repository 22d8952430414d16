"""Banner drafts: words can be read, the product keeps out of their way, candidates differ."""

import numpy as np
import pytest

from tierbook.studio import banner
from tierbook.studio.cutout import Cutout


@pytest.mark.parametrize("canvas", [(640, 280), (320, 420)])
@pytest.mark.parametrize("brand", [(), ("#0F5C63", "#F2B23E"), ("#F7E017",), ("#777777",)])
def test_words_can_always_be_read(
    cut_mug: Cutout, canvas: tuple[int, int], brand: tuple[str, ...]
) -> None:
    """Every candidate keeps 4.5:1 over its copy-safe area, whatever the brand's colours."""
    for candidate in range(1, 7):
        made = banner.draft(cut_mug, canvas, seed=5, candidate=candidate, brand_colours=brand)
        assert made.contrast >= banner.BODY_CONTRAST, made.layout


def test_the_copy_safe_area_is_free_of_the_product(cut_mug: Cutout) -> None:
    """In no layout does the product reach into the area kept for words."""
    for canvas in ((640, 280), (320, 420), (400, 400)):
        for candidate in range(1, 11):
            made = banner.draft(cut_mug, canvas, seed=2, candidate=candidate)
            x0, y0, x1, y1 = made.safe
            assert 0 <= x0 < x1 <= canvas[0]
            assert not made.composed.coverage[y0:y1, x0:x1].any(), made.layout


def test_candidates_differ_and_repeat_by_seed(cut_mug: Cutout) -> None:
    """Four candidates are four pictures; the same seed and number give the same one."""
    pictures = [
        banner.draft(cut_mug, (320, 140), seed=9, candidate=number).composed.rgb.tobytes()
        for number in (1, 2, 3, 4, 1)
    ]
    assert len(set(pictures)) == 4
    assert pictures[0] == pictures[4]


def test_a_headline_is_drawn_inside_its_area(cut_mug: Cutout) -> None:
    """Only the area kept for words changes when a headline is added, however long it is."""
    plain, worded = (
        banner.draft(cut_mug, (640, 280), seed=1, candidate=1, headline=words, mark=False)
        for words in ("", "Everything for the long dark winter mornings, at last under one roof")
    )
    changed = (plain.composed.rgb != worded.composed.rgb).any(axis=2)
    x0, y0, x1, y1 = plain.safe
    outside = changed.copy()
    outside[y0 - 12 : y1, x0:x1] = False
    assert changed.any()
    assert not outside.any()


def test_a_draft_never_passes_by_itself(cut_mug: Cutout) -> None:
    """A draft is always for a person to decide."""
    made = banner.draft(cut_mug, (640, 280), seed=1, candidate=1)
    assert "Draft" in {check.name for check in banner.judged(made) if check.verdict == "warn"}
    assert np.array_equal(made.composed.rgb.shape, (280, 640, 3))
