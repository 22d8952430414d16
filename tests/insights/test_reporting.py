"""Reports as files: the tab in the seller's workbook, the page, and what neither may do."""

import shutil
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from tests.insights.shop import NOW, Clock, Shop
from tests.workbook.tabs.libreoffice import formulas, recalculated, values
from tierbook import app, contract, insights, ooxml, workbook
from tierbook.errors import UsageError
from tierbook.workbook.marks import tab_mark
from tierbook.workbook.tabs.report_tab import build_report_tab


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path)
    app.run(made.path, app.RunOptions(with_settings=True), Clock(NOW))
    return made


def lived(shop: Shop, *, add_rules: bool = False) -> insights.ReportOutcome:
    answers = shop.answers()
    shop.live(answers, [(2026, 9), (2026, 10), (2026, 11)], share=1)
    index = answers.decisions.rule.tolist().index("R12")
    for number in range(40):
        good = number % 2 == 0
        shop.pay(answers, index, NOW - timedelta(hours=90 - number), number=number + 1,
                 say="approve" if good else "reject", reason="" if good else "style")  # fmt: skip
    return insights.report(shop.book(), answers, NOW, ledger=shop.ledger, add_rules=add_rules)


def parts(content: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(BytesIO(content))
    return {name: archive.read(name) for name in archive.namelist()}


def test_the_report_comes_with_its_tab_and_ticks_the_checklist(shop: Shop) -> None:
    """The tab bears its mark, and the checklist says at once that the review was written."""
    outcome = lived(shop)
    assert outcome.content is not None
    facts = ooxml.inspect(outcome.content)
    assert contract.MONTHLY_REVIEW in [sheet.name for sheet in facts.sheets]
    assert tab_mark(contract.MONTHLY_REVIEW) in {name.name for name in facts.names}
    shown = values(outcome.content)
    ticked = "The monthly review was written"
    row = next(cell[1:] for (_, cell), value in shown.items() if value == ticked)
    assert "done" in str(shown[contract.CHECKLIST, f"A{row}"])


def test_a_second_report_replaces_the_first(shop: Shop) -> None:
    """There is one Monthly review tab, however often it is written."""
    outcome = lived(shop)
    shop.path.write_bytes(outcome.content or b"")
    again = insights.report(shop.book(), shop.answers(), NOW, ledger=shop.ledger)
    names = [sheet.name for sheet in ooxml.inspect(again.content or b"").sheets]
    assert names.count(contract.MONTHLY_REVIEW) == 1
    assert not any("Tierbook" in name for name in names)


def test_the_seller_s_rubric_is_left_alone_unless_asked(shop: Shop) -> None:
    """A report that suggests a rule names it on the page, and adds no row to the rubric."""
    before = shop.answers().configuration.rubric
    outcome = lived(shop)
    assert len(outcome.review.suggestions) == 1
    assert "--add-rules" in outcome.html
    shop.path.write_bytes(outcome.content or b"")
    assert shop.answers().configuration.rubric == before


def test_asking_for_rules_where_none_is_suggested_says_so(shop: Shop) -> None:
    """Nothing is added, and the seller need not look for it."""
    outcome = insights.report(shop.book(), shop.answers(), NOW, add_rules=True)
    assert outcome.notes == ("No rule is suggested, so none was added.",)


def test_suggested_rules_stand_off_below_the_rubric_and_decide_nothing(shop: Shop) -> None:
    """The added row is read as a rule that is off, and no row is decided differently."""
    before = shop.answers()
    outcome = lived(shop, add_rules=True)
    assert [one.reason for one in outcome.review.suggestions] == ["style"]
    shop.path.write_bytes(outcome.content or b"")
    after = shop.answers()
    added = after.configuration.rubric.rules[len(before.configuration.rubric.rules) :]
    assert [(one.name, one.on) for one in added] == [("S2611-1", False)]
    assert added[0].since == NOW.date()
    assert after.decisions.tier.tolist() == before.decisions.tier.tolist()
    again = insights.report(shop.book(), after, NOW, ledger=shop.ledger)
    assert again.review.suggestions == ()


def test_the_seller_s_other_tabs_keep_their_bytes(shop: Shop) -> None:
    """A report touches its own tab, the checklist and the rubric's new rows, and no other part."""
    before = parts(shop.path.read_bytes())
    outcome = insights.report(shop.book(), shop.answers(), NOW, ledger=shop.ledger)
    after = parts(outcome.content or b"")
    sheets = {s.part: s.name for s in ooxml.inspect(shop.path.read_bytes()).sheets}
    changed = {sheets[part] for part in sheets if before[part] != after.get(part)}
    assert changed <= {contract.CHECKLIST}


def test_the_page_loads_nothing_and_escapes_everything(shop: Shop) -> None:
    """A reason with markup in it stays text, and the page needs no network."""
    answers = shop.answers()
    index = answers.decisions.tier.tolist().index(2)
    evil = "<script>alert(1)</script>"
    shop.pay(answers, index, NOW - timedelta(days=2), say="reject", reason=evil)
    html = insights.report(shop.book(), answers, NOW, ledger=shop.ledger).html
    assert evil not in html
    assert "&lt;script&gt;" in html
    assert not any(word in html for word in ("http://", "https://", "<script", "<link", "@import"))
    assert html.count("<svg") == html.count("</svg>") >= 2


def test_nothing_paid_still_makes_a_report(shop: Shop) -> None:
    """A seller who only routes gets a page of zeros with the words for what to do."""
    outcome = insights.report(shop.book(), shop.answers(), NOW)
    assert outcome.content is not None
    assert "No visits are known" in outcome.html
    assert "$0.00" in outcome.html


def test_a_csv_has_a_page_and_no_tab(tmp_path: Path) -> None:
    """A text table holds no tabs; the page says it all, and the outcome says why."""
    path = tmp_path / "list.csv"
    path.write_text("SKU,Placement\nA,Gallery\n")
    book = workbook.read_book(path)
    outcome = insights.report(book, app.answer(book, router=None, today=NOW.date()), NOW)
    assert outcome.content is None
    assert "no tabs" in outcome.notes[0]
    assert "<h1>Monthly review" in outcome.html


def test_a_month_to_come_is_refused(shop: Shop) -> None:
    """December cannot be reviewed in November."""
    with pytest.raises(UsageError):
        insights.report(shop.book(), shop.answers(), NOW, month="2026-12")


@pytest.mark.libreoffice
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_formulas_of_both_reports_agree_with_a_second_program(shop: Shop, tmp_path: Path) -> None:
    """Cached totals are what the formulas give, so a phone and a spreadsheet show the same."""
    page = lived(shop).page
    review = build_report_tab(page, {page.tab: page.tab}, NOW.date())
    audit = insights.audit_book(shop.book(), shop.answers(), NOW, ledger=shop.ledger)
    contents = [review, insights.audit_tab(audit.audit)]
    folder = tmp_path / "office"
    folder.mkdir()
    for content, saved in zip(contents, recalculated(contents, folder), strict=True):
        said, got = values(content), values(saved)
        assert len(formulas(content)) > 15
        for place, formula in formulas(content).items():
            mine, theirs = said[place], got.get(place)
            assert isinstance(mine, int | float), (place, formula)
            assert isinstance(theirs, int | float), (place, formula)
            assert abs(mine - theirs) < 2e-6, (place, formula, mine, theirs)
