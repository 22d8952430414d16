"""Cut the answers of a whole workbook down to one row."""

from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np

from tierbook.model import Answers

_T = TypeVar("_T")


def only_row(answers: Answers, index: int) -> Answers:
    """Return the answers as if the sheet held this one row; rubric tests and settings stay."""
    requests = answers.requests
    place = slice(index, index + 1)
    return replace(
        answers,
        requests=replace(
            requests,
            rows=requests.rows[place],
            bad=requests.bad[place],
            columns={name: column[place] for name, column in requests.columns.items()},
            outputs={name: column[place] for name, column in requests.outputs.items()},
        ),
        decisions=_cut(answers.decisions, place),
        bill=_cut(answers.bill, place),
        prompt=answers.prompt[place],
        cheaper_if=answers.cheaper_if[place],
        status=answers.status[place],
        message=answers.message[place],
        request_id=answers.request_id[place],
        extra={name: column[place] for name, column in answers.extra.items()},
    )


def _cut(table: _T, place: slice) -> _T:
    """Cut every array of a dataclass of arrays."""
    known: Any = table
    cut = {
        one.name: getattr(known, one.name)[place]
        for one in fields(known)
        if isinstance(getattr(known, one.name), np.ndarray)
    }
    return replace(known, **cut)
