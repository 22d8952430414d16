"""Pictures from strangers: what is opened, what is refused with words, what comes out."""

import io
import struct
import zlib
from decimal import Decimal

import pytest
from PIL import Image, ImageCms

from tierbook.generation.finishing import Finish, finish
from tierbook.generation.images import NotAPicture, format_of, open_picture, source_image
from tierbook.model import Placement


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def plain(width: int = 60, height: int = 40, colour: object = (200, 30, 30)) -> Image.Image:
    return Image.new("RGB", (width, height), colour)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_three_formats_are_opened(kind: str):
    """The three formats of product photos come out as 8-bit RGB."""
    opened = open_picture(encoded(plain(), kind))
    assert (opened.mode, opened.size) == ("RGB", (60, 40))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<?xml version='1.0'?><svg/>", "SVG"),
        (b"  <!DOCTYPE html><html>", "web page"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "HEIC"),
        (b"\x00\x00\x00\x18ftypavif\x00\x00", "AVIF"),
        (b"GIF89a" + bytes(20), "GIF"),
        (b"II*\x00" + bytes(20), "TIFF"),
        (b"%PDF-1.7", "not a PNG, JPEG or WebP"),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), "damaged"),
        (b"\xff\xd8\xff" + bytes(30), "damaged"),
        (encoded(plain())[:60], "damaged"),
    ],
)
def test_other_files_are_refused_with_words(content: bytes, words: str):
    """Each other kind of file is named, so that the seller knows what to export."""
    with pytest.raises(NotAPicture, match=words):
        open_picture(content)


def test_the_name_of_a_file_is_not_believed():
    """The first bytes decide, whatever a server or a suffix says."""
    assert format_of(encoded(plain(), "JPEG")) == "JPEG"


def _bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [7_072, 20_000, 60_000])
def test_a_bomb_is_refused_by_its_header(side: int):
    """More than 50 megapixels are refused before anything unfolds."""
    with pytest.raises(NotAPicture, match="pixels"):
        open_picture(_bomb(side, side))


def test_a_sideways_photo_is_stood_up():
    """The EXIF orientation is applied, then dropped with the rest of the metadata."""
    exif = Image.Exif()
    exif[0x0112] = 6
    source = source_image(encoded(plain(60, 40), "JPEG", exif=exif))
    assert (source.width, source.height) == (40, 60)
    assert not Image.open(io.BytesIO(source.content)).getexif()


def test_a_photo_in_print_colours_becomes_rgb():
    """CMYK is converted, with and without a profile."""
    opened = open_picture(encoded(Image.new("CMYK", (20, 20), (0, 255, 255, 0)), "JPEG"))
    assert opened.mode == "RGB"
    assert opened.getpixel((5, 5))[0] > 150  # type: ignore[index]


def test_a_deep_picture_keeps_its_grey():
    """16-bit grey is scaled, not cut, to 8 bits."""
    deep = Image.new("I;16", (8, 8), 32768)
    value = open_picture(encoded(deep)).getpixel((4, 4))
    assert value == pytest.approx((127, 127, 127), abs=1)


def test_a_profile_is_applied_not_only_dropped():
    """A picture in another colour space looks the same in sRGB, so its numbers change."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = open_picture(encoded(plain(), "PNG", icc_profile=lab))
    assert same.getpixel((3, 3)) == pytest.approx((200, 30, 30), abs=2)
    assert "icc_profile" not in Image.open(io.BytesIO(source_image(encoded(plain())).content)).info


def test_a_broken_profile_is_ignored():
    """As in every viewer, a profile that is no profile changes nothing."""
    opened = open_picture(encoded(plain(), "PNG", icc_profile=b"not a profile"))
    assert opened.getpixel((3, 3)) == (200, 30, 30)


def test_an_animated_picture_gives_its_first_frame():
    """The first frame is used."""
    frames = [plain(colour=(255, 0, 0)), plain(colour=(0, 0, 255))]
    content = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert open_picture(content).getpixel((1, 1)) == (255, 0, 0)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1"])
def test_every_mode_comes_out_as_rgb_or_rgba(mode: str):
    """Palettes, greys and bits become RGB; see-through stays see-through."""
    opened = open_picture(encoded(plain().convert(mode)))
    assert opened.mode == ("RGBA" if mode.endswith("A") else "RGB")


def test_a_picture_of_another_shape_is_cropped_never_stretched():
    """Stripes keep their width: the middle is kept and the sides are cut."""
    picture = plain(120, 60, (0, 0, 255))
    picture.paste((255, 0, 0), (50, 0, 70, 60))
    finished = finish(encoded(picture), Finish(60, 60, "crop"))
    made = Image.open(io.BytesIO(finished.content)).convert("RGB")
    red = [x for x in range(60) if made.getpixel((x, 30))[0] > 128]  # type: ignore[index]
    assert made.size == (60, 60)
    assert (min(red), max(red)) == (20, 39)
    assert any("cropped" in note for note in finished.notes)


def test_a_picture_on_plain_ground_is_padded_in_its_colour():
    """The product stays whole and the ground is continued."""
    finished = finish(encoded(plain(60, 30)), Finish(60, 60, "pad", (10, 20, 30)))
    made = Image.open(io.BytesIO(finished.content)).convert("RGB")
    assert made.getpixel((30, 2)) == pytest.approx((10, 20, 30), abs=3)
    assert made.getpixel((30, 30)) == pytest.approx((200, 30, 30), abs=3)


@pytest.mark.parametrize("size", [(64, 64), (63, 101), (2000, 500), (1, 1)])
@pytest.mark.parametrize("fit", ["crop", "pad"])
def test_the_size_is_exact(size: tuple[int, int], fit: str):
    """Whatever came back, the file has the placement's very pixels."""
    for given in ((48, 48), (50, 20), (333, 777)):
        finished = finish(encoded(plain(*given)), Finish(*size, fit))  # type: ignore[arg-type]
        assert Image.open(io.BytesIO(finished.content)).size == size


