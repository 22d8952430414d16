"""Which kind of file this really is, told by its first bytes and parts, never by its name."""

from tierbook.errors import NotAWorkbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = 'choose "Save As" there, type "Excel Workbook (.xlsx)".'
_REPAIR = (
    'in Excel, choose File > Open, pick the file, and "Open and Repair" from the arrow beside '
    "Open; then save it again. Or take the copy from your last backup or download."
)


def damaged(what: str) -> NotAWorkbook:
    """Say that the package is broken and how Excel can often repair it."""
    return NotAWorkbook(f"The file is damaged: {what}.", fix=_REPAIR)


def check_is_zip(content: bytes) -> None:
    """Refuse whatever is plainly no zip package, with words for each kind of file.

    Raises:
        NotAWorkbook: Password, old .xls, text, HTML, an empty or another kind of file.
    """
    if not content:
        raise NotAWorkbook(
            "The file is empty (0 bytes).",
            fix="if it lives in a cloud folder, wait until it is downloaded; else save it again.",
        )
    if content.startswith(_OLE):
        raise _old_office(content)
    if content[:2] == b"PK":
        return
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head")):
        raise NotAWorkbook(
            "The file is a web page with a spreadsheet's name (many shops export this).",
            fix=f"open it in Excel or LibreOffice, then {_SAVE_AS}",
        )
    if start.startswith((b"<?xml", b"<workbook")):
        raise NotAWorkbook(
            "The file is XML, not a workbook (an old Excel 2003 format, or an export).",
            fix=f"open it in Excel, then {_SAVE_AS}",
        )
    if start.startswith(b"%pdf"):
        raise NotAWorkbook("The file is a PDF.", fix="save the sheet itself as .xlsx.")
    if b"\0" not in content[:2048] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise NotAWorkbook(
            "The file is plain text (such as CSV) with a workbook's name.",
            fix="rename it so that it ends in .csv, or open it in Excel and save it as .xlsx.",
        )
    raise NotAWorkbook(
        "The file is not an Excel workbook.",
        fix=f"open it in the program that made it; if that is a spreadsheet, {_SAVE_AS}",
    )


def _old_office(content: bytes) -> NotAWorkbook:
    """Tell a workbook with a password from an old .xls; both are OLE files."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return NotAWorkbook(
            "The workbook has a password, so it cannot be read.",
            fix="in Excel: File > Info > Protect Workbook > Encrypt with Password, clear the "
            "password, and save.",
        )
    return NotAWorkbook(
        "The file is an old Excel workbook (.xls, the format before 2007).",
        fix='open it in Excel and choose "Save As", type "Excel Workbook (.xlsx)".',
    )


def check_is_workbook(names: frozenset[str], mimetype: bytes) -> None:
    """Refuse zip packages that hold something else; `names` are part names in lower case.

    Raises:
        NotAWorkbook: OpenDocument, Numbers, binary .xlsb, Word, PowerPoint, or any other zip.
    """
    if b"opendocument" in mimetype or "content.xml" in names:
        raise NotAWorkbook(
            "The file is an OpenDocument spreadsheet (.ods).", fix=f"open it, then {_SAVE_AS}"
        )
    if any(name.endswith(".iwa") or name == "index.zip" for name in names):
        raise NotAWorkbook(
            "The file is an Apple Numbers document.",
            fix="in Numbers choose File > Export To > Excel, then use that file.",
        )
    if any(name.endswith("workbook.bin") for name in names):
        raise NotAWorkbook(
            "The file is a binary Excel workbook (.xlsb).", fix=f"open it in Excel, then {_SAVE_AS}"
        )
    if "[content_types].xml" not in names:
        raise NotAWorkbook(
            "The file is a zip archive without a workbook in it.",
            fix="unpack it and use the workbook inside.",
        )
    if any(name.startswith(("word/", "ppt/")) for name in names) and not any(
        name.startswith("xl/") for name in names
    ):
        raise NotAWorkbook(
            "The file is a Word or PowerPoint document.", fix="save the table itself as .xlsx."
        )
