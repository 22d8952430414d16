"""Find the picture a row of a report speaks of: by SKU, ASIN, page or the name of an ad."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from tierbook import placements
from tierbook.catalogs.product_columns import ROW_KEY, SHOP_PAGE
from tierbook.contract import PLACEMENT, SKU
from tierbook.insights.performance_reading import PerformanceRow
from tierbook.insights.performance_reports import KeyKind, Report
from tierbook.model import Placement, RequestTable
from tierbook.workbook.words import plain, sku_key

_SHORTEST_IN_A_NAME = 4  # shorter SKUs stand in too many names by chance
_WORD = re.compile(r"\w+")
_BESIDE = re.compile(r"[^\w.-]+")
_PAGE_COLUMNS = (SHOP_PAGE, "Page URL", "Product page", "URL", "Handle", "Link")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in its placement."""

    sku: str
    placement: str


class Pictures:
    """The pictures of a workbook, to be found by what reports call them."""

    def __init__(self, requests: RequestTable, known: Sequence[Placement]) -> None:
        self._placements: dict[str, list[tuple[str, str]]] = {}
        self._skus: dict[str, str] = {}
        skus, names = requests.column(SKU), requests.column(PLACEMENT)
        groups = {name: placements.group(known, name) for name in set(names) if name}
        for sku, name in zip(skus, names, strict=True):
            if sku is None or not name:
                continue
            key = sku_key(str(sku))
            self._skus.setdefault(key, str(sku).strip())
            self._placements.setdefault(key, []).append((groups.get(name, ""), name))
        self._longest_sku = max(map(len, self._skus), default=0)
        self._pages = _pages(requests)
        self._asins = _index(requests, ("ASIN", "(Child) ASIN", "Child ASIN"))
        self._names = _index(requests, ("Product name",))
        self._slugs = {slug: sku for name, sku in self._names.items() if (slug := _slug(name))}
        self._longest_name = max((slug.count("-") + 1 for slug in self._slugs), default=0)
        self._known: dict[tuple[KeyKind, str], str | None] = {}

    def find(self, row: PerformanceRow) -> Picture | None:
        """Find the picture of a row; None where nothing the row says is known."""
        for kind, text in row.keys:
            if (kind, text) not in self._known:  # a report names an ad once a day
                self._known[kind, text] = self._sku(kind, text)
            key = self._known[kind, text]
            if key is not None:
                return Picture(self._skus[key], self._placement(key, row.report))
        return None

    def _sku(self, kind: KeyKind, text: str) -> str | None:
        if kind == "url":
            pages = tuple(page_keys(text))
            places = (self._pages, {sku: sku for sku in pages if sku in self._skus}, self._slugs)
            return next((known[page] for known in places for page in pages if page in known), None)
        if kind == "ad name":
            return self._names.get(plain(text)) or self._in_name(text) or self._by_name_in(text)
        key = sku_key(text)
        if key in self._skus:
            return key
        return self._asins.get(plain(text))

    def _in_name(self, text: str) -> str | None:
        """Find the longest SKU that stands in the name of an ad as a word of its own."""
        folded = plain(text)
        words = [word.strip(".-_") for word in _BESIDE.split(folded)]
        whole = [word for word in words if word in self._skus]
        if whole:
            return max(whole, key=len)
        inside = (
            part
            for spelled in dict.fromkeys((folded, folded.replace("_", " ")))
            for part in _parts(spelled, self._longest_sku)
            if len(part) >= _SHORTEST_IN_A_NAME and part in self._skus
        )
        return max(inside, key=len, default=None)

    def _by_name_in(self, text: str) -> str | None:
        """Find the longest product name that stands in a text as words of its own."""
        words = _slug(text).split("-")
        for length in range(min(len(words), self._longest_name), 1, -1):
            for start in range(len(words) - length + 1):
                found = self._slugs.get("-".join(words[start : start + length]))
                if found is not None:
                    return found
        return None

    def _placement(self, key: str, report: Report) -> str:
        """Choose the placement whose picture the report counts."""
        asked = self._placements.get(key, ())
        for group in report.groups:
            for known, name in asked:
                if known == group:
                    return name
        return report.placement


def _parts(text: str, longest: int) -> Iterator[str]:
    """Yield what stands between the start of one word and the end of another."""
    words = [match.span() for match in _WORD.finditer(text)]
    for place, (start, _) in enumerate(words):
        for _, end in words[place:]:
            if end - start > longest:
                break
            yield text[start:end]


def _slug(text: str) -> str:
    """Spell a name as shops do in the address of its page: `Blue mug, 11 oz`, `blue-mug-11-oz`."""
    decomposed = unicodedata.normalize("NFKD", plain(text))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return re.sub(r"[^\w]+|_+", "-", bare.replace("'", "")).strip("-")


def _index(requests: RequestTable, headings: Sequence[str]) -> Mapping[str, str]:
    """Map what a column holds to the SKU of the first row that holds it."""
    found: dict[str, str] = {}
    for heading in headings:
        if heading in requests:
            for sku, value in zip(requests.column(SKU), requests.column(heading), strict=True):
                if sku is not None and value is not None:
                    found.setdefault(plain(str(value)), sku_key(str(sku)))
    return found


def _pages(requests: RequestTable) -> Mapping[str, str]:
    """Map pages and handles to SKUs; a page that several variants share stands for the first."""
    found: dict[str, str] = {}
    for heading in (*_PAGE_COLUMNS, ROW_KEY):
        if heading not in requests:
            continue
        for sku, value in zip(requests.column(SKU), requests.column(heading), strict=True):
            if sku is None or value is None:
                continue
            # A row key is the handle, then the options.
            text = str(value).split("/")[0] if heading == ROW_KEY else str(value)
            for page in page_keys(text):
                found.setdefault(page, sku_key(str(sku)))
    return found


def page_keys(address: str) -> Iterator[str]:
    """Yield what tells a page from others, the surest first: path and query, path, handle."""
    try:
        parts = urlsplit(address.strip())
        query = parse_qs(parts.query)
    except ValueError:
        return
    path = unquote(parts.path).strip("/").casefold()
    for name in ("id", "product_id", "product", "sku", "p"):
        if name in query:
            yield f"{path}?{name}={query[name][0].casefold()}"
    steps = [step for step in path.split("/") if step]
    if len(steps) == 1 and "." in steps[0] and query:
        return  # one script serves every page; without its query it names none
    if path:
        yield path
    if len(steps) > 1:
        yield re.sub(r"\.html?$", "", steps[-1])
