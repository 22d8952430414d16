"""Problems of cells, by the dozen: the first of a kind each with its cell, the rest counted."""

from collections import Counter
from dataclasses import dataclass, field, replace

from tierbook.model import CellRef, Problem
from tierbook.workbook.values import Complaint

MOST_OF_A_KIND = 20


@dataclass
class Complaints:
    """Collects what is wrong with the cells of exports."""

    problems: list[Problem] = field(default_factory=list[Problem])
    _told: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])

    def cell(self, file: str, what: str, complaint: Complaint, cell: CellRef, sku: str) -> None:
        """Report one cell that cannot be read; `what` says what was taken instead."""
        kind = (file, f"{complaint.code}, {what}")
        self._told[kind] += 1
        if self._told[kind] <= MOST_OF_A_KIND:
            self.problems.append(
                Problem(
                    complaint.code,
                    "warning",
                    f"{file}, {cell.a1}: {complaint.message}. {what}.",
                    f"{complaint.fix}.",
                    cell,
                    sku,
                )
            )

    def say(self, code: str, message: str, fix: str, *, severe: bool = False) -> None:
        """Report something of a whole file."""
        self.problems.append(Problem(code, "error" if severe else "warning", message, fix))

    def all(self) -> tuple[Problem, ...]:
        """Return the problems, each kind that was cut short with the number of the others."""
        closing = [
            replace(
                next(one for one in self.problems if one.message.startswith(file)),
                code="more-of-these",
                message=f"{file}: {count - MOST_OF_A_KIND:,} more cells like these ({kind}).",
                fix="mend the column in the shop and export again.",
                cell=None,
                sku="",
            )
            for (file, kind), count in self._told.items()
            if count > MOST_OF_A_KIND
        ]
        return (*self.problems, *closing)
