"""What a seller may hand over as a photo, and what is said of what cannot be used."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from tests.studio.drawn import Drawn, as_file
from tierbook.studio.photo import UnusablePhoto, open_photo


def test_a_turned_photo_comes_out_upright() -> None:
    """An EXIF rotation is applied to the pixels."""
    picture = np.zeros((100, 200, 3), np.uint8)
    picture[:, 100:] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    opened = open_photo(as_file(picture, "PNG", exif=exif))
    assert opened.size == (100, 200)
    assert opened.rgb[150:].min() == 255


def test_cmyk_is_opened_with_a_warning() -> None:
    """Print colours become sRGB, and the seller is told that they are approximate."""
    image = Image.new("CMYK", (200, 200), (0, 255, 255, 0))
    target = io.BytesIO()
    image.save(target, "JPEG")
    opened = open_photo(target.getvalue())
    assert opened.rgb[100, 100, 0] > 200
    assert opened.rgb[100, 100, 1] < 60
    assert [check.verdict for check in opened.checks] == ["warn"]


def test_a_profile_is_followed() -> None:
    """A photo in a wider colour space shows its own colours in sRGB."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    broken = open_photo(as_file(np.full((80, 80, 3), 90, np.uint8), "PNG", icc_profile=lab[:60]))
    assert broken.rgb[0, 0].tolist() == [90, 90, 90]  # a broken profile is passed over


def test_sixteen_bit_greys_keep_their_tone() -> None:
    """A 16-bit scan is scaled to eight bits, not cut off at 255."""
    grey = np.full((80, 80), 32768, np.uint16)
    assert abs(int(open_photo(as_file(grey)).rgb[0, 0, 0]) - 127) <= 1


def test_an_alpha_channel_that_says_nothing_is_ignored() -> None:
    """A fully opaque alpha channel is no cut-out."""
    picture = np.full((90, 90, 4), 255, np.uint8)
    assert open_photo(as_file(picture)).alpha is None
    picture[:30, :, 3] = 0
    assert open_photo(as_file(picture)).alpha is not None


def test_a_hundred_megapixels_of_jpeg_are_opened_reduced() -> None:
    """A JPEG past the pixel limit is decoded at half its size, and that is told."""
    opened = open_photo(as_file(np.full((10_000, 10_000), 128, np.uint8), "JPEG"))
    assert max(opened.size) == 5000
    assert opened.checks[0].name == "Photo size"


def test_a_hundred_megapixels_of_png_are_refused() -> None:
    """A PNG past the limit would have to be whole in memory: it is refused with the next step."""
    with pytest.raises(UnusablePhoto, match="7000 px"):
        open_photo(as_file(np.zeros((10_000, 10_000), np.uint8), compress_level=1))


@pytest.mark.parametrize("keep", [0.02, 0.5, 0.95])
def test_a_truncated_file_is_refused(mug: Drawn, keep: float) -> None:
    """A file cut short anywhere gives a sentence, never a half picture or a crash."""
    content = mug.jpeg()
    with pytest.raises(UnusablePhoto) as caught:
        open_photo(content[: int(len(content) * keep)])
    assert caught.value.fix


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"GIF89a........", "GIF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<!DOCTYPE html><html>not found</html>", "web page"),
        (b"\x00\x00\x00\x18ftypheic....", "HEIC"),
        (b"just some words", "not a picture"),
    ],
)
def test_other_files_are_named(content: bytes, said: str) -> None:
    """A file of another kind is called by its name and the way out is told."""
    with pytest.raises(UnusablePhoto, match=said) as caught:
        open_photo(content)
    assert "JPEG" in caught.value.fix


def test_a_tiny_photo_is_refused() -> None:
    """A thumbnail of a thumbnail cannot become a product picture."""
    with pytest.raises(UnusablePhoto, match="40 x 40"):
        open_photo(as_file(np.zeros((40, 40, 3), np.uint8)))
