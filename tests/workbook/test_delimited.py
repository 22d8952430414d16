"""Text tables: any dialect is read, and written back byte for byte but for Tierbook's columns."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbook.books import SETTINGS, read
from tierbook import workbook
from tierbook.errors import NotAWorkbook, NothingToRoute
from tierbook.workbook.delimited import guarded, read_delimited, split_record

ROW = "SKU;Placement;Product name\r\nA-1;Gallery;Kerze\r\n"


def file_of(tmp_path: Path, content: bytes | str) -> Path:
    """Save a text table."""
    path = tmp_path / "list.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "SKU,Product name\nA-1,Bougie à la fraise\n"),
        ("utf-8-sig", "SKU,Product name\nA-1,Свеча\n"),
        ("utf-16", "SKU\tProduct name\nA-1,蝋燭\n"),
        ("utf-16-le", "SKU\tProduct name\nA-1\tSvíčka\n"),
        ("utf-16-be", "SKU\tProduct name\nA-1\tSvíčka\n"),
        ("cp1252", "SKU;Bezeichnung\nA-1;Kerze für Gäste\nA-2;Größe\n"),
        ("cp1251", "Артикул;Наименование\nA-1;Свеча ароматная большая\n"),
        ("cp932", "商品番号,商品名\nA-1,ろうそくのセット\n"),
        ("gb18030", "商品编号,商品名称\nA-1,香薰蜡烛套装\n"),
    ],
)
def test_encodings_are_found(tmp_path: Path, encoding: str, text: str) -> None:
    """The letters come out right, whatever program saved the file; a guess is told."""
    book = workbook.read_book(file_of(tmp_path, text.encode(encoding)))
    assert text.splitlines()[1].endswith(str(book.rows[0][-1]))
    guessed = encoding in ("cp1252", "cp1251", "cp932", "gb18030")
    assert guessed == any("encoding" in note for note in book.notes)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_tells_the_delimiter(tmp_path: Path, delimiter: str) -> None:
    """Neither the suffix nor a comment full of commas fools the reader."""
    lines = [
        "# one, two, three, four, five, six | seven; all in one comment",
        delimiter.join(["SKU", "Placement", "Notes"]),
        delimiter.join(["A-1", "Gallery", '"soft, warm; bright | plain"']),
    ]
    book = workbook.read_book(file_of(tmp_path, "\n".join(lines)))
    assert book.dialect is not None
    assert book.dialect.delimiter == delimiter
    assert (book.header_row, list(book.rows[0])) == (
        2,
        ["A-1", "Gallery", "soft, warm; bright | plain"],
    )


def test_traps_of_exports_are_passed(tmp_path: Path) -> None:
    """A byte order mark behind junk, padded headings, NULs, ragged rows and quoted newlines."""
    content = (
        "\n\t\n\ufeff  SKU  ,Placement,Scene notes\n"
        'A-1,Gallery,"two\nlines"\nA-2\0,Gallery\n\nA-3,Gallery,x,extra\n'
    )
    table, problems = read(file_of(tmp_path, content))
    assert list(table.column("SKU")) == ["A-1", "A-2", "A-3"]
    assert list(table.column("Scene notes")) == ["two\nlines", None, "x"]
    assert list(table.rows) == [4, 5, 7]
    assert not problems


def test_an_open_quotation_mark_is_refused(tmp_path: Path) -> None:
    """A mark that swallows the rest of the file is named with its line."""
    path = file_of(tmp_path, 'SKU,Notes\nA-1,fine\nA-2,"5 inch\nA-3,x\nA-4,y\n')
    with pytest.raises(NotAWorkbook, match="line 3"):
        workbook.read_book(path)


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    """A template without products is read; nothing is invented."""
    table, problems = read(file_of(tmp_path, "SKU;Placement\n"))
    assert len(table) == 0
    assert not problems


def test_no_sku_is_refused_with_what_was_seen(tmp_path: Path) -> None:
    """A list without a SKU names its headings and the option to pass."""
    with pytest.raises(NothingToRoute) as refused:
        workbook.read_book(file_of(tmp_path, "product,category,price\nMug,Mugs,3\n"))
    assert "A 'product'" in refused.value.message
    assert "--map" in refused.value.fix


def written(path: Path, **columns: list[object]) -> bytes:
    """Write columns into a table that was read, as a run does."""
    book = workbook.read_book(path)
    table, _ = workbook.requests(book, SETTINGS)
    headings = [name.replace("_", " ") for name in columns]
    return workbook.write_delimited(book, headings, list(columns.values()), rows=list(table.rows))


def test_writing_keeps_every_byte_of_the_sellers(tmp_path: Path) -> None:
    """Titles, comments, blank lines, odd quoting and line ends come back as they were."""
    content = (
        b"\xef\xbb\xbfMy list\r\n\r\nSKU;Placement;Note\r\n"
        b'"A-1";Gallery;"a ""b"" ; c"\r\n# later\r\n\r\n00123; Gallery ;\xff\xfe\r\nA-3;Gallery'
    )
    result = written(file_of(tmp_path, content), Tier=[1, 2, None], Why=["x;y", 'say "hi"', None])
    assert result == (
        b"\xef\xbb\xbfMy list\r\n\r\nSKU;Placement;Note;Tier;Why\r\n"
        b'"A-1";Gallery;"a ""b"" ; c";1;"x;y"\r\n# later\r\n\r\n'
        b'00123; Gallery ;\xff\xfe;2;"say ""hi"""\r\nA-3;Gallery;;;'
    )


