"""The page in a real browser: the flows of a person with a mouse, a keyboard, a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.generation.shop import environ_of
from tests.providers.process import running
from tests.review.browser import Visit, chromium
from tests.review.gallery import Gallery, serving

pytestmark = pytest.mark.browser
EVIL = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def test_the_keys_approve_and_undo(browser: Browser, tmp_path: Path):
    """A approves and moves on, U takes it back and returns; the ledger follows at once."""
    gallery = Gallery(tmp_path, rows=3)
    with serving(gallery) as page:
        visit = Visit(browser)
        visit.page.goto(page.address)
        assert visit.page.url == f"{page.base}/"  # the token left the address bar
        visit.page.get_by_role("link", name="Review 3 waiting").click()
        visit.sees("SKU-0")
        visit.page.keyboard.press("a")
        visit.sees("SKU-1")
        expect(visit.page.locator("#toast")).to_contain_text("Approved: SKU-0")
        assert gallery.decision(gallery.made[0]) == ("approve", "")
        visit.page.keyboard.press("u")
        visit.sees("SKU-0")
        expect(visit.page.locator("#toast")).to_contain_text("Undone")
        assert gallery.decision(gallery.made[0]) == ("pending", "")
        assert visit.complaints == []


def test_a_rejection_asks_for_its_reason(browser: Browser, tmp_path: Path):
    """R decides nothing before a reason is chosen; a digit chooses it."""
    gallery = Gallery(tmp_path, rows=2)
    with serving(gallery) as page:
        visit = Visit(browser)
        visit.page.goto(page.address)
        visit.page.goto(f"{page.base}/pictures/{gallery.made[0]}")
        visit.page.keyboard.press("r")
        expect(visit.page.get_by_role("dialog", name="Why is it rejected?")).to_be_visible()
        assert gallery.decision(gallery.made[0]) is None
        visit.page.keyboard.press("Escape")
        expect(visit.page.locator("dialog[open]")).to_have_count(0)
        assert gallery.decision(gallery.made[0]) is None
        visit.page.keyboard.press("r")
        visit.page.keyboard.press("2")
        visit.sees("SKU-1")
        assert gallery.decision(gallery.made[0]) == ("reject", "wrong text or logo")
        visit.page.keyboard.press("ArrowLeft")
        expect(visit.page.locator("main > header .chip.state")).to_have_text(
            "✕ Rejected: wrong text or logo"
        )


def test_the_keyboard_alone_works_through_the_cards(browser: Browser, tmp_path: Path):
    """Arrows mark a card, A decides on it in place, Enter opens it, ? shows the keys."""
    gallery = Gallery(tmp_path, rows=3)
    with serving(gallery) as page:
        visit = Visit(browser)
        visit.page.goto(page.address)
        visit.page.keyboard.press("a")
        expect(visit.page.locator("#toast")).to_contain_text("Mark a picture first")
        visit.page.keyboard.press("ArrowRight")
        visit.page.keyboard.press("ArrowRight")
        visit.page.keyboard.press("a")
        second = visit.page.locator(".card").nth(1)
        expect(second.locator(".chip.state")).to_have_text("✓ Approved")
        assert gallery.decision(gallery.made[1]) == ("approve", "")
        visit.page.keyboard.press("u")
        expect(second.locator(".chip.state")).to_have_text("○ Waits for you")
        visit.page.keyboard.press("?")
        expect(visit.page.get_by_role("dialog", name="Keys")).to_be_visible()
        visit.page.keyboard.press("a")  # a question is open: nothing is decided behind it
        visit.page.keyboard.press("Escape")
        assert gallery.decision(gallery.made[1]) == ("pending", "")
        visit.page.keyboard.press("Enter")
        visit.sees("SKU-1")
        visit.page.keyboard.press("Escape")
        visit.sees("catalog.xlsx")


def test_letters_typed_into_the_search_decide_nothing(browser: Browser, tmp_path: Path):
    """Keys are the field's own while a person types, and the filter shows what fits."""
    gallery = Gallery(tmp_path, rows=3, skus=("Garden", "Rag", "Urn"))
    with serving(gallery) as page:
        visit = Visit(browser)
        visit.page.goto(page.address)
        visit.page.get_by_label("SKU or name").click()
        visit.page.keyboard.type("rag")
        visit.page.keyboard.press("Enter")
        expect(visit.page.locator(".card")).to_have_count(1)
        expect(visit.page.get_by_text("1 of 3 pictures")).to_be_visible()
        assert [gallery.decision(name) for name in gallery.made] == [None, None, None]


