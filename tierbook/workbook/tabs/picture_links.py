"""Links to pictures beside the workbook, spelled so that every program finds them."""

import re
import zipfile
from io import BytesIO
from typing import Final

# Characters a target may not hold as they are; a # would end the path.
_UNSAFE: Final = re.compile(r'[\x00-\x20"#%<>?\[\]^`{}\x7f]')
_SHEET_LINKS: Final = re.compile(r"xl/worksheets/_rels/.+\.rels")
_EXTERNAL_TARGET: Final = re.compile(rb'Target="[^"]*"(?= TargetMode="External")')


def picture_link(path: str) -> str:
    """Spell a path relative to the workbook as the place of a link, for `Pen.link`."""
    forward = path.replace("\\", "/")
    return "external:" + _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", forward)


def with_forward_slashes(content: bytes) -> bytes:
    """Turn the backslashes of an authored workbook's links round.

    XlsxWriter spells relative paths as Windows does; LibreOffice and macOS find nothing there.
    """
    source, target = zipfile.ZipFile(BytesIO(content)), BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for entry in source.infolist():
            part = source.read(entry)
            if _SHEET_LINKS.fullmatch(entry.filename):
                part = _EXTERNAL_TARGET.sub(lambda match: match[0].replace(b"\\", b"/"), part)
            written.writestr(entry, part)
    return target.getvalue()
