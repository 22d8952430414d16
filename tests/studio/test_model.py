"""The model file: where it is looked for, and that nothing else is taken for it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tierbook.errors import UsageError
from tierbook.studio import model
from tierbook.studio.cutout import Look


@pytest.fixture
def no_homes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Point every place the file is looked for below an empty folder."""
    for name in (model.MODEL_VARIABLE, "U2NET_HOME", "REMBG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_without_the_file_there_is_no_network(no_homes: Path) -> None:
    """Nothing found is None, not an error: the classical route follows."""
    assert no_homes.exists()
    assert model.find() is None
    assert model.network() is None


def test_a_file_of_the_right_name_with_other_bytes_is_passed_over(no_homes: Path) -> None:
    """A damaged or foreign file in a known place is not used."""
    model.home().parent.mkdir(parents=True)
    model.home().write_bytes(bytes(model.MODEL_BYTES))
    assert model.find() is None
    assert no_homes in model.home().parents


def test_a_wrong_file_named_by_the_seller_is_told(
    no_homes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TIERBOOK_MODEL is used or refused, never passed over in silence."""
    wrong = no_homes / "other.onnx"
    wrong.write_bytes(b"weights")
    monkeypatch.setenv(model.MODEL_VARIABLE, str(wrong))
    with pytest.raises(UsageError, match=r"other\.onnx") as caught:
        model.find()
    assert "tierbook models" in caught.value.fix


def test_rembg_homes_are_honoured(no_homes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The places rembg keeps its models in are looked at, both layouts, after Tierbook's own."""
    monkeypatch.setenv("U2NET_HOME", str(no_homes / "u2"))
    places = list(model.places())
    assert places[0] == model.home()
    assert places[1:] == [
        no_homes / "u2" / "models" / "u2netp" / "u2netp.onnx",
        no_homes / "u2" / "u2netp.onnx",
    ]


def test_nothing_is_downloaded_without_consent(no_homes: Path) -> None:
    """A no is a no: the question names size, licence and place, and nothing is written."""
    asked: list[str] = []

    def decline(question: str) -> bool:
        asked.append(question)
        return False

    with pytest.raises(UsageError):
        model.fetch(lambda _done, _total: None, decline)
    assert "4.2 MB" in asked[0]
    assert "Apache-2.0" in asked[0]
    assert not (no_homes / "data").exists()


@pytest.mark.model
def test_salience_is_of_the_object(look: Look) -> None:
    """A dark disc on grey is salient, its surroundings are not, and the range is 0 to 1."""
    rgb = np.full((300, 500, 3), 200, np.uint8)
    y, x = np.mgrid[0:300, 0:500]
    rgb[(x - 250) ** 2 + (y - 150) ** 2 < 80**2] = (40, 60, 120)
    seen = look(rgb)
    assert seen.shape == (model.SIDE, model.SIDE)
    assert seen.dtype == np.float32
    assert (float(seen.min()), float(seen.max())) == (0.0, 1.0)
    assert seen[160, 160] > 0.9
    assert seen[20, 20] < 0.1


def test_the_studio_can_be_imported_without_the_picture_stack() -> None:
    """Without OpenCV the import works and the words say what to install."""
    code = (
        "import sys, importlib.util as u; real = u.find_spec;"
        "sys.modules['cv2'] = None; sys.modules['onnxruntime'] = None;"
        "import tierbook.studio as s, tierbook.engines.local_studio as e;"
        "u.find_spec = lambda n, *a: None if n in ('cv2', 'onnxruntime') else real(n, *a);"
        "s.find_spec = u.find_spec; print(s.missing()); print(e.ENGINE.ready())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    lines = done.stdout.splitlines()
    assert lines[0] == lines[1]
    assert 'pip install "tierbook[studio]"' in lines[0]
