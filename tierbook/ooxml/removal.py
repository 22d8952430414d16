"""Taking out tabs of ours, with every part that only they reach."""

from tierbook.ooxml.book import Book
from tierbook.ooxml.draft import Draft
from tierbook.ooxml.relationships import rels_name


def remove_tab(draft: Draft, book: Book, name: str) -> int:
    """Remove a tab and what hangs on it alone; returns its 0-based position."""
    entry = book.sheet(name)
    position = book.remove_sheet(entry.name)
    book.rels.remove(entry.rel_id)
    _remove_unreached(draft, draft.spelled(entry.part))
    return position


def _remove_unreached(draft: Draft, part: str) -> None:
    """Remove a part and, after it, those of its targets that nothing else points at."""
    candidates = _below(draft, part) | {part.lower()}
    kept = _reached(draft, without=part)
    for name in sorted(candidates - kept):
        draft.remove(name)


def _below(draft: Draft, part: str) -> set[str]:
    found: set[str] = set()
    waiting = [part]
    while waiting:
        for one in draft.rels(waiting.pop()):
            target = one.target.lower()
            if not one.external and target in draft and target not in found:
                found.add(target)
                waiting.append(one.target)
    return found


def _reached(draft: Draft, *, without: str) -> set[str]:
    """Return every part reachable from the package root on ways that avoid one part."""
    found: set[str] = {without.lower()}
    waiting = [""]
    while waiting:
        source = waiting.pop()
        if source and rels_name(source) not in draft:
            continue
        for one in draft.rels(source):
            target = one.target.lower()
            if not one.external and target not in found:
                found.add(target)
                waiting.append(one.target)
    found.discard(without.lower())
    return found
