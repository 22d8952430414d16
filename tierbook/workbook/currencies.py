"""Tell currencies by the codes and signs people type beside amounts.

Several countries share a sign: `kr` is a Swedish, Norwegian, Danish or Icelandic krona, `¥` a yen
or a yuan. Such a sign names the shop's own currency where that is one of them; else nobody knows,
and the asker says so. `$` alone is the US dollar unless the shop keeps another dollar or peso.
"""

import re
from collections.abc import Mapping
from typing import Final

_CODE: Final = re.compile("[A-Z]{3}")
_DOLLARS: Final = (
    "USD",
    "CAD",
    "AUD",
    "NZD",
    "HKD",
    "SGD",
    "TWD",
    "MXN",
    "ARS",
    "CLP",
    "COP",
    "UYU",
)
_CROWNS: Final = ("SEK", "NOK", "DKK", "ISK")
# Sign in capitals, without a closing point -> the currencies it can stand for.
_SIGNS: Final[Mapping[str, tuple[str, ...]]] = {
    "US$": ("USD",),
    "USD$": ("USD",),
    "C$": ("CAD",),
    "CA$": ("CAD",),
    "A$": ("AUD",),
    "AU$": ("AUD",),
    "NZ$": ("NZD",),
    "HK$": ("HKD",),
    "S$": ("SGD",),
    "NT$": ("TWD",),
    "MX$": ("MXN",),
    "R$": ("BRL",),
    "$": _DOLLARS,
    "€": ("EUR",),
    "EURO": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
    "円": ("JPY",),
    "元": ("CNY",),
    "RMB": ("CNY",),
    "₩": ("KRW",),
    "KR": _CROWNS,
    "FR": ("CHF",),
    "SFR": ("CHF",),
    "ZŁ": ("PLN",),
    "KČ": ("CZK",),
    "FT": ("HUF",),
    "LEI": ("RON",),
    "ЛВ": ("BGN",),
    "₺": ("TRY",),
    "TL": ("TRY",),
    "₽": ("RUB",),
    "РУБ": ("RUB",),
    "₴": ("UAH",),
    "ГРН": ("UAH",),
    "₸": ("KZT",),
    "₹": ("INR",),
    "RS": ("INR", "PKR", "LKR", "NPR"),
    "RP": ("IDR",),
    "RM": ("MYR",),
    "฿": ("THB",),
    "₫": ("VND",),
    "₪": ("ILS",),
    "₦": ("NGN",),
    "₱": ("PHP",),
    "DH": ("AED", "MAD"),
    "DHS": ("AED", "MAD"),
}
_CODES: Final = frozenset(code for codes in _SIGNS.values() for code in codes)
# Of these the smaller unit is a thousandth, so that 1.250 is one and a quarter.
IN_THOUSANDTHS: Final = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def candidates(typed: str) -> tuple[str, ...]:
    """List the currencies a text can stand for, the likeliest first; none for another text.

    Any three Latin capitals beside an amount are taken for a code: `352 AED`; `12 pcs` are no
    money.
    """
    text = typed.strip()
    sign = text.upper().removesuffix(".")
    if sign in _SIGNS:
        return _SIGNS[sign]
    return (sign,) if sign in _CODES or _CODE.fullmatch(text) else ()


def currency_of(typed: str, own: str = "") -> str:
    """Name the currency of a sign or code, "" where it may be one of several.

    Args:
        typed: As it stands beside an amount.
        own: The currency the shop keeps its books in; it settles what a shared sign means.
    """
    found = candidates(typed)
    if own in found:
        return own
    return found[0] if len(found) == 1 or found is _DOLLARS else ""


def currencies_in(heading: str) -> tuple[str, ...]:
    """List what the first currency named in a heading can be: `Budget (€)`, `Budget EUR`."""
    for word in re.findall(r"[^\W\d_]+\$?|[^\w\s]", heading.upper()):
        found = _SIGNS.get(word) or ((word,) if word in _CODES else ())
        if found:
            return found
    return ()
