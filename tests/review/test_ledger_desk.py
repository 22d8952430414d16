"""The desk over a real ledger and real files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.generation.shop import PRICE_BOOK, environ_of, rule
from tests.providers.process import running
from tests.review.gallery import Gallery
from tierbook.errors import UsageError
from tierbook.generation.ledger import Redo, State
from tierbook.review.desk import RedoStatus
from tierbook.review.ledger_desk import LedgerDesk
from tierbook.studio.checking import Check, to_json


def finished(desk: LedgerDesk, picture: str, token: str) -> RedoStatus:
    """Ask how a redo stands until it is over, as the page does."""
    desk.redo(picture, token)
    desk.close()
    return desk.redo(picture, token)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Gallery, LedgerDesk]]:
    gallery = Gallery(tmp_path, rows=2)
    desk = gallery.desk()
    yield gallery, desk
    desk.close()
    gallery.ledger.close()


def test_a_decision_knows_who_made_it(opened: tuple[Gallery, LedgerDesk]):
    """A decision carries its reason, its reviewer and its time, and only its own picture has it."""
    _, desk = opened
    first, second = desk.pictures()
    decided = desk.decide(first.id, "reject", "style")
    assert (decided.state, decided.reason, decided.reviewer) == ("rejected", "style", "Ada")
    assert decided.decided_at is not None
    assert desk.pictures()[0] == decided
    assert desk.pictures()[1] == second


def test_undo_steps_back_one_decision_at_a_time(opened: tuple[Gallery, LedgerDesk]):
    """Undo brings the decision before back, then none, then says that there is none."""
    _, desk = opened
    name = desk.pictures()[0].id
    desk.decide(name, "reject", "style")
    desk.decide(name, "approve")
    assert desk.undo(name).state == "rejected"
    assert desk.undo(name).state == "waiting"
    with pytest.raises(UsageError, match="Nothing was decided"):
        desk.undo(name)


def test_a_decision_of_another_day_can_be_undone(tmp_path: Path):
    """What was decided before the page was opened becomes undecided."""
    gallery = Gallery(tmp_path, rows=1)
    gallery.ledger.decide(gallery.made[0], "approve", "", "Grace")
    desk = gallery.desk()
    assert desk.pictures()[0].state == "approved"
    assert desk.undo(gallery.made[0]).state == "waiting"
    gallery.ledger.close()


@pytest.mark.parametrize(
    ("tier", "review", "state"),
    [(3, "none", "waiting"), (2, "none", "optional"), (2, "human", "waiting")],
)
def test_tier_3_always_waits_for_a_person(tmp_path: Path, tier: int, review: str, state: str):
    """A tier 3 picture waits even where the Tiers tab asks for no review."""
    gallery = Gallery(tmp_path, rows=1, tier=tier, review=review)
    assert gallery.desk().pictures()[0].state == state
    gallery.ledger.close()


def test_candidates_compete_within_an_angle(tmp_path: Path):
    """Four pictures of two angles with two candidates each: an approval passes one rival over."""
    gallery = Gallery(tmp_path, rows=1, images=4, candidates=2, tier=3)
    desk = gallery.desk()
    names = gallery.made
    assert [one.candidates for one in desk.pictures()] == [tuple(names[:2])] * 2 + [
        tuple(names[2:])
    ] * 2
    desk.decide(names[1], "approve")
    states = [one.state for one in desk.pictures()]
    assert states == ["passed", "approved", "waiting", "waiting"]
    gallery.ledger.close()


def test_measured_checks_come_worst_first(tmp_path: Path):
    """The studio's list is taken apart, its bookkeeping left out, words of others kept."""
    measured = [
        Check("Halo", "pass", "0.0", "at most 0.2"),
        Check("Fill", "fail", "0.2", "0.85", "Too small."),
    ]
    notes = {"checks": to_json(measured), "route": "network", "finish": "padded"}
    gallery = Gallery(tmp_path, rows=1, notes=notes)
    checks = gallery.desk().pictures()[0].checks
    assert [(one.name, one.verdict) for one in checks] == [
        ("Fill", "fail"),
        ("finish", "warn"),
        ("Halo", "pass"),
    ]
    gallery.ledger.close()


def test_images_come_small_large_and_whole(opened: tuple[Gallery, LedgerDesk]):
    """Previews are JPEG within their size, made once; the full size is the file's own bytes."""
    gallery, desk = opened
    name = gallery.made[0]
    Image.new("RGBA", (2000, 1000), (0, 0, 0, 0)).save(gallery.place / "images/picture-0-1.png")
    whole = desk.image(name, "after", "full")
    assert whole is not None
    assert whole.content == (gallery.place / "images/picture-0-1.png").read_bytes()
    small = desk.image(name, "after", "small")
    assert small is not None
    cache = gallery.place / ".tierbook" / "previews"
    (kept,) = cache.iterdir()
    with Image.open(kept) as picture:
        assert picture.size == (400, 200)
        assert picture.getpixel((5, 5)) == (255, 255, 255)  # clear shows as white, not black
    assert desk.image(name, "after", "small") == small
    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize(
    "named",
    [
        "../secret.jpg",
        "/etc/hostname",
        "missing.jpg",
        "https://example.org/a.jpg",
        "photos/page.jpg",
    ],
)
def test_only_photos_inside_the_folder_are_shown(tmp_path: Path, named: str):
    """A photo outside, at an address, missing, or no picture at all is not served."""
    gallery = Gallery(tmp_path, rows=1, columns={"Source image": [named]})
    Image.new("RGB", (20, 20)).save(tmp_path / "secret.jpg")
    (gallery.place / "photos" / "page.jpg").write_text("<html><script>1</script></html>")
    desk = gallery.desk()
    assert desk.image(gallery.made[0], "before", "full") is None
    assert desk.image(gallery.made[0], "after", "full") is not None
    gallery.ledger.close()


