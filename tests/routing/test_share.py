"""Sharing a rubric: the page, the Markdown, and DMN that another reader decides by."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.routing.shop import ROWS, configuration, rubric
from tests.routing.test_verify import CELLS, RULES, VALUES
from tierbook.errors import UsageError
from tierbook.model import Rubric, Settings
from tierbook.routing.dmn import MODEL, feel_name
from tierbook.routing.rubric import compile_rubric
from tierbook.routing.share import share_rubric
from tierbook.routing.terms import matches
from tierbook.routing.unary import parse, quote
from tierbook.routing.wording import test_in_words as in_words

NASTY = '<script>alert(1)</script> & "quotes" | `tick` \u0007'


def nasty_rubric(*, hit_policy: str = "FIRST") -> Rubric:
    """A rubric whose texts try to break out of whatever they are written into."""
    own = rubric(
        [
            ("R1", "any|2026-11-01 to 2026-12-01|$0.50", "HOLD|", ""),
            ("R2", "any|any|any", "2|x", ""),
        ],
        inputs=["Own <b>", "Needed by", "Budget per image"],
        outputs=["Tier", "Prompt template"],
        hit_policy=hit_policy,
    )
    cell = quote(NASTY)
    first = replace(own.rules[0], when=(cell, *own.rules[0].when[1:]), why=NASTY)
    return replace(own, rules=(first, own.rules[1]))


class Page(HTMLParser):
    """Collects what a page loads, its text, and whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words.append(data)


def page_of(text: str) -> Page:
    page = Page()
    page.feed(text)
    assert page.open == []
    return page


def test_the_page_says_every_rule() -> None:
    """All rules stand there in order, with tier, reason and conditions in words."""
    own = configuration(settings=Settings(brand_name="Wax & Wane"))
    page = page_of(share_rubric(own, ".HTML"))
    text = " ".join(" ".join(page.words).split())
    places = [text.index(f" {row[0]} ") for row in ROWS]
    assert places == sorted(places)
    for words in (
        "How Wax & Wane makes its pictures",
        "Tier 1, Standard",
        "Hold: a person decides first",
        "standard angle on one colour",
        "hero or campaign",
        "4 or fewer",
        "anything but yes",
        "every picture that no rule above has taken",
    ):
        assert words in text


def test_the_page_stands_alone_and_runs_nothing() -> None:
    """No address is loaded, no script runs, whatever a seller typed."""
    own = configuration(nasty_rubric())
    text = share_rubric(own, ".html")
    assert page_of(text).loaded == []
    assert "<script" not in text
    assert "url(" not in text
    assert "@import" not in text


def test_markdown_keeps_text_text() -> None:
    """Rules are sections; characters of Markdown and HTML in a seller's text are escaped."""
    text = share_rubric(configuration(), ".md")
    assert "## 5. R06: Tier 3, Hero" in text
    assert "- If **Angles** is <= 4" not in text
    assert "- If **Angles** is 4 or fewer" in text
    own = configuration(rubric([("R*1", "any", "1", NASTY)], inputs=["A"], outputs=["Tier"]))
    nasty = share_rubric(own, ".md")
    assert "\\<script\\>" in nasty
    assert "R\\*1" in nasty


def test_only_known_endings() -> None:
    """Another ending is refused with those there are."""
    with pytest.raises(UsageError) as refused:
        share_rubric(configuration(), ".pdf")
    assert ".dmn" in refused.value.fix


def test_rules_that_are_off_are_not_shared() -> None:
    """What decides nothing is not shown as a rule."""
    own = rubric()
    off = replace(own, rules=(replace(own.rules[0], on=False), *own.rules[1:]))
    assert "R01" not in share_rubric(configuration(off), ".md")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("any", "anything"),
        ("a, b, c", "a, b or c"),
        ("not(a, b)", "anything but a or b"),
        ("< 5", "less than 5"),
        ("> 5", "more than 5"),
        ("[5..9)", "5 up to, but not, 9"),
        ("(5..9]", "more than 5 to 9"),
        ("yes", "yes"),
        ("< 2026-12-01", "before 2026-12-01"),
        ("2026-11-01 to 2026-12-01", "from 2026-11-01 until 2026-12-01"),
    ],
)
def test_wordings(cell: str, words: str) -> None:
    """Every form has words a person would say."""
    assert in_words(parse(cell)) == words


# --------------------------------------------------------------------------- DMN


def tag(name: str) -> str:
    return f"{{{MODEL}}}{name}"


def text_of(element: Element, path: str) -> str:
    return element.findtext(f"{tag(path)}/{tag('text')}") or ""


def passes(entry: str, value: Any) -> bool:
    """Decide FEEL unary tests the way the standard says; written for this test alone."""
    entry = entry.strip()
    if entry == "-":
        return True
    if value is None:
        return False
    negated = re.fullmatch(r"not\((.*)\)", entry)
    if negated:
        return not passes(negated[1], value)
    return any(
        _feel_item(item, value) for item in re.findall(r'"[^"]*"|[\[(][^\])]*[\])]|[^,]+', entry)
    )


