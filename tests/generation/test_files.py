"""Names and writing of picture files, and where photos may lie."""

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers.provider import picture_of
from tierbook.generation.files import picture_folder, picture_stem, write_whole
from tierbook.generation.sources import UnusableSource, find_photo, named_photos
from tierbook.workbook.atomic import replace_patiently

_RESERVED = {"con", "prn", "aux", "nul", *(f"com{i}" for i in range(10))}


@given(st.text(), st.text(), st.binary(min_size=32, max_size=32))
def test_every_name_is_safe_on_every_file_system(sku: str, placement: str, key: bytes):
    """No separators, no reserved names, no trailing dots, short, and the same in any case."""
    stem = picture_stem(sku, placement, key.hex())
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert stem not in _RESERVED
    assert 8 <= len(stem) <= 90
    assert stem.endswith(key.hex()[:8])


@given(
    st.text()
    | st.sampled_from(["CON", "nul.txt/x", "..\\..\\x", "C:\\x", "//srv/x", "a. /b..", ""])
)
def test_an_image_folder_stays_beside_the_workbook_on_every_system(named: str):
    """Whatever is typed: no drive, no root, no way up, nothing that Windows cannot name."""
    folder = picture_folder(named)
    windows = PureWindowsPath(folder)
    assert folder
    assert (windows.drive, windows.root) == ("", "")
    assert ".." not in windows.parts
    assert not PurePosixPath(folder).is_absolute()
    for part in windows.parts:
        assert part.split(".")[0].lower() not in _RESERVED
        assert not part.endswith((" ", "."))
    assert picture_folder(folder) == folder


@pytest.mark.parametrize(("named", "kept"), [("images/2026", "images/2026"), ("Bilder", "Bilder")])
def test_an_ordinary_image_folder_is_left_as_it_was_typed(named: str, kept: str):
    """Only what could not work is changed."""
    assert picture_folder(named) == kept


def test_a_file_that_windows_holds_for_a_moment_is_waited_for(tmp_path: Path):
    """A virus scanner that looks into the old picture delays the new one, and no more."""
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    fresh = tmp_path / "fresh"
    fresh.write_bytes(b"new")
    replace_patiently(_Held(fresh, times=2), path)  # type: ignore[arg-type]
    assert path.read_bytes() == b"new"


class _Held:
    """A file whose replacing fails as on Windows while another program has it open."""

    def __init__(self, path: Path, times: int) -> None:
        self.path, self.left = path, times

    def replace(self, target: Path) -> None:
        self.left -= 1
        if self.left >= 0:
            held = PermissionError(13, "in use")
            held.winerror = 32
            raise held
        self.path.replace(target)


def test_skus_that_look_alike_get_different_names():
    """Slugs may run together; the hash keeps the files apart."""
    assert picture_stem("Ä/1", "p", "a" * 64) != picture_stem("A-1", "p", "b" * 64)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path):
    """A file is replaced whole or not at all, and nothing half-written stays."""
    path = tmp_path / "a.png"
    write_whole(path, b"old")
    with pytest.raises(TypeError):
        write_whole(path, None)  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.png"]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "photos").mkdir(parents=True)
    (folder / "photos" / "mug 1.png").write_bytes(picture_of("mug"))
    (tmp_path / "secret.png").write_bytes(picture_of("secret"))
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "drawing.svg").write_text("<svg/>")
    return folder


@pytest.mark.parametrize("named", ["photos/mug 1.png", "photos/mug%201.png", "photos\\mug 1.png"])
def test_a_photo_in_the_workbooks_folder_is_found(shop: Path, named: str):
    """As typed, as an address would spell it, and with the other system's slashes."""
    photo = find_photo(named, shop)
    assert photo.path == shop / "photos" / "mug 1.png"
    assert len(photo.sha256) == 64


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("../secret.png", "outside"),
        ("photos/../../secret.png", "outside"),
        ("/etc/passwd", "outside"),
        ("link.png", "outside"),
        ("missing.png", "does not exist"),
        ("photos", "does not exist"),
        ("drawing.svg", "SVG"),
        ("http://shop.example/a.png", "not an https"),
        ("file:///etc/passwd", "not an https"),
        ("\x00", "does not exist"),
    ],
)
def test_other_photos_are_refused_with_words(shop: Path, named: str, words: str):
    """Outside the folder, missing, or no picture: the row says which."""
    with pytest.raises(UnusableSource, match=words):
        find_photo(named, shop)


def test_an_address_is_taken_without_any_network(shop: Path):
    """Planning fetches nothing."""
    assert find_photo("https://shop.example/a.png", shop).url == "https://shop.example/a.png"


@pytest.mark.parametrize(
    ("cell", "photos"),
    [
        (None, ()),
        ("", ()),
        ("a.png", ("a.png",)),
        ("a.png; b.png", ("a.png", "b.png")),
        ("a.png|b.png\nc d.png;", ("a.png", "b.png", "c d.png")),
    ],
)
def test_a_cell_may_name_one_photo_an_angle(cell: object, photos: tuple[str, ...]):
    """Semicolons, bars and lines separate photos; commas and spaces belong to names."""
    assert named_photos(cell) == photos