def test_filters_narrow_and_the_steps_stay_inside(browser: Browser, tmp_path: Path):
    """The state filter holds while stepping: after a decision the next waiting one follows."""
    gallery = Gallery(tmp_path, rows=3)
    gallery.ledger.decide(gallery.made[1], "approve", "", "Ada")
    with serving(gallery) as page:
        visit = Visit(browser)
        visit.page.goto(page.address)
        visit.page.get_by_role("link", name="Waits for you 2").click()
        expect(visit.page.locator(".card")).to_have_count(2)
        visit.page.locator(".card .look").first.click()
        visit.sees("SKU-0")
        visit.page.keyboard.press("a")
        visit.sees("SKU-2")
        visit.page.locator("a.all").click()
        expect(visit.page.locator(".card")).to_have_count(1)
        visit.page.get_by_label("Tier").select_option("2")
        visit.page.wait_for_url("**tier=2**")
        assert "state=waiting" in visit.page.url


def test_a_script_in_a_sku_is_text(browser: Browser, tmp_path: Path):
    """Markup in a SKU, a photo's name or a note is shown letter by letter and never runs."""
    gallery = Gallery(
        tmp_path,
        rows=1,
        skus=(EVIL,),
        notes={"look": EVIL},
        columns={"Source image": [f'x" onerror="document.title=1{EVIL}']},
    )
    with serving(gallery) as page:
        visit = Visit(browser)
        visit.page.goto(page.address)
        expect(visit.page.locator(".card b")).to_have_text(EVIL)
        visit.page.locator(".look").click()
        visit.sees(EVIL)
        visit.page.keyboard.press("a")
        expect(visit.page.locator("#toast")).to_contain_text(EVIL)
        assert "owned" not in visit.page.title().replace(EVIL, "")
        assert visit.page.locator("script").count() == 1
        assert not any("/x" in address for address in visit.asked)


def test_two_clicks_on_redo_are_one_charge(browser: Browser, tmp_path: Path):
    """The price is shown, nothing is sent before the yes, and a double click pays once."""
    with running("gemini", tmp_path / "charges.jsonl") as provider:
        gallery = Gallery(tmp_path, rows=2, environ=environ_of(provider))
        with serving(gallery) as page:
            visit = Visit(browser)
            visit.page.goto(page.address)
            visit.page.goto(f"{page.base}/pictures/{gallery.made[0]}")
            visit.page.keyboard.press("g")
            yes = visit.page.get_by_role("button", name="Make it for $0.04")
            expect(yes).to_be_visible()
            assert provider.charges() == []
            visit.page.evaluate("() => { sessionStorage.clicked = 1; }")
            token = yes.get_attribute("data-token")
            yes.dblclick()
            # A second tab, or an impatient program, with the same yes.
            visit.page.evaluate(
                """([path, token]) => Promise.all([1, 2, 3].map(() => fetch(path, {
                    method: "POST", body: JSON.stringify({token}),
                    headers: {"content-type": "application/json", "x-tierbook": "review"},
                })))""",
                [f"/pictures/{gallery.made[0]}/redo", token],
            )
            expect(visit.page.locator("#toast")).to_contain_text("1 picture made anew")
            assert len(provider.charges()) == 1
            assert gallery.made[0] not in visit.page.url
            expect(visit.page.locator("main > header .chip.state")).to_have_text("○ Waits for you")
            visit.page.keyboard.press("u")
        assert (gallery.place / "images" / "picture-0-1.png").is_file()
        assert len(provider.charges()) == 1