def test_a_redo_costs_what_was_shown_once(tmp_path: Path):
    """The price reserves nothing; the redo pays once, replaces the picture, keeps the old file."""
    with running("gemini", tmp_path / "charges.jsonl") as provider:
        gallery = Gallery(tmp_path, rows=1, environ=environ_of(provider))
        desk = gallery.desk()
        before = gallery.ledger.counted()
        first, second = desk.price_of_redo(gallery.made[0]), desk.price_of_redo(gallery.made[0])
        assert (first.pictures, first.at_most) == (1, 40_000)
        assert gallery.ledger.counted() == before
        desk.redo(gallery.made[0], first.token)
        desk.redo(gallery.made[0], second.token)  # the other tab said yes as well
        status = finished(desk, gallery.made[0], first.token)
        assert (status.made, status.charged) == (1, 40_000)
        assert len(provider.charges()) == 1
        (newest,) = desk.pictures()
        assert (newest.id, newest.state) == (status.picture, "waiting")
        assert newest.id != gallery.made[0]
        assert (gallery.place / "images/picture-0-1.png").is_file()
        with pytest.raises(UsageError, match="newer picture"):
            desk.redo(gallery.made[0], second.token)
        with pytest.raises(KeyError):
            desk.decide(gallery.made[0], "approve")
        assert len(provider.charges()) == 1
        gallery.ledger.close()


def test_a_failed_redo_is_free_and_can_be_tried_again(tmp_path: Path):
    """Without a key nothing is sent; approving the old picture leaves nothing for a later run."""
    gallery = Gallery(tmp_path, rows=1, environ={})
    desk = gallery.desk()
    name = gallery.made[0]
    status = finished(desk, name, desk.price_of_redo(name).token)
    assert (status.finished, status.made, status.picture) == (True, 0, name)
    assert "Nothing was charged" in status.message
    assert desk.pictures()[0].state == "redo"
    request_id = desk.pictures()[0].request_id
    assert gallery.ledger.redos([request_id])[request_id].number == 1
    assert desk.decide(name, "approve").state == "approved"
    assert gallery.ledger.redos([request_id])[request_id] == Redo(0, open=False)
    gallery.ledger.close()


def test_no_redo_while_a_charge_is_in_doubt(tmp_path: Path):
    """A row whose last attempt may have been charged is settled first, not paid again."""
    gallery = Gallery(tmp_path, rows=1)
    run = gallery.ledger.begin_run(str(gallery.shop.workbook))
    attempt = gallery.doubt(run)
    desk = gallery.desk()
    with pytest.raises(UsageError, match="could not be confirmed") as refused:
        desk.price_of_redo(gallery.made[0])
    assert attempt in refused.value.fix
    assert gallery.ledger.find(attempt)[0].state is State.UNKNOWN
    gallery.ledger.close()


def test_a_doubt_that_arose_after_the_price_stops_the_redo(tmp_path: Path):
    """A charge that became doubtful between the price and the yes is not added to."""
    with running("gemini", tmp_path / "charges.jsonl") as provider:
        gallery = Gallery(tmp_path, rows=1, environ=environ_of(provider))
        desk = gallery.desk()
        token = desk.price_of_redo(gallery.made[0]).token
        gallery.doubt(gallery.ledger.begin_run(str(gallery.shop.workbook)))
        status = finished(desk, gallery.made[0], token)
        assert (status.made, status.picture) == (0, gallery.made[0])
        assert "tierbook resolve" in status.message
        assert provider.charges() == []
        gallery.ledger.close()


def test_the_price_shown_is_the_most_that_is_paid(tmp_path: Path):
    """An engine that steps in at a higher price than the yes was given to is not used."""
    dearer = rule("bfl", "flux-2", "0.09")
    with running("bfl", tmp_path / "charges.jsonl") as provider:
        gallery = Gallery(
            tmp_path,
            rows=1,
            fallback=("flux-2",),
            price_book=(*(one for one in PRICE_BOOK if one.engine != "bfl"), dearer),
            environ=environ_of(provider),  # the row's own engine has no key
        )
        desk = gallery.desk()
        offer = desk.price_of_redo(gallery.made[0])
        assert offer.at_most == 40_000
        status = finished(desk, gallery.made[0], offer.token)
        assert status.made == 0
        assert "the cap of this run" in status.message
        assert provider.charges() == []
        gallery.ledger.close()


def test_a_redo_needs_a_row_that_may_be_made(tmp_path: Path):
    """A row that only asks to be decided has no price, and its reason is told."""
    gallery = Gallery(tmp_path, rows=1, columns={"Action": ["route"]})
    with pytest.raises(UsageError, match="decided only"):
        gallery.desk().price_of_redo(gallery.made[0])
    gallery.ledger.close()
