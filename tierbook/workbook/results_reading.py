"""Read back what a person typed into the `Results` tab, which every run writes anew."""

import io
from dataclasses import dataclass

from tierbook.contract import RESULTS, REVIEW, REVIEW_REASON
from tierbook.workbook.planning import own_tabs
from tierbook.workbook.reading import Book

_FILE = "File"


@dataclass(frozen=True, slots=True)
class ResultReview:
    """The two review cells of one picture, by the name of its file."""

    file: str
    decision: str
    reason: str


def results_reviews(book: Book) -> tuple[ResultReview, ...]:
    """Return the reviews of the tab `Results` an earlier run wrote; none where there is none."""
    if book.facts is None:
        return ()
    tab = own_tabs(book.facts).get(RESULTS)
    if tab is None:
        return ()
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(book.content))
    rows = workbook.get_sheet_by_name(tab).to_python()
    head = next((row for row in rows if _FILE in row and REVIEW in row), None)
    if head is None:
        return ()
    file, decision, reason = (head.index(name) for name in (_FILE, REVIEW, REVIEW_REASON))
    below = rows[rows.index(head) + 1 :]
    return tuple(
        ResultReview(str(row[file]), str(row[decision]), str(row[reason]))
        for row in below
        if row[file]
    )
