"""Which tab shows first."""

import re

from tierbook.ooxml.book import Book
from tierbook.ooxml.draft import Draft

_VIEW = re.compile(rb"<(?:[\w.-]+:)?sheetView\b[^>]*>")
_SELECTED = re.compile(rb'\stabSelected="[^"]*"')


def select_tab(draft: Draft, book: Book, name: str, *, moving: bool) -> None:
    """Open the workbook at a tab.

    When the choice moves, the tab that was selected is let go: two selected tabs would be a group,
    and what a person types goes into every tab of a group.
    """
    tabs = [one.name for one in book.sheets()]
    position = tabs.index(name)
    if moving:
        for place, entry in enumerate(book.sheets()):
            if entry.kind == "worksheet" and entry.part in draft:
                _mark(draft, entry.part, selected=place == position)
    book.show_first(position)


def _mark(draft: Draft, part: str, *, selected: bool) -> None:
    content = draft.read(part)
    view = _VIEW.search(content)
    if view is None:
        return
    tag = _SELECTED.sub(b"", view[0])
    if selected:
        end = b"/>" if tag.endswith(b"/>") else b">"
        tag = tag[: -len(end)].rstrip() + b' tabSelected="1"' + end
    if tag != view[0] and (selected or _SELECTED.search(view[0])):
        draft.write(part, content[: view.start()] + tag + content[view.end() :])
