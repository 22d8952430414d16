"""Each quality check, shown a picture that breaks exactly its rule."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.studio.drawn import Drawn, as_file, cut_png, mug_outline
from tierbook.model import Placement
from tierbook.studio import checks, compose, encode, fingerprint, measures
from tierbook.studio.checking import Check, from_json, summary, to_json, worst
from tierbook.studio.cutout import Cutout

RULES = Placement(
    "Marketplace main",
    "marketplace",
    aspect_ratio="1:1",
    min_px=500,
    max_px=1200,
    background="white",
    fill_percent=Decimal(85),
    file_types=("JPEG", "PNG"),
    max_mb=Decimal("0.5"),
    checked_on=date(2026, 1, 1),
)


def named(found: list[Check] | tuple[Check, ...], name: str) -> Check:
    return next(check for check in found if check.name == name)


def good(size: int = 800, share: float = 0.85) -> np.ndarray:
    """Draw a mug on pure white that keeps every rule."""
    alpha = mug_outline(size, share=0.5)
    x, y, w, h = cv2.boundingRect((alpha > 127).astype(np.uint8))
    zoom = share * size / max(w, h)
    shift = [[zoom, 0, size / 2 - zoom * (x + w / 2)], [0, zoom, size / 2 - zoom * (y + h / 2)]]
    alpha = cv2.warpAffine(alpha, np.float32(shift), (size, size))
    rgb = np.full((size, size, 3), 255, np.uint8)
    rgb[alpha > 127] = (160, 30, 40)
    return rgb


def test_a_picture_that_keeps_every_rule_passes() -> None:
    """Nothing is flagged on a good picture; every check says its value and its limit."""
    found = measures.of_file(as_file(good()), RULES)
    assert worst(found) == "pass", summary(found)
    assert all(check.value and check.limit for check in found)


BROKEN = {
    "Opens": (lambda: b"no picture", "fail"),
    "White border": (
        lambda: as_file(np.where(good() == 255, 247, good()).astype(np.uint8)),
        "fail",
    ),
    "Aspect ratio": (lambda: as_file(good()[:, 60:-60]), "fail"),
    "Long edge": (lambda: as_file(good(480)), "fail"),
    "Largest edge": (lambda: as_file(good(1300)), "fail"),
    "File type": (lambda: as_file(good(), "WEBP"), "fail"),
    "Fill": (lambda: as_file(good(share=0.5)), "fail"),
    "Centring": (lambda: as_file(np.roll(good(share=0.6), 60, axis=1)), "warn"),
    "Sharpness": (lambda: as_file(cv2.GaussianBlur(good(), (0, 0), 9)), "fail"),
    "Colour space": (lambda: as_file(good()[:, :, 0].astype(np.uint16) * 257), "warn"),
    "Product": (lambda: as_file(np.full((800, 800, 3), 255, np.uint8)), "fail"),
    "File size": (
        lambda: as_file(np.random.default_rng(2).integers(0, 255, (600, 600, 3), np.uint8)),
        "fail",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_rule_is_noticed_when_broken(name: str) -> None:
    """A picture that breaks one rule is told by the check of that name, with what to do."""
    draw, verdict = BROKEN[name]
    check = named(measures.of_file(draw(), RULES), name)
    assert check.verdict == verdict
    assert check.message


def test_a_made_picture_passes_its_own_checks(cut_mug: Cutout) -> None:
    """Border, fill, centring, halo and truth pass on the decoded file of a clean cut-out."""
    made = compose.on_colour(cut_mug, (360, 360), fill=0.8)
    found = measures.of_product(encode.encode(made.rgb), made, cut_mug, 0.8)
    assert worst(found) == "pass", summary(found)


def test_a_changed_product_is_noticed(cut_mug: Cutout) -> None:
    """A picture whose product is not the photo's any more fails."""
    made = compose.on_colour(cut_mug, (360, 360), fill=0.8)
    inside = made.coverage > 250
    touched = made.rgb.copy()
    touched[inside] = 255 - touched[inside]
    found = measures.of_product(encode.encode(touched), made, cut_mug, 0.8)
    assert named(found, "True to the photo").verdict == "fail"


def test_a_mark_beside_the_product_is_noticed(cut_mug: Cutout) -> None:
    """A dark speck on the white is told."""
    made = compose.on_colour(cut_mug, (360, 360), fill=0.6)
    marked = made.rgb.copy()
    marked[40:52, 40:52] = 30
    found = measures.of_product(encode.encode(marked), made, cut_mug, 0.6)
    assert named(found, "Clean backdrop").verdict == "fail"


def test_a_file_that_does_not_open_says_what_it_is_and_what_to_do() -> None:
    """The message alone is shown: it names the kind of file and the next step."""
    (found,) = measures.of_file(b"GIF89a...", RULES)
    assert "GIF" in found.message
    assert "JPEG" in found.message


