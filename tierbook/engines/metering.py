"""Work the actual cost of a picture out of the usage a provider reports."""

from decimal import ROUND_CEILING, Decimal

from tierbook.model import MICRO, MicroUsd, PriceRule


def whole_micro_usd(dollars: Decimal | float | str) -> MicroUsd | None:
    """Turn a bill in dollars into micro-USD, rounded up; None where it is not an amount."""
    try:
        amount = Decimal(str(dollars)) * MICRO
        return int(amount.to_integral_value(rounding=ROUND_CEILING)) if amount >= 0 else None
    except ArithmeticError:
        return None


def token_cost(
    rule: PriceRule | None, *, text_in: int, image_in: int, image_out: int
) -> MicroUsd | None:
    """Price reported tokens by a `tokens` rule (USD a million); None where the rule is another."""
    if rule is None or rule.kind != "tokens":
        return None
    used = {"text_in": text_in, "image_in": image_in, "image_out": image_out}
    if any(count and name not in rule.details for name, count in used.items()):
        return None
    # USD for a million tokens is micro-USD for one.
    amount = sum(
        (rule.details.get(name, Decimal(0)) * count for name, count in used.items()), Decimal(0)
    )
    return int(amount.to_integral_value(rounding=ROUND_CEILING))
