"""Other kinds of files, damaged ones and hostile ones are told apart in words."""

import io
import random
import re
import struct
import zipfile

import pytest
import xlsxwriter

from tests.ooxml.books import catalog, five_rows, parts, repack, replacing
from tierbook.errors import EditRefused, NotAWorkbook
from tierbook.ooxml import edit, inspect

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Unseekable(io.RawIOBase):
    """A stream one can only write on to, such as a download being made."""

    def __init__(self, out: io.BytesIO) -> None:
        self._out = out

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self._out.tell()

    def write(self, chunk) -> int:
        return self._out.write(chunk)


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in files.items():
            package.writestr(name.replace("__", "/"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words", "fix"),
    [
        (b"", "empty", "save it again"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password", "Encrypt with Password"),
        (OLE + b"Workbook" * 50, r"\.xls,", "Save As"),
        (b"SKU;Name\r\nA-1;Candle\r\n", "plain text", r"\.csv"),
        ("SKU\tName\n".encode("utf-16"), "plain text", r"\.csv"),
        (b"\xef\xbb\xbf<html><table></table>", "web page", "Save As"),
        (b"<?xml version='1.0'?><Workbook/>", "XML", "Save As"),
        (b"%PDF-1.7 ...", "PDF", "xlsx"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not an Excel workbook", "Save As"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "ods", "Save As"),
        (zipped(**{"Index__Document.iwa": b"x"}), "Numbers", "Export To"),
        (zipped(**{"[Content_Types].xml": b"<T/>", "xl__workbook.bin": b"x"}), "xlsb", "Save As"),
        (zipped(**{"photo.jpg": b"x"}), "zip archive", "unpack"),
        (zipped(**{"[Content_Types].xml": b"<T/>", "word__document.xml": b"x"}), "Word", "xlsx"),
    ],
)
def test_other_kinds_of_files_are_named_with_what_to_do(content, words, fix):
    """The first bytes and the parts decide, never the file's name."""
    with pytest.raises(NotAWorkbook, match=words) as refusal:
        inspect(content)
    assert re.search(fix, refusal.value.fix)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_file_cut_off_anywhere_is_damaged(share):
    """A download that broke off is named as such, with Excel's own cure."""
    content = catalog()
    with pytest.raises(NotAWorkbook, match="damaged") as refusal:
        inspect(content[: int(len(content) * share)])
    assert "Open and Repair" in refusal.value.fix


def test_flipped_bytes_never_crash():
    """Whatever bit rot does, the answer is a workbook or a refusal, never a traceback."""
    content = catalog()
    random_bytes = random.Random(7)  # noqa: S311 - a fixed seed, for the same run each time
    for _ in range(150):
        broken = bytearray(content)
        for _ in range(3):
            broken[random_bytes.randrange(len(broken))] = random_bytes.randrange(256)
        try:
            edit(bytes(broken), five_rows())
        except (NotAWorkbook, EditRefused):
            continue


def test_a_part_larger_than_it_says_is_refused():
    """The claimed size of a part is not trusted: unpacking stops at it."""
    content = bytearray(catalog())
    at = content.index(b"PK\x01\x02")
    while b"xl/worksheets/sheet1.xml" not in content[at + 46 : at + 80]:
        at = content.index(b"PK\x01\x02", at + 1)
    struct.pack_into("<L", content, at + 24, 100)
    with pytest.raises(NotAWorkbook, match=r"more than it says|checksum"):
        inspect(bytes(content)).sheet("Goods").last_row  # noqa: B018 - reading is the point


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    """A part packed a thousand to one, or hundreds of megabytes in all, is not opened."""
    bomb = repack(catalog(), {"xl/media/a.bin": bytes(30_000_000)})
    with pytest.raises(NotAWorkbook, match="exhaust"):
        inspect(bomb)


def test_too_many_parts_are_refused():
    """2,000 parts are the most any workbook needs."""
    crowd = repack(catalog(), {f"xl/media/{number}.txt": b"" for number in range(2_000)})
    with pytest.raises(NotAWorkbook, match="parts"):
        inspect(crowd)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/theme/theme1.xml", "docProps/app.xml"])
def test_a_document_type_in_any_part_is_refused(part):
    """Entities could be nested until memory ends, or fetch files; no spreadsheet has them."""
    laughs = b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    hostile = repack(catalog(), {part: lambda content: content.replace(b"?>", b"?>" + laughs, 1)})
    with pytest.raises(NotAWorkbook, match="document type"):
        inspect(hostile)


def test_parts_written_while_streaming_are_read_and_copied():
    """Zips with sizes after each part (data descriptors) are common; sizes come first after."""
    out = io.BytesIO()
    stream = Unseekable(out)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts(catalog()).items():
            package.writestr(name, content)
    streamed = out.getvalue()
    assert zipfile.ZipFile(io.BytesIO(streamed)).infolist()[0].flag_bits & 8
    after = edit(streamed, five_rows()).content
    assert not any(one.flag_bits & 8 for one in zipfile.ZipFile(io.BytesIO(after)).infolist())
    assert parts(after)["xl/theme/theme1.xml"] == parts(catalog())["xl/theme/theme1.xml"]


def test_large_file_records_are_read():
    """Some writers use ZIP64 records for small files too."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts(catalog()).items():
            with package.open(name, "w", force_zip64=True) as part:
                part.write(content)
    assert edit(out.getvalue(), five_rows()).proof.parts_equal > 5


def test_part_names_differ_in_case_and_place():
    """Names are found without regard to case, and the workbook need not be xl/workbook.xml."""
    renamed = {}
    for name, content in parts(catalog()).items():
        moved = name.replace("xl/worksheets/sheet1.xml", "xl/Worksheets/Sheet1.XML")
        moved = moved.replace("xl/workbook.xml", "xl/book.xml")
        moved = moved.replace("xl/_rels/workbook.xml.rels", "xl/_rels/book.xml.rels")
        if name in ("_rels/.rels", "[Content_Types].xml"):
            content = content.replace(b"xl/workbook.xml", b"xl/book.xml")
        renamed[moved] = content
    odd = repack(zipped(x=b""), {"x": None, **renamed})
    after = edit(odd, five_rows())
    assert b"Tier" in parts(after.content)["xl/Worksheets/Sheet1.XML"]


def test_a_signed_workbook_is_refused():
    """Any change breaks a signature, so the seller decides first."""
    origin = (
        b'<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/package/2006/'
        b'relationships/digital-signature/origin" Target="_xmlsignatures/origin.sigs"/>'
    )
    signed = repack(catalog(), {
        "_rels/.rels": replacing((b"</Relationships>", origin + b"</Relationships>")),
        "_xmlsignatures/origin.sigs": b"x",
    })  # fmt: skip
    assert inspect(signed).signed
    with pytest.raises(EditRefused, match="signed"):
        edit(signed, five_rows())


def test_a_workbook_without_styles_gets_plain_ones():
    """A styles part is optional in the format."""
    bare = repack(catalog(), {
        "xl/styles.xml": None,
        "xl/_rels/workbook.xml.rels": lambda content: content.replace(
            content[content.index(b'<Relationship Id="rId4"') :].split(b"/>")[0] + b"/>", b""),
        "[Content_Types].xml": lambda content: b"".join(
            one for one in content.replace(b"/>", b"/>\n").splitlines(keepends=True)
            if b"styles" not in one),
    })  # fmt: skip
    assert b"styles" not in parts(bare)["xl/_rels/workbook.xml.rels"]
    assert b"cellXfs" in parts(edit(bare, five_rows()).content)["xl/styles.xml"]


def test_inspecting_tells_protection_names_and_macros():
    """What decides whether an edit is wise is known without reading values."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("Seen").protect()
    book.add_worksheet("Unseen").hide()
    book.define_name("Tiers", "=Seen!$A$1:$A$3")
    book.define_name("Seen!Local", "=Seen!$B$1")
    book.close()
    facts = inspect(out.getvalue())
    assert [(one.name, one.state) for one in facts.sheets] == [
        ("Seen", "visible"), ("Unseen", "hidden")]  # fmt: skip
    assert {(one.name, one.scope, one.formula) for one in facts.names} == {
        ("Tiers", "", "Seen!$A$1:$A$3"), ("Local", "Seen", "Seen!$B$1")}  # fmt: skip
    assert (facts.sheet("Seen").protected, facts.sheet("Unseen").protected) == (True, False)
    assert not (facts.macro or facts.signed or facts.strict or facts.structure_protected)
