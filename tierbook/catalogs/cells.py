"""Read single cells of an export: prices, stock, pictures, categories, SKUs, pseudo-products."""

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from tierbook.catalogs.tables import cell_text
from tierbook.workbook import values
from tierbook.workbook.numbers import parse_number
from tierbook.workbook.values import Complaint

# --------------------------------------------------------------------------- price

_AMOUNT = re.compile(
    r"(?P<before>[^\d+\-.,]*)(?P<amount>[+-]?[\d.,][\d.,' \u00a0\u202f]*)(?P<after>[^\d]*)"
)
_CURRENCIES = {
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "",
    "円": "JPY",
    "元": "CNY",
    "ZŁ": "PLN",
    "₺": "TRY",
    "TL": "TRY",
    "₽": "RUB",
    "РУБ": "RUB",
    "РУБ.": "RUB",
    "₴": "UAH",
    "ГРН": "UAH",
    "ГРН.": "UAH",
    "R$": "BRL",
    "₹": "INR",
    "RS": "INR",
    "RS.": "INR",
    "KR": "",
    "DH": "AED",
    "DHS": "AED",
}  # fmt: skip - a table of signs; "" where a sign means several currencies


_NO_PRICE = frozenset({"n/a", "na", "-", "--", "–", "—", "none", "null", "nan"})


def split_amount(typed: str) -> tuple[str, str]:
    """Part a price from the currency beside it: `352 AED` -> ("352", "AED")."""
    parts = _AMOUNT.fullmatch(typed.strip().replace("\u2212", "-"))
    if parts is None:
        return typed.strip(), ""
    beside = (parts["before"].strip() or parts["after"].strip()).upper()
    if beside and beside not in _CURRENCIES and not re.fullmatch("[A-Z]{3}", beside):
        return typed.strip(), ""
    return parts["amount"].strip(), _CURRENCIES.get(beside, beside)


def price(value: Any, mark: str) -> tuple[Decimal | None, str] | Complaint:
    """Read a price and its currency; `-1.00` and the like mean that there is none.

    Args:
        value: The cell.
        mark: The decimal mark of its column, for amounts with two meanings.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        amount, currency = Decimal(repr(value)), ""
    else:
        if cell_text(value).casefold() in _NO_PRICE:
            return None, ""
        typed, currency = split_amount(cell_text(value))
        amount = parse_number(typed, mark)
        if isinstance(amount, Complaint):
            return amount
    if not amount.is_finite() or amount < 0:
        return None, currency
    return amount, currency


def surcharge(typed: str, mark: str) -> Decimal:
    """Read what a variant adds to its product's price, 0 where it cannot be read."""
    amount = parse_number(split_amount(typed)[0], mark)
    return Decimal(0) if isinstance(amount, Complaint) or not amount.is_finite() else amount


def amount_texts(cells: Sequence[Any]) -> list[str]:
    """Return the amounts of a column without their currencies, to find its decimal mark."""
    return [split_amount(cell)[0] for cell in set(map(cell_text, cells)) if cell]


def quantity(value: Any) -> Decimal | None:
    """Read a number of pieces; words such as `in stock` say nothing of how many."""
    found = parse_number(cell_text(value), whole=True)
    if isinstance(found, Complaint) or not found.is_finite():
        return None
    return found


# --------------------------------------------------------------------------- SKU


def sku(value: Any) -> str | Complaint:
    """Read a SKU as text without the apostrophe that guards numbers from spreadsheets."""
    if type(value) is str and "+" not in value:
        return value.strip(values.BLANKS).removeprefix("'")
    found = values.sku(value)
    return found if isinstance(found, Complaint) else cell_text(found).removeprefix("'")


_RUINED = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+")


def is_ruined(value: Any) -> bool:
    """Tell a barcode that a spreadsheet program turned into a number: `8.80609E+12`."""
    return type(value) is str and "+" in value and bool(_RUINED.fullmatch(value.strip(" '")))


# --------------------------------------------------------------------------- pictures

_BEFORE_ADDRESS = re.compile(r"[\s,;|]+(?=(?:https?:)?//)", re.IGNORECASE)
_FILE_LIST = re.compile(r"[,;|\n]\s*")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|tiff?|bmp|heic|svg)(?:\?.*)?$", re.IGNORECASE)


def pictures(typed: str, separators: str) -> tuple[str, ...]:
    """List the pictures of a cell: addresses, paths or media ids, whatever parts them."""
    if not typed:
        return ()
    if typed.startswith("[") and (listed := _json_list(typed)):
        return listed
    if "//" in typed:
        parts = _BEFORE_ADDRESS.split(typed)
    elif separators:
        parts = re.split(f"[{re.escape(separators)}\n]", typed)
    else:
        parts = _FILE_LIST.split(typed)
        if not all(_PICTURE.search(part.strip()) for part in parts):
            parts = [typed]
    return tuple(dict.fromkeys(clean for part in parts if (clean := part.strip(" ,;|\t\r\n"))))


