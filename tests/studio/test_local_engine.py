"""The engine as the runner sees it: plain values in, a picture or a reason out."""

import hashlib
import io
import pickle
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.studio.drawn import Drawn, as_file, cut_png, mug_outline, photo
from tierbook.engines.local_studio import ENGINE
from tierbook.engines.wire import LocalEngine, PictureOrder, ReadyBytes, Refused, SourceImage
from tierbook.model import Placement
from tierbook.studio.checking import from_json

MAIN = Placement(
    "Marketplace main",
    "marketplace",
    aspect_ratio="1:1",
    min_px=300,
    background="white",
    fill_percent=Decimal(85),
    file_types=("JPEG",),
)


def source(content: bytes, path: str = "") -> SourceImage:
    return SourceImage(content, "image/png", 0, 0, hashlib.sha256(content).hexdigest(), path)


def order(content: bytes, **changes: object) -> PictureOrder:
    plain = PictureOrder(
        request_key="k",
        model="local_studio",
        quality="",
        size="",
        operation="",
        prompt="",
        avoid="",
        width=400,
        height=400,
        aspect_ratio="1:1",
        candidate=1,
        seed=7,
        source=source(content),
        placement=MAIN,
        facts={"SKU": "MUG-1", "Background": "white"},
        brand_colours=("#0F5C63", "#F2B23E"),
        lane="fast",
    )
    return replace(plain, **changes)


@pytest.fixture(scope="module")
def png(mug: Drawn) -> bytes:
    return cut_png(mug)


def made(outcome: object) -> ReadyBytes:
    assert isinstance(outcome, ReadyBytes), outcome
    return outcome


def test_it_is_a_local_engine() -> None:
    """It has what the runner asks of an engine on this machine and never charges."""
    assert isinstance(ENGINE, LocalEngine)
    assert ENGINE.capabilities.charges_on == "never"
    assert ENGINE.ready() == ""


def test_a_white_picture_comes_back_checked(png: bytes) -> None:
    """The file is what was ordered, costs nothing, and carries its checks as text."""
    outcome = made(ENGINE.make(order(png)))
    image = Image.open(io.BytesIO(outcome.content))
    assert (image.format, image.size, outcome.actual_cost) == ("JPEG", (400, 400), 0)
    checks = {check.name: check for check in from_json(outcome.notes["checks"])}
    assert checks["White border"].verdict == "pass"
    assert outcome.notes["verdict"] == "pass", outcome.notes["message"]


@pytest.mark.parametrize(
    ("facts", "lane", "operation"),
    [
        ({"Background": "brand"}, "standard", "cutout"),
        ({"Background": "white", "Colour swap": "navy"}, "fast", "cutout"),
        ({"Background": "scene", "Scene notes": "wooden table"}, "standard", "scene"),
        ({"Scene notes": "mockup on a tote"}, "standard", "mockup"),
        ({"Campaign": "Black Friday"}, "review", "draft"),
    ],
)
def test_every_operation_gives_the_same_bytes_again(
    png: bytes, facts: dict[str, str], lane: str, operation: str
) -> None:
    """Each operation makes the ordered size, and the same order gives the same file."""
    wanted = order(png, facts=facts, lane=lane, placement=None, width=480, height=320)
    first = made(ENGINE.make(wanted))
    assert Image.open(io.BytesIO(first.content)).size == (480, 320)
    assert first.notes["operation"] == operation
    assert ENGINE.make(wanted) == first


def test_orders_and_outcomes_travel_between_processes(png: bytes) -> None:
    """What goes to a worker and comes back can be pickled."""
    wanted = order(png)
    assert pickle.loads(pickle.dumps(wanted)) == wanted  # noqa: S301 - our own bytes
    outcome = ENGINE.make(wanted)
    assert pickle.loads(pickle.dumps(outcome)) == outcome  # noqa: S301 - our own bytes


def test_without_a_photo_it_says_so() -> None:
    """No photo is a refusal with the next step, and costs nothing."""
    outcome = ENGINE.make(order(b"", source=None))
    assert isinstance(outcome, Refused)
    assert "Source image" in outcome.reason
    assert outcome.actual_cost == 0


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n broken"])
def test_a_bad_photo_is_refused_with_the_next_step(content: bytes) -> None:
    """A file that is no photo never raises out of the engine."""
    outcome = ENGINE.make(order(content))
    assert isinstance(outcome, Refused)
    assert outcome.reason.endswith(".")


def test_without_the_network_the_picture_is_flagged(
    mug: Drawn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Offline and without the model there is a picture, and it says how it was made."""
    for name in ("TIERBOOK_MODEL", "U2NET_HOME", "REMBG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    outcome = made(ENGINE.make(order(mug.jpeg())))
    assert outcome.notes["route"] == "classical"
    assert outcome.notes["verdict"] != "pass"
    assert "tierbook models" in outcome.notes["message"]


def test_a_mask_beside_the_photo_is_used(mug: Drawn, tmp_path: Path) -> None:
    """`mug_mask.png` beside `mug.jpg` decides the cut."""
    (tmp_path / "mug_mask.png").write_bytes(as_file((mug.alpha * 255).astype(np.uint8)))
    content = mug.jpeg()
    wanted = order(content, source=source(content, str(tmp_path / "mug.jpg")))
    assert made(ENGINE.make(wanted)).notes["route"] == "mask"


def test_a_scene_photo_must_lie_beside_the_product_photo(png: bytes, tmp_path: Path) -> None:
    """A cell cannot make the studio read a file from elsewhere on the machine."""
    shop = tmp_path / "shop"
    shop.mkdir()
    scene = as_file(np.full((300, 400, 3), 120, np.uint8))
    (shop / "table.png").write_bytes(scene)
    (tmp_path / "secret.png").write_bytes(scene)
    outcomes = [
        ENGINE.make(
            order(
                png,
                source=source(png, str(shop / "mug.png")),
                facts={"Background": "scene", "Scene photo": name, "Scene box": "50, 80, 40"},
                lane="standard",
                placement=None,
            )
        )
        for name in ("table.png", "../secret.png", "missing.png")
    ]
    assert [type(outcome) for outcome in outcomes] == [ReadyBytes, Refused, Refused]


@pytest.mark.model
def test_a_wrong_object_is_never_silent() -> None:
    """A second product in the frame fails the picture, whatever was cut out."""
    both = np.maximum(
        mug_outline(700, at=(0.25, 0.5), share=0.3), mug_outline(700, at=(0.74, 0.5), share=0.32)
    )
    outcome = made(ENGINE.make(order(photo(both).jpeg())))
    assert outcome.notes["verdict"] == "fail"