def test_candidates_stand_side_by_side(browser: Browser, tmp_path: Path):
    """Of several candidates one is approved beside its rivals; they wait no longer."""
    gallery = Gallery(tmp_path, rows=1, images=3, candidates=3, tier=3, review="none")
    with serving(gallery) as page:
        visit = Visit(browser)
        visit.page.goto(page.address)
        visit.page.get_by_role("link", name="Review 3 waiting").click()
        rivals = visit.page.locator(".rivals .card")
        expect(rivals).to_have_count(3)
        tops = rivals.evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
        assert len(set(tops)) == 1
        rivals.nth(1).get_by_role("button", name="Approve").click()
        expect(rivals.nth(1).locator(".chip.state")).to_have_text("✓ Approved")
        expect(rivals.nth(0).locator(".chip.state")).to_have_text("– Another was approved")
        visit.page.locator("a.all").click()
        visit.page.get_by_role("link", name="Waits for you 0").click()
        expect(visit.page.get_by_text("No picture fits.")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_window(browser: Browser, tmp_path: Path, width: int):
    """No page scrolls sideways, not even with a SKU without a single space."""
    gallery = Gallery(
        tmp_path, rows=2, images=2, candidates=2, skus=("W" * 120, "B" * 9), notes={"a": "x" * 200}
    )
    with serving(gallery) as page:
        visit = Visit(browser, width, 740)
        visit.page.goto(page.address)
        assert visit.overflow() <= 0
        visit.page.locator(".look").first.click()
        visit.sees("W" * 120)
        assert visit.overflow() <= 0
        for key in ("r", "g", "?"):
            visit.page.keyboard.press(key)
            dialog = visit.page.locator("dialog[open]")
            expect(dialog).to_be_visible()
            box = dialog.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            visit.page.keyboard.press("Escape")


def test_thousands_of_pictures_are_shown_a_screenful_at_a_time(browser: Browser, tmp_path: Path):
    """Of 2,000 pictures one page holds 48 cards and loads only the images near the window."""
    gallery = Gallery(tmp_path, rows=2000)
    with serving(gallery) as page:
        visit = Visit(browser)
        visit.page.goto(page.address)
        visit.page.wait_for_load_state("networkidle")
        assert visit.page.locator(".card").count() == 48
        images = [address for address in visit.asked if "/after/" in address]
        assert 4 <= len(images) < 48
        expect(visit.page.get_by_text("Page 1 of 42")).to_be_visible()
        visit.page.get_by_role("link", name="More").click()
        expect(visit.page.locator(".card b").first).to_have_text("SKU-48")
        assert len(visit.page.content()) < 200_000


def test_the_page_speaks_with_nobody_else(browser: Browser, tmp_path: Path):
    """Every request goes to the page's own address, and the policy is never tripped."""
    gallery = Gallery(tmp_path, rows=2, columns={"Source image": ["https://example.org/a.jpg", ""]})
    with serving(gallery) as page:
        visit = Visit(browser)
        visit.page.goto(page.address)
        visit.page.locator(".look").first.click()
        visit.sees("SKU-0")
        expect(visit.page.get_by_text("is not fetched for this page")).to_be_visible()
        visit.page.keyboard.press("ArrowRight")
        expect(visit.page.get_by_text("names no photo")).to_be_visible()
        visit.page.wait_for_load_state("networkidle")
        assert [one for one in visit.asked if not one.startswith(page.base)] == []
        assert visit.complaints == []


def test_every_image_and_state_is_told_in_words(browser: Browser, tmp_path: Path):
    """Each image has an alternative text and each state a word beside its sign and colour."""
    gallery = Gallery(tmp_path, rows=2)
    gallery.ledger.decide(gallery.made[0], "approve", "", "Ada")
    with serving(gallery) as page:
        visit = Visit(browser)
        visit.page.goto(page.address)
        texts = visit.page.locator("img").evaluate_all("all => all.map(one => one.alt)")
        assert texts == ["SKU-0, Gallery, tier 2 Tier", "SKU-1, Gallery, tier 2 Tier"]
        states = visit.page.locator(".card .chip.state").all_inner_texts()
        assert states == ["✓ Approved", "○ Waits for you"]


def test_another_page_cannot_decide(browser: Browser, tmp_path: Path):
    """A page of another origin in the same browser, cookie and all, changes nothing."""
    mine, other = Gallery(tmp_path / "mine", rows=1), Gallery(tmp_path / "other", rows=1)
    with serving(mine) as page, serving(other) as foreign:
        visit = Visit(browser)
        visit.page.goto(page.address)
        visit.page.goto(foreign.address)  # another port of this machine: another origin
        answers: list[int] = []
        visit.page.on("response", lambda one: answers.append(one.status))
        visit.page.evaluate(
            """async (path) => {
                for (const mode of ["no-cors", "cors"]) {
                    await fetch(path, {method: "POST", mode, credentials: "include",
                        body: JSON.stringify({decision: "approve"})}).catch(() => 0);
                }
            }""",
            f"{page.base}/pictures/{mine.made[0]}/decision",
        )
        assert mine.decision(mine.made[0]) is None