def _json_list(typed: str) -> tuple[str, ...]:
    try:
        found: Any = json.loads(typed)
    except ValueError:
        return ()
    texts = [one.strip() for one in found if isinstance(one, str)]
    return tuple(dict.fromkeys(filter(None, texts)))


# --------------------------------------------------------------------------- category and words

_ROOTS = ("default category", "root catalog", "root")


@lru_cache(maxsize=4096)
def category(typed: str, separators: str, steps: str) -> str:
    """Return the deepest of a cell's categories as a path: `Home > Candles`.

    Args:
        typed: The cell.
        separators: Characters that part several categories.
        steps: Characters between the steps of a path.
    """
    if not typed:
        return ""
    # A backslash keeps a comma inside a name.
    listed = re.split(rf"(?<!\\)[{re.escape(separators)}]", typed) if separators else [typed]
    paths = [_path(one.replace("\\", ""), steps) for one in listed]
    return max(paths, key=lambda path: path.count(" > "))


def _path(typed: str, steps: str) -> str:
    parts = [part.strip() for part in re.split(f"[{re.escape(steps)}]", typed)]
    named = [part for part in parts if part]
    if len(named) > 1 and named[0].casefold() in _ROOTS:
        named = named[1:]
    return " > ".join(named)


def words(typed: str) -> tuple[str, ...]:
    """List the words of a tags cell."""
    separator = ";" if ";" in typed else ","
    return tuple(dict.fromkeys(word.strip() for word in typed.split(separator) if word.strip()))


_NOT_ALNUM = re.compile(r"[\W_]+")
_LONGEST_SLUG = 60


def slug(text: str) -> str:
    """Make a short stable key of a name: `Blue mug, 11 oz` -> `blue-mug-11-oz`."""
    return _NOT_ALNUM.sub("-", text.casefold()).strip("-")[:_LONGEST_SLUG].rstrip("-")


_NO_OPTION = frozenset({"", "default title", "default"})
_OPTION_POSITION = re.compile(r":\d+(?=\s*(?:,|$))")


def option(typed: str, *, positioned: bool) -> str:
    """Read an option value; the word shops put where there are no variants is none.

    Args:
        typed: The cell.
        positioned: Its values carry their positions: `Blue:0, 16GB:1`.
    """
    if typed.casefold() in _NO_OPTION:
        return ""
    return _OPTION_POSITION.sub("", typed) if positioned else typed


# --------------------------------------------------------------------------- pseudo-products

_GIFT_CARD = re.compile(
    r"\b(?:e-?)?gift[ -]?(?:card|certificate|voucher)s?\b(?! ?(?:holder|box|wallet|envelope|tray|"
    r"case|display|stand|book|sleeve|set))|\bgeschenk(?:gutschein|karte)\b|"
    r"\bcartes?[ -]cadeaux?\b|\btarjetas? (?:de )?regalo\b|\b(?:buono|carta) regalo\b|"
    r"\bcadeau(?:bon|kaart)\b|\bvale[ -]presente\b|\bподарочн\w+ (?:сертификат|карта)\b|"
    r"\bподарунков\w+ сертифікат\b|\bkarta podarunkowa\b|\bhediye (?:kartı|çeki)\b|"
    r"ギフト(?:券|カード)",
    re.IGNORECASE,
)
_PROTECTION = re.compile(
    r"\b(?:shipping|package|route|order|delivery|parcel|seel)\+? "
    r"(?:protection|insurance|guarantee|protect)\b|\bversandversicherung\b|\bassurance livraison\b|"
    r"\bseguro de env[ií]o\b",
    re.IGNORECASE,
)


# One of these stands in every text the patterns above can match; most products have none.
_HINTS = (
    "gift",
    "protect",
    "insurance",
    "guarantee",
    "geschenk",
    "versicherung",
    "cadeau",
    "regalo",
    "presente",
    "seguro",
    "assurance",
    "подар",
    "podarunk",
    "hediye",
    "ギフト",
)  # fmt: skip - a list of words


def pseudo_product(text: str) -> str:
    """Name the reason to leave out what is sold but cannot be pictured; "" for a real product.

    Args:
        text: The product's name and type.
    """
    folded = text.casefold()
    if not any(hint in folded for hint in _HINTS):
        return ""
    if _GIFT_CARD.search(text):
        return "gift card products"
    return "shipping protection products" if _PROTECTION.search(text) else ""
