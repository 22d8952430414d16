"""The cut-out: who is trusted first, how near the truth it comes, and what is flagged."""

import numpy as np
import pytest

from tests.studio.drawn import Drawn, cut_png, mug_outline, photo
from tierbook.studio.checking import Check, worst
from tierbook.studio.cutout import Cutout, Look, cut_out
from tierbook.studio.photo import Photo, UnusablePhoto, open_photo


def overlap(cut: Cutout, truth: np.ndarray) -> float:
    found = np.zeros(truth.shape, bool)
    x0, y0, x1, y1 = cut.box
    assert cut.alpha.shape == (y1 - y0, x1 - x0)
    found[y0:y1, x0:x1] = cut.alpha > 127
    return float((found & (truth > 0.5)).sum() / (found | (truth > 0.5)).sum())


def named(checks: tuple[Check, ...], name: str) -> Check:
    return next(check for check in checks if check.name == name)


def test_the_photos_own_transparency_wins(mug: Drawn) -> None:
    """An alpha channel is taken as it is; no network is asked."""

    def never(_rgb: np.ndarray) -> np.ndarray:
        raise AssertionError("the network was asked")

    cut = cut_out(open_photo(cut_png(mug)), never)
    assert cut.route == "alpha"
    assert overlap(cut, mug.alpha) > 0.995
    assert worst(cut.checks) == "pass"


def test_a_faint_floating_shadow_is_dropped(mug: Drawn) -> None:
    """A drawn shadow under a cut-out product is no part of the product."""
    alpha = (mug.alpha * 255).astype(np.uint8)
    alpha[520:560, 200:400] = 90
    cut = cut_out(Photo(mug.rgb, alpha), None)
    assert cut.box[3] < 500


def test_the_sellers_mask_wins_over_the_network(mug: Drawn) -> None:
    """A mask beside the photo decides, also when it is of another size."""
    mask = (mug.alpha[::2, ::2] * 255).astype(np.uint8)
    cut = cut_out(Photo(mug.rgb), None, mask)
    assert cut.route == "mask"
    assert overlap(cut, mug.alpha) > 0.97


def test_without_the_network_a_plain_backdrop_still_works_and_warns(mug: Drawn) -> None:
    """The classical route comes near the truth on a plain backdrop and always asks for a look."""
    cut = cut_out(Photo(mug.rgb), None)
    assert overlap(cut, mug.alpha) > 0.97
    assert named(cut.checks, "Cut-out method").verdict == "warn"


def test_without_the_network_a_busy_backdrop_fails() -> None:
    """On a patterned backdrop the classical route does not pretend."""
    drawn = photo(mug_outline(600))
    stripes = (np.indices(drawn.rgb.shape[:2]).sum(axis=0) // 12 % 2 * 120).astype(np.uint8)
    busy = np.where(drawn.alpha[:, :, None] > 0.5, drawn.rgb, stripes[:, :, None])
    try:
        cut = cut_out(Photo(busy), None)
    except UnusablePhoto:
        return
    assert worst(cut.checks) == "fail"


def test_white_on_white_is_never_a_confident_answer() -> None:
    """A product of the backdrop's own colour is refused or flagged, not delivered."""
    drawn = photo(mug_outline(600), product=(222, 220, 216), backdrop=(226, 224, 220))
    drawn.rgb[300:340] = drawn.rgb[100:140]  # without the stripe nothing tells it apart
    try:
        cut = cut_out(Photo(drawn.rgb), None)
    except UnusablePhoto as refused:
        assert "colour" in refused.fix
        return
    assert worst(cut.checks) == "fail"


def test_an_empty_backdrop_is_refused() -> None:
    """A photo without a product gives a reason and a next step."""
    with pytest.raises(UnusablePhoto) as caught:
        cut_out(Photo(np.full((300, 300, 3), 200, np.uint8)), None)
    assert caught.value.fix


def test_a_product_cut_off_by_the_frame_is_told() -> None:
    """The sides at which the product leaves the photo are named."""
    drawn = photo(mug_outline(600, at=(0.15, 0.5)))
    cut = cut_out(Photo(drawn.rgb), None)
    assert named(cut.checks, "Whole in the photo").value == "left"


def test_edge_pixels_take_the_products_colour(mug: Drawn) -> None:
    """No tint of a green backdrop is left in the half-transparent pixels of a red mug."""
    green = photo(mug_outline(600), product=(170, 30, 40), backdrop=(60, 190, 70))
    cut = cut_out(Photo(green.rgb), None, (green.alpha * 255).astype(np.uint8))
    edge = (cut.alpha > 60) & (cut.alpha < 200)
    lean = cut.rgb[edge].astype(int)
    before = cut.seen[edge].astype(int)
    assert (before[:, 1] > before[:, 0]).mean() > 0.2
    assert (lean[:, 1] > lean[:, 0]).mean() < 0.05


def test_opaque_pixels_keep_their_exact_values(mug: Drawn) -> None:
    """Inside the edge the product is the photo, bit for bit."""
    cut = cut_out(Photo(mug.rgb), None, (mug.alpha * 255).astype(np.uint8))
    inside = cut.alpha == 255
    assert (cut.rgb[inside] == cut.seen[inside]).all()


@pytest.mark.model
def test_the_network_finds_the_product(mug: Drawn, look: Look) -> None:
    """The network route comes within 3% of the truth, its handle's hole included, unflagged."""
    cut = cut_out(Photo(mug.rgb), look)
    assert cut.route == "network"
    assert overlap(cut, mug.alpha) > 0.97
    assert worst(cut.checks) == "pass"


@pytest.mark.model
def test_two_products_are_flagged(look: Look) -> None:
    """Two things side by side are never delivered as one product."""
    both = np.maximum(
        mug_outline(700, at=(0.27, 0.5), share=0.32), mug_outline(700, at=(0.75, 0.5), share=0.3)
    )
    cut = cut_out(Photo(photo(both).rgb), look)
    assert named(cut.checks, "One object").verdict == "fail"


@pytest.mark.model
def test_the_same_photo_gives_the_same_cut(mug: Drawn, look: Look) -> None:
    """Nothing in the route depends on chance or on what ran before."""
    first = cut_out(Photo(mug.rgb), look)
    cut_out(Photo(mug.rgb[:, ::-1].copy()), look)
    second = cut_out(Photo(mug.rgb), look)
    assert (first.alpha == second.alpha).all()
    assert (first.rgb == second.rgb).all()
    assert first.checks == second.checks
