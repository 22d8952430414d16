"""The audit: what is counted, what is compared, what is missing, what to make first."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.insights.shop import NOW, Shop
from tierbook import app, catalogs, configuration, insights, workbook
from tierbook.insights.auditing.audit import audit
from tierbook.insights.auditing.past import PastPicture, past_of_sheet
from tierbook.insights.auditing.plan import HERO, MISSING, SMALL
from tierbook.insights.auditing.shelf import Product, Shown, measure, top_sellers

TODAY = date(2026, 11, 24)
BUILT_IN = configuration.defaults()


def past(**changes: object) -> PastPicture:
    facts: dict[str, object] = {
        "index": 0, "sku": "A", "placement": "Gallery", "group": "gallery", "category": "",
        "pictures": 1, "day": TODAY, "cost": 20_000_000, "tier": 1, "routed": 20_000, "review": 0,
        "made": True, "why": "",
    }  # fmt: skip
    return PastPicture(**(facts | changes))  # type: ignore[arg-type]


def product(sku: str, **changes: object) -> Product:
    facts: dict[str, object] = {
        "sku": sku, "name": "", "category": "", "pictures": (Shown("a.png", "Gallery"),),
        "pictured": True, "sales": None, "hero": False,
    }  # fmt: skip
    return Product(**(facts | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(("back", "counted"), [(0, 1), (89, 1), (90, 0), (-1, 0)])
def test_ninety_days_are_ninety_days(back: int, counted: int) -> None:
    """Today is the first of them, the ninetieth still counts, the next does not."""
    found = audit([past(day=TODAY - timedelta(days=back))], [], BUILT_IN, TODAY)
    assert found.total.pictures == counted
    assert found.total.pictures + found.older + found.later + found.undated == 1


pictures = st.builds(
    past,
    placement=st.sampled_from(["Gallery", "Homepage hero", "Paid ad", ""]),
    tier=st.sampled_from([-1, 0, 1, 2, 3]),
    day=st.one_of(st.none(), st.dates(date(2026, 7, 1), date(2026, 12, 31))),
    cost=st.one_of(st.none(), st.integers(0, 10**9)),
    routed=st.one_of(st.none(), st.integers(0, 10**7)),
    pictures=st.integers(1, 9),
)


@given(st.lists(pictures, max_size=40))
def test_every_grouping_foots(found: list[PastPicture]) -> None:
    """Kinds add up to the total to the micro-dollar, and each picture is counted somewhere once."""
    result = audit(found, [], BUILT_IN, TODAY)
    for field in ("pictures", "costed", "paid", "cheap", "comparable", "routed", "waiting"):
        assert sum(getattr(line, field) for line in result.by_kind) == getattr(result.total, field)
    assert result.total.pictures + result.older + result.later + result.undated == sum(
        one.pictures for one in found
    )
    assert result.total.comparable <= result.total.paid


def test_what_would_have_waited_is_not_compared() -> None:
    """A picture the rubric holds saves nothing: its cost is shown and left out of the saving."""
    found = audit([past(), past(tier=0, routed=None)], [], BUILT_IN, TODAY)
    assert (found.total.paid, found.total.comparable) == (40_000_000, 20_000_000)
    assert found.total.saving == 19_980_000
    assert found.total.waiting == 1


def sheet(tmp_path: Path, text: str) -> app.Answers:
    path = tmp_path / "past.csv"
    path.write_text(text, encoding="utf-8")
    return app.answer(workbook.read_book(path), router="rubric", today=TODAY)


def test_a_seller_s_own_headings_of_day_and_cost_are_read(tmp_path: Path) -> None:
    """Words for the day and the amount are known, in the column's own way of writing them."""
    answers = sheet(
        tmp_path, "SKU,Placement,Erstellt am,Bezahlt\nA,Gallery,24.11.2026,\"12,50 €\"\n"
                  "B,Homepage hero,01.11.2026,\"1.200,00 €\"\n"
    )  # fmt: skip
    found, problems = past_of_sheet(answers)
    assert [(one.day, one.cost) for one in found] == [
        (date(2026, 11, 24), 12_500_000),
        (date(2026, 11, 1), 1_200_000_000),
    ]
    assert {one.severity for one in problems} == {"warning"}  # euros were not converted


def test_cells_that_cannot_be_read_are_told_and_the_rest_counts(tmp_path: Path) -> None:
    """One bad date does not stop the audit, and names its cell."""
    answers = sheet(tmp_path, "SKU,Placement,Date,Cost\nA,Gallery,soon,5\nB,Gallery,2026-11-20,x\n")
    found, problems = past_of_sheet(answers)
    assert [(one.day, one.cost) for one in found] == [(None, 5_000_000), (date(2026, 11, 20), None)]
    assert [p.cell.a1 for p in problems if p.cell] == ["C2", "D3"]


def test_a_list_of_wishes_is_no_past(tmp_path: Path) -> None:
    """Without days and costs nothing was spent, and nothing is said to be missing."""
    answers = sheet(tmp_path, "SKU,Placement\nA,Gallery\n")
    assert past_of_sheet(answers) == ((), ())
    book = workbook.read_book(tmp_path / "past.csv")
    found = insights.audit_book(book, answers, NOW).audit
    assert (found.total.pictures, found.missing, found.plan) == (0, (), ())
    assert "no column of dates or costs" in found.notes[0]


