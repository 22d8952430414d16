"""Number formats: the ones every workbook has without listing them (ISO/IEC 29500-1, 18.8.30)."""

import re

FIRST_CUSTOM_ID = 164

BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    37: "#,##0 ;(#,##0)",
    38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
}
BUILT_IN_IDS = {code: number for number, code in BUILT_IN.items()}

# Quoted text, escaped characters, and bracketed colours or locales say nothing of dates.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.I)


def shows_date(code: str) -> bool:
    """Tell whether a format code shows a number as a date or a time."""
    if code in ("", "General", "@"):
        return False
    return re.search(r"[dmyhs]", _LITERAL.sub("", code), re.I) is not None
