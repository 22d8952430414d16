"""The contact sheet: one page, complete in itself, safe for whatever a cell says."""

import re

from tests.studio.drawn import Drawn, as_file
from tierbook.studio.checking import Check
from tierbook.studio.contact_sheet import Entry, page, thumbnail


def entries(mug: Drawn) -> list[Entry]:
    checks = (
        Check("Fill", "pass", "0.850", "0.85"),
        Check("One object", "fail", "2", "1", "Several <things> stand out."),
    )
    return [
        Entry('MUG<script>alert("x")</script>', "Main & more", mug.jpeg(), mug.jpeg(), 0, "local"),
        Entry("MUG-2", "Gallery", as_file(mug.rgb), None, 33_600, "local_studio", checks),
    ]


def test_the_page_needs_nothing_from_outside(mug: Drawn) -> None:
    """Every picture is inside the page; there is no script, link or address."""
    html = page(entries(mug), "Run of 24 November")
    sources = re.findall(r'src="([^"]{0,24})', html)
    assert len(sources) == 3
    assert all(source.startswith("data:image/jpeg;base64,") for source in sources)
    assert not re.search(r"<script|https?://|<link|@import|url\(", html)


def test_text_of_cells_stays_text(mug: Drawn) -> None:
    """A SKU that looks like markup is shown as it is written."""
    html = page(entries(mug), "A & B")
    assert "MUG&lt;script&gt;" in html
    assert "Several &lt;things&gt; stand out." in html
    assert "<title>A &amp; B</title>" in html


def test_cost_and_verdicts_are_counted(mug: Drawn) -> None:
    """The line on top adds up what is below it."""
    html = page(entries(mug), "Run")
    assert "2 pictures · 1 ready · 1 not usable · $0.0336 in all" in html


def test_a_file_that_is_no_picture_leaves_a_gap(mug: Drawn) -> None:
    """A broken file does not stop the sheet."""
    assert thumbnail(b"no picture") is None
    assert "After: no picture" in page([Entry("A", "B", b"no picture", mug.jpeg())], "Run")
