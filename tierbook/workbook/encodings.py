"""Find the encoding of a text file that does not say it."""

import re
from typing import Final

_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_SAMPLE: Final = 65_536
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")
_KANA: Final = re.compile("[\u3041-\u30fe]")
_CJK: Final = re.compile("[\u4e00-\u9fff\u3000-\u30fe\uff01-\uff5e]")
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
# Code page, and how its words look when read as Western ones: what they show, what never occurs
# in its languages. Polish l and a become signs inside words; Czech mixes letters of Danish and
# Italian; Hungarian has Portuguese ones without its cedillas; Turkish i looks like Icelandic.
_NEIGHBOURS: Final = tuple(
    (encoding, re.compile(present, re.DOTALL), re.compile(absent))
    for encoding, present, absent in (
        ("cp1250", "[a-z][³¹¿¾][a-z]|[^\\w²]³[a-zó]", "ß"),
        ("cp1250", "(?=.*ø)(?=.*[ìùè])", "[åæ]"),
        ("cp1250", "(?=.*[õû])(?=.*[áíó])", "[ãçàèêñßä]"),
        ("cp1254", "(?=.*[ýþð])(?=.*[üç])", "[áíúæ]"),
    )
)
# Legacy Cyrillic and Chinese text has whole words of high bytes, Western text single letters.
_WESTERN_RUN: Final = 2.0


def encoding_of(content: bytes) -> tuple[str, bytes, bool]:
    """Name the encoding of a text file.

    Returns:
        The encoding, the byte order mark in front (b"" for none), and whether it is a guess.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return encoding, mark, False
    sample = content[:_SAMPLE]
    if b"\0" in sample and (lane := _utf16_lane(sample)):
        return lane, b"", False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(content), b"", True
    return "utf-8", b"", False


def _utf16_lane(sample: bytes) -> str:
    """Tell UTF-16 without a mark by its NULs, which stand in every second byte only."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 5 < len(sample) // 2 or min(even, odd) * 8 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _legacy(content: bytes) -> str:
    runs = _HIGH_RUN.findall(content[:_SAMPLE])
    mean_run = sum(map(len, runs)) / len(runs) if runs else 0.0
    japanese = _share(content, "cp932", _KANA)
    if japanese > 0.15:
        return "cp932"
    if mean_run < _WESTERN_RUN:
        return _single_letters(content)
    if _share(content, "cp1251", _CYRILLIC) > 0.9 and _words_in_lower_case(content):
        return "cp1251"
    for encoding in ("gb18030", "cp932"):
        if _share(content, encoding, _CJK) > 0.8:
            return encoding
    return "cp1252" if _decodes(content, "cp1252") else "latin-1"


def _single_letters(content: bytes) -> str:
    """Tell the code pages apart in which most letters are plain Latin ones."""
    seen = content[:_SAMPLE].decode("cp1252", "replace").lower()
    for encoding, present, absent in _NEIGHBOURS:
        if present.search(seen) and not absent.search(seen) and _decodes(content, encoding):
            return encoding
    return "cp1252" if _decodes(content, "cp1252") else "latin-1"


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _share(content: bytes, encoding: str, letters: re.Pattern[str]) -> float:
    """Return which part of the characters outside ASCII are such letters, 0 when undecodable."""
    if not _decodes(content, encoding):
        return 0.0
    text = content.decode(encoding)[:_SAMPLE]
    outside = sum(character > "\x7f" for character in text)
    return len(letters.findall(text)) / outside if outside else 0.0


def _words_in_lower_case(content: bytes) -> bool:
    """Tell Russian from Chinese read as Russian, in which capitals stand inside words."""
    text = content.decode("cp1251")[:_SAMPLE]
    inside = len(re.findall("[а-яёіїє][А-ЯЁІЇЄ]", text))
    return inside * 10 < len(re.findall("[а-яёіїє][а-яёіїє]", text))
