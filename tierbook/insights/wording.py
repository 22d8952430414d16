"""Numbers in sentences."""

from tierbook.model import MicroUsd
from tierbook.workbook.report_page import amount_words


def counted(number: int, word: str) -> str:
    """Count a noun: `1 picture`, `1,204 pictures`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def signed(amount: MicroUsd) -> str:
    """Spell a change: `+$3.20`, `-$0.40`."""
    return f"{'+' if amount > 0 else ''}{amount_words(amount)}"