def test_the_plan_fills_gaps_first_and_best_sellers_before_others() -> None:
    """Missing pictures, then heroes of top sellers, then what is too small, each priced."""
    products = [
        product("poor", pictures=(), pictured=False, sales=Decimal(1)),
        product("rich", pictures=(), pictured=False, sales=Decimal(900)),
        product("tiny", sales=Decimal(5)),
    ]
    sizes = measure([products[2]], BUILT_IN, [], None)
    assert sizes.unknown == 1
    found = audit((), products, BUILT_IN, TODAY)
    assert [(one.sku, one.why) for one in found.plan] == [
        ("rich", MISSING), ("poor", MISSING), ("rich", HERO),
    ]  # fmt: skip
    assert [one.tier for one in found.plan] == [1, 1, 3]
    assert found.plan[2].cost is not None
    assert found.plan[2].cost > 0


def test_sizes_are_read_from_headers_and_addresses_only_when_asked(tmp_path: Path) -> None:
    """A file below its placement's rule is named; an address is left alone without a caller."""
    Image.new("RGB", (600, 400)).save(tmp_path / "small.png")
    Image.new("RGB", (1600, 900)).save(tmp_path / "large.jpg")
    (tmp_path / "broken.png").write_bytes(b"no picture")
    places = ("small.png", "large.jpg", "broken.png", "https://shop.example/a.jpg", "gone.png")
    one = product("A", pictures=tuple(Shown(place, "Gallery") for place in places))
    found = measure([one], BUILT_IN, [tmp_path])
    assert [(s.place, s.size, s.wanted) for s in found.small] == [("small.png", (600, 400), 1000)]
    assert (found.known, found.unknown) == (2, 3)
    asked: list[str] = []

    def fetch(address: str) -> tuple[int, int]:
        asked.append(address)
        return 100, 100

    found = measure([one, one], BUILT_IN, [tmp_path], fetch)
    assert asked == ["https://shop.example/a.jpg"]
    assert [s.place for s in found.small].count("https://shop.example/a.jpg") == 2
    planned = audit((), [one], BUILT_IN, TODAY, sizes=found)
    assert [(line.sku, line.why) for line in planned.plan] == [("A", SMALL)]


def test_top_sellers_are_a_share_and_never_none_where_something_sells() -> None:
    """One of three that sell is a third of them; what does not sell is no top seller."""
    products = [product(str(n), sales=Decimal(n)) for n in range(4)]
    assert [one.sku for one in top_sellers(products, Decimal("0.1"))] == ["3"]
    assert top_sellers([product("x")], Decimal("0.5")) == ()


def test_pictures_paid_for_through_tierbook_are_the_past_of_a_plain_workbook(
    tmp_path: Path,
) -> None:
    """Without columns of its own, the record of payments says what was spent."""
    shop = Shop(tmp_path)
    answers = shop.answers()
    index = answers.decisions.tier.tolist().index(2)
    shop.pay(answers, index, NOW - timedelta(days=200), number=2, cost=70_000)
    shop.pay(answers, index, NOW - timedelta(days=10), cost=50_000)
    found = insights.audit_book(shop.book(), answers, NOW, ledger=shop.ledger).audit
    assert (found.total.paid, found.total.pictures, found.older) == (50_000, 1, 1)


def test_an_export_says_what_its_pictures_would_cost(tmp_path: Path) -> None:
    """Pages without a picture are named, and the shelf is priced by kind of picture."""
    export = tmp_path / "products.csv"
    export.write_text(
        "Handle,Title,Variant SKU,Variant Price,Image Src,Image Position,Status\n"
        "mug,Mug,M1,10,https://shop.example/1.jpg,1,active\n"
        "mug,,,,https://shop.example/2.jpg,2,\n"
        "cup,Cup,C1,12,,,active\n"
    )
    outcome = insights.audit_catalog(catalogs.read([export]), BUILT_IN, export, NOW)
    found = outcome.audit
    assert (found.products, [one.sku for one in found.missing]) == (2, ["C1"])
    assert sum(one.pictures for one in found.shelf) == 2
    assert {one.tier for one in found.shelf} == {1}
    assert "Audit of the export" in outcome.html
    assert outcome.content is not None


def test_an_export_without_a_column_of_pictures_says_nothing_of_them(tmp_path: Path) -> None:
    """No product is called unpictured where the file cannot know; an empty column does know."""
    silent, empty = tmp_path / "list.csv", tmp_path / "shop.csv"
    silent.write_text("SKU,Product name,Price\nM1,Mug,10\nC1,Cup,12\n")
    empty.write_text(
        "Handle,Title,Variant SKU,Variant Price,Image Src,Image Position,Status\n"
        "mug,Mug,M1,10,,,active\n"
    )
    for export, missing in ((silent, 0), (empty, 1)):
        found = insights.audit_catalog(catalogs.read([export]), BUILT_IN, export, NOW).audit
        assert len(found.missing) == missing


def test_photos_are_looked_for_where_pictures_would_be_kept(tmp_path: Path) -> None:
    """An image folder typed as `/shop photos/` is the one inside the file's own folder."""
    (tmp_path / "shop photos").mkdir()
    Image.new("RGB", (300, 300)).save(tmp_path / "shop photos" / "a.png")
    export = tmp_path / "list.csv"
    export.write_text("SKU,Name,Images\nA,Mug,a.png\n", encoding="utf-8")
    settings = replace(BUILT_IN.settings, image_folder="/shop photos/")
    found = insights.audit_catalog(
        catalogs.read([export]), replace(BUILT_IN, settings=settings), export, NOW
    )
    assert [small.place for small in found.audit.sizes.small] == ["a.png"]