def test_grey_and_palette_pictures_raise_no_alarm_about_colours() -> None:
    """Browsers show them as they are; print colours are told."""
    image = Image.fromarray(good())
    verdicts = []
    for mode, kind in (("L", "PNG"), ("P", "PNG"), ("CMYK", "JPEG")):
        target = io.BytesIO()
        image.convert(mode).save(target, kind)
        verdicts.append(named(measures.of_file(target.getvalue()), "Colour space").verdict)
    assert verdicts == ["pass", "pass", "warn"]


def test_a_see_through_picture_is_judged_on_white(mug: Drawn) -> None:
    """Where a placement wants white, transparency is told, and hides no black border from it."""
    found = measures.of_file(cut_png(mug), RULES)
    assert named(found, "Backdrop").verdict == "warn"
    assert named(found, "White border").verdict == "pass"


def test_several_things_on_white_are_told() -> None:
    """Two products in one main picture are a warning; one, even with a hole, is none."""
    ground = np.full((800, 800, 3), 255, np.uint8)
    one = cv2.circle(ground.copy(), (400, 400), 250, (40, 60, 120), 40)
    two = cv2.circle(ground.copy(), (200, 400), 120, (40, 60, 120), -1)
    two = cv2.circle(two, (600, 400), 120, (40, 60, 120), -1)
    verdicts = [
        named(measures.of_file(as_file(shown), RULES), "One product").verdict
        for shown in (one, two)
    ]
    assert verdicts == ["pass", "warn"]


def test_an_enlarged_product_is_told(cut_mug: Cutout) -> None:
    """A product of 300 px blown up to 1000 is not passed off as sharp."""
    made = compose.on_colour(cut_mug, (1000, 1000), fill=0.8)
    found = measures.of_product(encode.encode(made.rgb), made, cut_mug, 0.8)
    assert named(found, "Enlarged").verdict == "warn"


def test_a_halo_of_the_old_backdrop_is_noticed() -> None:
    """An edge that kept the backdrop's colour is told from one that took the product's."""
    alpha = mug_outline(400, share=0.6)
    seen = np.full((400, 400, 3), (60, 190, 70), np.uint8)
    seen[alpha > 127] = (160, 30, 40)
    grown = cv2.dilate(alpha, np.ones((7, 7), np.uint8))
    dirty = Cutout(seen, grown, "mask", (), seen, (0, 0, 400, 400))
    clean = Cutout(seen, alpha, "mask", (), seen, (0, 0, 400, 400))
    verdicts = []
    for cutout in (dirty, clean):
        made = compose.on_colour(cutout, (400, 400), fill=0.8)
        found = measures.of_product(encode.encode(made.rgb), made, cutout, 0.8)
        verdicts.append(named(found, "Halo").verdict)
    assert verdicts == ["fail", "pass"]


def test_the_same_picture_is_recognised_again() -> None:
    """Resized and recompressed it is the same; another product is not."""
    first = fingerprint.fingerprint(good())
    again = fingerprint.fingerprint(cv2.resize(good(), (300, 300), interpolation=cv2.INTER_AREA))
    other = np.ascontiguousarray(good()[:, ::-1])
    prints = {"a": first, "b": again, "c": fingerprint.fingerprint(other)}
    assert fingerprint.duplicates(prints) == (("a", "b"),)


def test_a_folder_is_checked_picture_by_picture(tmp_path: Path) -> None:
    """Every picture is read, names choose the rules, twins are told, and nothing crashes."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "mug-marketplace-main.png").write_bytes(as_file(good()))
    small = cv2.resize(good(), (300, 300), interpolation=cv2.INTER_AREA)
    (tmp_path / "sub" / "mug-small.png").write_bytes(as_file(small))
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut")
    (tmp_path / "notes.txt").write_text("not a picture")
    reports = {r.path.name: r for r in checks.check_pictures(tmp_path, (RULES,))}
    assert set(reports) == {"mug-marketplace-main.png", "mug-small.png", "broken.jpg"}
    assert reports["mug-marketplace-main.png"].placement == "Marketplace main"
    assert reports["mug-small.png"].placement == ""
    assert reports["broken.jpg"].checks[0].verdict == "fail"
    assert named(reports["mug-small.png"].checks, "Duplicate").value == "mug-marketplace-main.png"


def test_one_placement_may_be_named_for_all(tmp_path: Path) -> None:
    """With a placement named, its rules hold for every picture of the folder."""
    (tmp_path / "a.png").write_bytes(as_file(good(480)))
    (report,) = checks.check_pictures(tmp_path, (RULES,), "marketplace main")
    assert named(report.checks, "Long edge").verdict == "fail"


def test_checks_travel_as_text() -> None:
    """What is written into the notes reads back as it was."""
    found = measures.of_file(as_file(good(480)), RULES)
    assert from_json(to_json(found)) == found
    assert summary(found).startswith("FAIL Long edge")
