"""The page that needs no program."""

import re
from html.parser import HTMLParser

from tierbook.review.desk import ReviewPicture
from tierbook.review.one_file_page import static_page
from tierbook.studio.checking import Check

EVIL = "<script>alert(1)</script>\" onload='x"
PICTURE = ReviewPicture(
    "a1", "r1", EVIL, EVIL, 3, EVIL, f"images/{EVIL}.png",
    checks=(Check("Fill", "fail", "0.2", "0.85", EVIL),), cost=1_340_000, needs_person=True,
)  # fmt: skip


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_it_stands_alone_and_only_shows():
    """The page holds its style and images, loads nothing, runs nothing and asks for nothing."""
    page = static_page([PICTURE], lambda _: b"\xff\xd8\xff")
    found = Tags(page)
    assert {tag for tag, _ in found.tags}.isdisjoint({"script", "link", "form", "button", "iframe"})
    sources = [at["src"] for tag, at in found.tags if tag == "img"]
    assert sources == ["data:image/jpeg;base64,/9j/"]
    assert not any(name.startswith("on") for _, at in found.tags for name in at)
    assert not re.search(r"url\(|https?:", page)


def test_what_a_person_needs_is_on_it():
    """SKU, cost, state and the failed check stand there as words, with a picture or without."""
    found = Tags(static_page([PICTURE], title="My shop"))
    words = " ".join(found.words)
    for expected in (EVIL, "$1.34", "Waits for you", "Failed:", "My shop"):
        assert expected in words
    assert not [tag for tag, _ in found.tags if tag == "img"]
