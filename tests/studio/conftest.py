"""Fixtures of the studio's tests: drawn products, and the network where its file is found."""

import warnings

import pytest

from tests.studio.drawn import Drawn, cut_png, mug_outline, photo
from tierbook.studio import model
from tierbook.studio.cutout import Cutout, Look, cut_out
from tierbook.studio.photo import open_photo
from tierbook.studio.steady import one_thread


@pytest.fixture(scope="session", autouse=True)
def _steady() -> None:
    one_thread()


@pytest.fixture(scope="session")
def mug() -> Drawn:
    return photo(mug_outline(600))


@pytest.fixture(scope="session")
def cut_mug(mug: Drawn) -> Cutout:
    """Return the mug cut out by its own transparency."""
    return cut_out(open_photo(cut_png(mug)), None)


@pytest.fixture(scope="session")
def look() -> Look:
    network = model.network()
    if network is None:
        message = "u2netp.onnx was not found: run `tierbook models` or set TIERBOOK_MODEL"
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    return network.look
