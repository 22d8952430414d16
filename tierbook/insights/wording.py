"""Numbers in sentences."""

from tierbook.model import MicroUsd
from tierbook.workbook.report_page import amount_words


def counted(number: int, word: str) -> str:
    """Count a noun: `1 picture`, `1,204 pictures`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def signed(amount: MicroUsd) -> str:
    """Spell a change: `+$3.20`, `-$0.40`."""
    return f"{'+' if amount > 0 else ''}{amount_words(amount)}"


def percent_words(part: int, whole: int) -> str:
    """Spell a share to the percent; only the whole itself is `100%`, only nothing is `0%`."""
    if not whole:
        return "0%"
    share = 100 * part / whole
    rounded = f"{share:.0f}%"
    if part in (0, whole) or rounded not in ("0%", "100%"):
        return rounded
    return f"{min(max(share, 0.1), 99.9):.1f}%"
