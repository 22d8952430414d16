"""Last touches to an authored workbook: what XlsxWriter leaves to chance between programs."""

import re
import zipfile
from io import BytesIO
from typing import Final

# Characters a link's target may not hold as they are; a # would end the path.
_UNSAFE: Final = re.compile(r'[\x00-\x20"#%<>?\[\]^`{}\x7f]')
_SHEET_LINKS: Final = re.compile(r"xl/worksheets/_rels/.+\.rels")
_CHART: Final = re.compile(r"xl/charts/chart\d+\.xml")
_EXTERNAL_TARGET: Final = re.compile(rb'Target="[^"]*"(?= TargetMode="External")')
# Left out, these mean "no" in a workbook that calls itself Excel 2007 and "yes" in any other, so a
# chart that looks right where it was authored grows names and ticks in the seller's workbook.
_CHART_DEFAULTS: Final = (
    (b"<c:chart><c:title>", b'<c:roundedCorners val="0"/><c:chart><c:title>'),
    (b"</c:title><c:plotArea>", b'</c:title><c:autoTitleDeleted val="0"/><c:plotArea>'),
    (b"<c:layout/></c:title>", b'<c:layout/><c:overlay val="0"/></c:title>'),
    (b"<c:layout/></c:legend>", b'<c:layout/><c:overlay val="0"/></c:legend>'),
    (b"</c:scaling><c:axPos", b'</c:scaling><c:delete val="0"/><c:axPos'),
    (b'"/><c:ser><c:idx val="0"/>', b'"/><c:varyColors val="0"/><c:ser><c:idx val="0"/>'),
    (
        b'<c:showVal val="1"/>',
        b'<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
        b'<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>',
    ),
)


def picture_link(path: str) -> str:
    """Spell a path relative to the workbook as the place of a link, for `Pen.link`."""
    forward = path.replace("\\", "/")
    return "external:" + _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", forward)


def finished(content: bytes) -> bytes:
    """Spell out the defaults of charts, and turn the backslashes of links to pictures round.

    XlsxWriter spells relative paths as Windows does; LibreOffice and macOS find nothing there.
    """
    source, target = zipfile.ZipFile(BytesIO(content)), BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for entry in source.infolist():
            part = source.read(entry)
            if _SHEET_LINKS.fullmatch(entry.filename):
                part = _EXTERNAL_TARGET.sub(lambda match: match[0].replace(b"\\", b"/"), part)
            elif _CHART.fullmatch(entry.filename):
                part = _explicit(part)
            written.writestr(entry, part)
    return target.getvalue()


def _explicit(chart: bytes) -> bytes:
    for left_out, said in _CHART_DEFAULTS:
        chart = chart.replace(left_out, said)
    return chart
