"""Masks on the disk: one look a photo, shared by processes, bounded, never trusted when damaged."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.studio.drawn import Drawn, mug_outline, photo
from tierbook.studio import cutout, mask_cache
from tierbook.studio.checking import Check
from tierbook.studio.cutout import Cutout, cut_out
from tierbook.studio.mask_cache import KnownMask, MaskCache
from tierbook.studio.photo import open_photo


def mask(side: int = 40, seed: int = 0) -> KnownMask:
    alpha = np.random.default_rng(seed).integers(0, 256, (side, side)).astype(np.uint8)
    return KnownMask((1, 2, 41, 42), alpha, (Check("One object", "warn", "2", "1", "Two."),))


def same(first: KnownMask | None, second: KnownMask) -> bool:
    return (
        first is not None
        and (first.box, first.checks) == (second.box, second.checks)
        and bool((first.alpha == second.alpha).all())
    )


class Looks:
    """Stands in for the network: knows the answer, and counts how often it is asked."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn = drawn
        self.count = 0

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        self.count += 1
        red = (rgb[:, :, 0].astype(int) - rgb[:, :, 1] > 40).astype(np.float32)
        return cutout.resized(red, 320, 320)


def equal(first: Cutout, second: Cutout) -> bool:
    pairs = ((first.rgb, second.rgb), (first.alpha, second.alpha), (first.seen, second.seen))
    return first.checks == second.checks and all(bool((a == b).all()) for a, b in pairs)


def test_a_photo_is_looked_at_once(mug: Drawn, tmp_path: Path) -> None:
    """The second picture of a photo asks the network nothing, and is the same to the pixel."""
    look = Looks(mug)
    content = mug.jpeg()
    first = cut_out(open_photo(content), look, known=MaskCache(tmp_path))
    assert look.count == 2
    again = cut_out(open_photo(content), look, known=MaskCache(tmp_path))
    assert look.count == 2
    assert equal(first, again)
    assert equal(first, cut_out(open_photo(content), look))  # and as without a cache


def test_another_photo_or_version_is_looked_at_anew(
    mug: Drawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mask belongs to one photo and to one version of the cut-out."""
    look, cache = Looks(mug), MaskCache(tmp_path)
    cut_out(open_photo(mug.jpeg()), look, known=cache)
    cut_out(open_photo(photo(mug_outline(600), seed=2).jpeg()), look, known=cache)
    assert look.count == 4
    monkeypatch.setattr(cutout, "VERSION", cutout.VERSION + 1)
    cut_out(open_photo(mug.jpeg()), look, known=cache)
    assert look.count == 6


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    """Box, coverage and checks come back exactly; an unknown key gives nothing."""
    cache = MaskCache(tmp_path / "new" / "folder")
    cache.write("a", mask())
    assert same(cache.read("a"), mask())
    assert cache.read("b") is None


@pytest.mark.parametrize("damage", ["empty", "short", "flipped", "folder"])
def test_a_damaged_file_counts_as_not_there(tmp_path: Path, damage: str) -> None:
    """Cut short, flipped or replaced, it is passed over and may be written again."""
    cache = MaskCache(tmp_path)
    cache.write("a", mask())
    (path,) = tmp_path.iterdir()
    content = bytearray(path.read_bytes())
    if damage == "folder":
        path.unlink()
        path.mkdir()
    elif damage == "flipped":
        content[-9] ^= 1
        path.write_bytes(content)
    else:
        path.write_bytes(content[: 0 if damage == "empty" else -5])
    assert cache.read("a") is None
    cache.write("a", mask(seed=1))
    assert damage == "folder" or same(cache.read("a"), mask(seed=1))


def test_the_longest_unused_go_first(tmp_path: Path) -> None:
    """The folder stays within its bytes, and a mask that was read lately stays in it."""
    cache = MaskCache(tmp_path, most_bytes=20_000)
    for number in range(8):
        cache.write(str(number), mask(seed=number))
        for age, path in enumerate(sorted(tmp_path.iterdir(), key=lambda one: one.stat().st_mtime)):
            os.utime(path, ns=(age * 10**9, age * 10**9))
    assert cache.read("0") is not None
    for number in range(8, 16):
        cache.write(str(number), mask(seed=number))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 20_000
    assert cache.read("0") is not None
    assert cache.read("1") is None
    assert cache.read("15") is not None


def test_a_folder_that_cannot_be_written_changes_nothing(mug: Drawn, tmp_path: Path) -> None:
    """Without a place for masks pictures are made as ever."""
    (tmp_path / "file").write_bytes(b"")
    look = Looks(mug)
    cut_out(open_photo(mug.jpeg()), look, known=MaskCache(tmp_path / "file" / "masks"))
    assert look.count == 2


_BUSY = """
import sys
from pathlib import Path
import numpy as np
from tierbook.studio.mask_cache import KnownMask, MaskCache

cache = MaskCache(Path(sys.argv[1]), most_bytes=30_000)
for turn in range(80):
    number = turn % 9
    alpha = np.random.default_rng(number).integers(0, 256, (40, 40)).astype(np.uint8)
    cache.write(str(number), KnownMask((0, 0, 40, 40), alpha, ()))
    found = cache.read(str(number))
    assert found is None or (found.alpha == alpha).all()
"""


def test_several_processes_may_share_the_folder(tmp_path: Path) -> None:
    """While four write, read and make room at once, nobody reads a half or fails."""
    words = [sys.executable, "-c", _BUSY, str(tmp_path)]
    running = [subprocess.Popen(words) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0] * 4


def test_the_folder_moves_with_the_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`TIERBOOK_HOME` moves the masks as it moves the ledger."""
    monkeypatch.setenv("TIERBOOK_HOME", str(tmp_path))
    assert mask_cache.folder() == tmp_path / "masks"
