"""Money: integer micro-USD throughout (1 USD = 1,000,000), and how a person reads it."""

from decimal import ROUND_CEILING, Decimal
from typing import TypeAlias

MicroUsd: TypeAlias = int
MICRO = 1_000_000


def usd(amount: MicroUsd) -> str:
    """Spell micro-USD for a person: `$0.0336`, `$1,204.50`; two decimals or more, unrounded."""
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), MICRO)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{sign}${whole:,}.{decimals}"


def usd_rounded(amount: MicroUsd) -> str:
    """Spell a total for a person: to the cent from one dollar on, unrounded below it."""
    if abs(amount) < MICRO:
        return usd(amount)
    return usd((amount + 5_000) // 10_000 * 10_000)


def to_micro_usd(dollars: Decimal | int | str) -> MicroUsd:
    """Turn a dollar amount into micro-USD, rounding up: an estimate may never be too low."""
    return int((Decimal(dollars) * MICRO).to_integral_value(rounding=ROUND_CEILING))
