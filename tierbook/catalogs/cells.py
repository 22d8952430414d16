"""Read single cells of an export: prices, stock, pictures, categories, SKUs, pseudo-products."""

import json
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from tierbook.catalogs.tables import cell_text
from tierbook.workbook import values
from tierbook.workbook.currencies import IN_THOUSANDTHS, candidates
from tierbook.workbook.numbers import parse_number, split_amount
from tierbook.workbook.values import Complaint

# --------------------------------------------------------------------------- price

_NO_PRICE = frozenset({"n/a", "na", "-", "--", "–", "—", "none", "null", "nan", "variable"})


def price(value: Any, mark: str) -> tuple[Decimal | None, str] | Complaint:
    """Read a price and the currency sign beside it; `-1.00` and the like mean that there is none.

    Args:
        value: The cell.
        mark: The decimal mark of its column, for amounts with two meanings.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        amount, sign = Decimal(repr(value)), ""
    else:
        if cell_text(value).casefold() in _NO_PRICE:
            return None, ""
        typed, sign = split_amount(cell_text(value))
        # Prices have two decimals at most, so that three digits behind a mark are thousands.
        thousands = not mark and IN_THOUSANDTHS.isdisjoint(candidates(sign))
        amount = parse_number(typed, mark, whole=thousands)
        if isinstance(amount, Complaint):
            return amount
    if not amount.is_finite() or amount < 0:
        return None, sign
    return amount, sign


def surcharge(typed: str, mark: str) -> Decimal:
    """Read what a variant adds to its product's price, 0 where it cannot be read."""
    amount = parse_number(split_amount(typed)[0], mark)
    return Decimal(0) if isinstance(amount, Complaint) or not amount.is_finite() else amount


def quantity(value: Any) -> Decimal | None:
    """Read a number of pieces; words such as `in stock` say nothing of how many."""
    text = cell_text(value)
    if not text:
        return None
    found = parse_number(text, whole=True)
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

_BEFORE_ADDRESS = re.compile(r"[\s,;|]+(?=(?:[a-z][a-z+.:-]*:)?//)", re.IGNORECASE)
_FILE_LIST = re.compile(r"[,;|\n]\s*")
_NO_PICTURE = frozenset({"", "no_selection"})
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
    clean = (part.strip(" ,;|\t\r\n") for part in parts)
    return tuple(dict.fromkeys(part for part in clean if part not in _NO_PICTURE))


def _json_list(typed: str) -> tuple[str, ...]:
    try:
        found: Any = json.loads(typed)
    except ValueError:
        return ()
    texts = [one.strip() for one in found if isinstance(one, str)]
    return tuple(dict.fromkeys(filter(None, texts)))


# --------------------------------------------------------------------------- category and words

_ROOTS = ("default category", "root catalog", "root")
# Some programs put a category's own number or key behind its name.
_CATEGORY_KEY = re.compile(r"\s*\((?:[A-Z0-9]{16,}|\d{5,})\)$")


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
    parts = [part.strip() for part in re.split(f"[{re.escape(steps)}]", _without_key(typed))]
    named = [part for part in parts if part]
    if len(named) > 1 and named[0].casefold() in _ROOTS:
        named = named[1:]
    return " > ".join(named)


def _without_key(typed: str) -> str:
    return _CATEGORY_KEY.sub("", typed.strip())


def words(typed: str) -> tuple[str, ...]:
    """List the words of a tags cell."""
    if not typed:
        return ()
    separator = ";" if ";" in typed else ","
    return tuple(dict.fromkeys(word.strip() for word in typed.split(separator) if word.strip()))


_NOT_ALNUM = re.compile(r"[\W_]+")
_LONGEST_SLUG = 60


def slug(text: str) -> str:
    """Make a short stable key of a name: `Blue mug, 11 oz` -> `blue-mug-11-oz`."""
    return _NOT_ALNUM.sub("-", text.casefold()).strip("-")[:_LONGEST_SLUG].rstrip("-")


_NO_OPTION = frozenset({"", "default title", "default"})
_OPTION_POSITION = re.compile(r":\d+(?=\s*(?:,|$))")
_LABELLED_VALUE = re.compile(r"(?:^|\|)\s*Value=([^|]*)")
_NEXT_PAIR = re.compile(r"\s*[|;,]\s*(?=[^=:|;,]+[=:])")
_PAIR_NAME = re.compile(r"^(?:\[\w+\])?[^=:]+[=:]\s*")


def option(typed: str, *, positioned: bool = False, paired: bool = False) -> str:
    """Read an option value; the word shops put where there are no variants is none.

    Args:
        typed: The cell.
        positioned: Its values carry their positions: `Blue:0, 16GB:1`.
        paired: Its values stand behind their names: `Size=8|Colour=Red`, `[Size:8, Colour:Red]`.
    """
    if typed.casefold() in _NO_OPTION:
        return ""
    if paired:
        return " / ".join(_values_of_pairs(typed))
    return _OPTION_POSITION.sub("", typed) if positioned else typed


def _values_of_pairs(typed: str) -> list[str]:
    if labelled := _LABELLED_VALUE.findall(typed):
        return [value.strip() for value in labelled]
    bare = typed[1:-1] if typed.startswith("[") and typed.endswith("]") else typed
    return [_PAIR_NAME.sub("", pair).strip() for pair in _NEXT_PAIR.split(bare)]


def children(typed: str) -> dict[str, str]:
    """Read a list of children: `sku=A,colour=Red|sku=B,..` -> {"A": "Red", ..}."""
    found: dict[str, str] = {}
    for child in typed.split("|"):
        first, _, rest = child.strip().partition(",")
        name, _, key = first.partition("=")
        if name.strip() == "sku" and key.strip():
            found[key.strip()] = option(rest, paired=True)
    return found


# --------------------------------------------------------------------------- pseudo-products

GIFT_CARDS = "gift card products"
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
_HINTS = re.compile(
    "|".join(
        (
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
        )
    )
)  # fmt: skip - a list of words


def pseudo_product(text: str) -> str:
    """Name the reason to leave out what is sold but cannot be pictured; "" for a real product.

    Args:
        text: The product's name and type.
    """
    folded = text.casefold()
    if not _HINTS.search(folded):
        return ""
    if _GIFT_CARD.search(text):
        return GIFT_CARDS
    return "shipping protection products" if _PROTECTION.search(text) else ""