def _feel_item(item: str, value: Any) -> bool:
    item = item.strip()
    if item.startswith('"'):
        return value == item[1:-1]
    if item in ("true", "false"):
        return value is (item == "true")
    if isinstance(value, bool | str):
        return False
    ranged = re.fullmatch(r"([\[(])(.+)\.\.(.+)([\])])", item)
    if ranged:
        low, high = float(ranged[2]), float(ranged[3])
        return (value >= low if ranged[1] == "[" else value > low) and (
            value <= high if ranged[4] == "]" else value < high
        )
    sign, bound = re.fullmatch(r"(<=|>=|<|>|)\s*(.+)", item).groups()  # type: ignore[union-attr]
    number = float(bound)
    return {
        "<": value < number,
        "<=": value <= number,
        ">": value > number,
        ">=": value >= number,
        "": value == number,
    }[sign]


@given(RULES, st.lists(st.tuples(*map(st.sampled_from, VALUES.values())), max_size=8))
@settings(max_examples=100, deadline=None)
def test_dmn_decides_the_same(
    rules: list[tuple[str, str, str, str]], products: list[tuple[Any, ...]]
) -> None:
    """A FEEL reader that knows nothing of Tierbook fits the same rules to the same products."""
    named = [(f"R{at}", "|".join(one[:3]), one[3], "w") for at, one in enumerate(rules)]
    own = rubric(named, inputs=list(CELLS), outputs=["Tier"])
    compiled, _ = compile_rubric(own)
    root = ElementTree.fromstring(share_rubric(configuration(own), ".dmn"))
    written = root.findall(f".//{tag('rule')}")
    for product in products:
        theirs = [
            all(
                passes(entry.findtext(tag("text")) or "", value)
                for entry, value in zip(rule.findall(tag("inputEntry")), product, strict=True)
            )
            for rule in written
        ]
        ours = [all(map(matches, rule.tests, product)) for rule in compiled.rules]
        assert theirs == ours


def test_dmn_structure() -> None:
    """Elements stand in the schema's order, ids are unique, references and lengths are whole."""
    root = ElementTree.fromstring(share_rubric(configuration(), ".dmn"))
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", one or "") for one in ids)
    table = root.find(f".//{tag('decisionTable')}")
    assert table is not None
    kinds = [child.tag.removeprefix(tag("")) for child in table]
    assert kinds == sorted(kinds, key=["input", "output", "rule"].index)
    inputs, outputs = table.findall(tag("input")), table.findall(tag("output"))
    for rule in table.findall(tag("rule")):
        kinds = [child.tag.removeprefix(tag("")) for child in rule]
        assert kinds == ["description"] + ["inputEntry"] * len(inputs) + ["outputEntry"] * len(
            outputs
        )
    names = {one.get("id"): one.get("name") for one in root.iter(tag("inputData"))}
    needed = [one.get("href", "")[1:] for one in root.iter(tag("requiredInput"))]
    assert [text_of(one, "inputExpression") for one in inputs] == [names[one] for one in needed]
    drawn = {one.get("dmnElementRef") for one in root.iter() if one.get("dmnElementRef")}
    assert drawn <= set(ids)


def test_dmn_says_what_the_rubric_says() -> None:
    """Policy, types, tiers, reasons and text survive, quotes and control characters included."""
    own = nasty_rubric(hit_policy="COLLECT MIN")
    root = ElementTree.fromstring(share_rubric(configuration(own), ".dmn"))
    table = root.find(f".//{tag('decisionTable')}")
    assert table is not None
    assert (table.get("hitPolicy"), table.get("aggregation")) == ("COLLECT", "MIN")
    types = [one.get("typeRef") for one in root.iter(tag("inputExpression"))]
    assert types == ["string", "date", "number"]
    entries = [text_of(rule, "inputEntry") for rule in root.iter(tag("rule"))]
    assert entries[0].startswith('"<script>alert(1)</script> & \\"quotes\\"')
    assert [one.findtext(tag("text")) for one in root.iter(tag("outputEntry"))] == [
        '"HOLD"', "null", '"2"', '"x"',
    ]  # fmt: skip
    assert text_of(next(root.iter(tag("output"))), "outputValues") == '"HOLD","2"'
    dates = [one.findtext(tag("text")) for one in root.iter(tag("inputEntry"))]
    assert '[date("2026-11-01")..date("2026-12-01")]' in dates
    assert next(root.iter(tag("rule"))).findtext(tag("description")).startswith("R1: <script>")  # type: ignore[union-attr]


def test_feel_names() -> None:
    """A heading becomes a name FEEL can read."""
    assert feel_name("Sales 90 days") == "Sales_90_days"
    assert feel_name("90 days!") == "_90_days"
    assert feel_name("Größe (cm)") == "Größe_cm"