OUTPUTS = {
    "Tier": [1, 2],
    "Tier_name": ["Standard", "Lifestyle"],
    "Why": ["a", "b"],
    "Prompt_template": ["p", "q"],
    "Resolution_target": ["1x1", "2x2"],
}


def test_a_second_run_changes_no_byte(tmp_path: Path) -> None:
    """Columns of an earlier run are found again and replaced, not doubled."""
    path = file_of(tmp_path, "SKU,Status\nA-1,mine\nA-2,mine\n")
    first = written(path, **OUTPUTS, Status=["OK", "WARN"])
    path.write_bytes(first)
    assert written(path, **OUTPUTS, Status=["OK", "WARN"]) == first
    assert b"SKU,Status,Tier," in first
    book = workbook.read_book(path)
    assert book.output_columns["Status"] == 8
    table, _ = workbook.requests(book, SETTINGS)
    assert list(table.column("Status")) == ["mine", "mine"]
    assert list(table.outputs["Tier"]) == ["1", "2"]


def test_a_sellers_own_tier_is_not_ours(tmp_path: Path) -> None:
    """A `Tier` and a `Status` without the rest of the block stay inputs."""
    table, _ = read(file_of(tmp_path, "SKU,Tier,Status\nA-1,gold,live\n"))
    assert table.outputs == {}
    assert list(table.column("Tier")) == ["gold"]


def test_a_file_of_quoted_cells_gets_quoted_cells(tmp_path: Path) -> None:
    """New cells follow the file's own habit."""
    path = file_of(tmp_path, '"SKU","Placement"\n"A-1","Gallery"\n')
    assert written(path, Tier=[1]) == b'"SKU","Placement","Tier"\n"A-1","Gallery","1"\n'


def test_letters_the_file_cannot_hold_are_replaced_in_our_cells(tmp_path: Path) -> None:
    """A file keeps its encoding; what it has no letter for becomes a question mark."""
    path = file_of(tmp_path, "SKU;Größe\nA-1;groß\n".encode("cp1252"))
    assert written(path, Why=["≥ 3 蝋"]).decode("cp1252") == "SKU;Größe;Why\nA-1;groß;? 3 ?\n"


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@a", "\tx", "\rx"])
def test_our_cells_are_never_formulas(text: str) -> None:
    """Text a spreadsheet would run gets an apostrophe; numbers do not."""
    assert guarded(text) == "'" + text
    assert guarded("-1.50") == "-1.50"


@given(
    st.lists(
        st.lists(st.text(alphabet='ab ,;"\n\r', max_size=5), min_size=1, max_size=4), max_size=5
    )
)
def test_records_keep_their_text(rows: list[list[str]]) -> None:
    """The texts of all records together are the file, whatever is quoted in it."""
    body = "".join(
        ";".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows
    )
    content = ROW + body
    table = read_delimited(content.encode())
    assert "".join(table.raw) == content
    assert [list(row) for row in table.rows[2:]] == rows


@given(st.text(alphabet='ab,"\n', max_size=12))
def test_a_record_is_cut_where_csv_cuts_it(record: str) -> None:
    """Stray quotation marks and all, the cells joined again are the record."""
    (cells,) = csv.reader([record.replace("\n", " ")]) if record.strip("\n") else ([""],)
    cut = split_record(record.replace("\n", " "), ",")
    assert len(cut) == len(cells)
    assert ",".join(cut) == record.replace("\n", " ")


@pytest.mark.parametrize(
    ("tail", "is_open"),
    [
        ('A-2,"5 inch\n', True),
        ('A-2,"5 ""inch\n', True),
        ('A-2,5" nail\n', False),
        ('A-2,"a" b"\n', False),
        ('A-2,"a\nb"\n', False),
    ],
)
def test_an_open_mark_on_the_last_line_is_told_from_an_inch(
    tmp_path: Path, tail: str, is_open: bool
) -> None:
    """Only a mark that opens a cell and never closes it is refused."""
    path = file_of(tmp_path, f"SKU,Size\n{tail}")
    if is_open:
        with pytest.raises(NotAWorkbook, match="line 2"):
            workbook.read_book(path)
    else:
        assert len(workbook.read_book(path).rows) == 1
