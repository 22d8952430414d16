"""Which values pass a test."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tierbook.routing.terms import fold, matches
from tierbook.routing.unary import parse

BLANKS: list[Any] = [None, float("nan"), "", "  ", "\u00a0", pd.NA, pd.NaT, np.float32("nan")]


@pytest.mark.parametrize("blank", BLANKS, ids=repr)
@pytest.mark.parametrize("cell", ["x", "not x", "not(5)", "> 0", "< 0", "!= 3", "yes", "not yes"])
def test_blank_fits_only_any(blank: Any, cell: str) -> None:
    """A blank passes `any` and nothing else: no negation, no comparison."""
    assert not matches(parse(cell), blank)
    assert matches(parse("any"), blank)


@pytest.mark.parametrize(
    ("cell", "value", "passes"),
    [
        ("solid", "  SOLID ", True),
        ("Straße", "STRASSE", True),
        ("fullwidth", "Ｆｕｌｌｗｉｄｔｈ", True),
        ("home decor", "Home\u00a0 Decor", True),
        ("solid", "solids", False),
        ("1", True, False),
        ("yes", 1, False),
        ("yes", 1.0, False),
        ("yes", True, True),
        ("yes", np.True_, True),
        ("no", False, True),
        ("no", 0, False),
        ("yes", "YES", True),
        ("true", "yes", True),
        ("not yes", "maybe", True),
        ("not yes", False, True),
        ("0.1", 0.1, True),
        ("<= 0.1", 0.1, True),
        ("> 0.1", 0.1, False),
        ("0.3", 0.1 + 0.2, False),
        ("> 0.3", 0.1 + 0.2, True),
        ("0.1", np.float32(0.1), True),
        ("0.1", Decimal("0.10"), True),
        (">= 5000", "5000", True),
        (">= 5000", "$5,000.50", True),
        (">= 5000", "5,000", False),  # 5000 or 5.0: said by a warning, never guessed
        (">= 100", "00123", False),
        ("00123", 123, False),
        ("50%", "50%", True),
        ("50%", 0.5, True),
        ('"5000"', 5000, False),
        ('"5000"', "5000", True),
        ("5000", "5000", True),
        ("not >= 5", "n/a", False),  # nothing can be said of a value that is no number
        ("not 5", "n/a", True),
        ("not >= 5", 4, True),
        ("2026-11-27", date(2026, 11, 27), True),
        ("2026-11-27", datetime(2026, 11, 27, 23, 59, tzinfo=UTC), True),
        ("<= 2026-11-27", "2026-11-27", True),
        ("<= 2026-11-27", np.datetime64("2026-11-28"), False),
        ("> 5", date(2026, 11, 27), False),
        ("> 0", float("inf"), True),
        ("[1..5)", 5, False),
        ("[1..5)", 1, True),
        ("(1..5]", 1, False),
        ("< 3, > 7", 5, False),
        ("< 3, > 7", 8, True),
        ("not(a, b)", "B", False),
        ("not(a, b)", "c", True),
    ],
)
def test_passes(cell: str, value: Any, passes: bool) -> None:
    """The semantics of the grammar, case by case."""
    assert matches(parse(cell), value) is passes


def test_fold_is_stable() -> None:
    """Folding twice changes nothing, so that folded words can be compared."""
    for text in ("ǅ", "ﬃ", "İstanbul", "ß", "ΐ", "  A\tB "):
        assert fold(fold(text)) == fold(text)
