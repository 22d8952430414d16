"""The local engine's picture work: cut-out, composition, scenes, mockups, checks.

Importing this needs no picture library; the modules that draw need the extra `studio`.
"""

from importlib.util import find_spec

from tierbook.studio.angles import common_scale
from tierbook.studio.checking import Check
from tierbook.studio.ordering import COMMON_SCALE, choose

__all__ = ["COMMON_SCALE", "Check", "choose", "common_scale", "missing"]


def missing() -> str:
    """Return "" when pictures can be made here, else what is missing and how to add it."""
    absent = [
        package
        for module, package in (("cv2", "opencv-python-headless"), ("onnxruntime", "onnxruntime"))
        if find_spec(module) is None
    ]
    if not absent:
        return ""
    return (
        f"Making pictures on this machine needs {' and '.join(absent)}. "
        'Run: pip install "tierbook[studio]"'
    )