def test_an_ai_picture_says_so_in_its_file():
    """The IPTC digital source type is in the XMP of JPEG and PNG, and nothing else is."""
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    for kinds, extension in ((("jpg",), "jpg"), (("png",), "png")):
        placement = Placement("p", "g", file_types=kinds)
        wanted = Finish(60, 40, "crop", provenance="trainedAlgorithmicMedia", placement=placement)
        finished = finish(encoded(plain(), "JPEG", exif=exif), wanted)
        assert finished.extension == extension
        made = Image.open(io.BytesIO(finished.content))
        assert b"digitalsourcetype/trainedAlgorithmicMedia" in finished.content
        assert not made.getexif()
        assert b"Camera" not in finished.content


def test_see_through_is_kept_only_where_it_is_taken():
    """PNG keeps transparency; a JPEG placement gets the ground instead of black."""
    clear = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    kept = finish(encoded(clear), Finish(60, 40, "pad"))
    assert kept.extension == "png"
    jpeg = Placement("p", "g", file_types=("JPEG",))
    flat = finish(encoded(clear), Finish(60, 40, "pad", placement=jpeg))
    assert flat.extension == "jpg"
    assert Image.open(io.BytesIO(flat.content)).getpixel((9, 9)) == (255, 255, 255)


def test_a_placement_that_takes_only_webp_gets_webp():
    """A free WebP keeps its bytes, a paid PNG becomes one, and both bear its extension."""
    webp = Placement("p", "g", file_types=("WEBP",))
    free = encoded(plain(), "WEBP")
    kept = finish(free, Finish(60, 40, "crop", placement=webp))
    assert (kept.extension, kept.content) == ("webp", free)
    paid = Finish(60, 40, "crop", provenance="trainedAlgorithmicMedia", placement=webp)
    made = finish(encoded(plain(), "PNG"), paid)
    image = Image.open(io.BytesIO(made.content))
    assert (made.extension, image.format, image.size) == ("webp", "WEBP", (60, 40))
    assert b"trainedAlgorithmicMedia" in image.info["xmp"]


def test_a_file_is_kept_under_the_placements_limit():
    """Quality gives way before the limit does, and where it cannot, the row says so."""
    noisy = Image.effect_noise((600, 600), 90).convert("RGB")
    roomy = finish(encoded(noisy), Finish(600, 600, "crop"))
    small = Placement("p", "g", max_mb=Decimal(len(roomy.content)) * 2 / 3 / 1_000_000)
    finished = finish(encoded(noisy), Finish(600, 600, "crop", placement=small))
    assert len(finished.content) <= len(roomy.content) * 2 / 3
    tiny = Placement("p", "g", max_mb=Decimal("0.001"))
    too_large = finish(encoded(noisy), Finish(600, 600, "crop", placement=tiny))
    assert any("larger than" in note for note in too_large.notes)


def test_a_finished_free_picture_keeps_its_bytes():
    """Nothing to do means nothing is encoded a second time."""
    content = encoded(plain(), "JPEG", quality=80)
    assert finish(content, Finish(60, 40, "crop")).content == content
    marked = finish(content, Finish(60, 40, "crop", provenance="trainedAlgorithmicMedia"))
    assert marked.content != content
