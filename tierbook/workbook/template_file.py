"""Where the committed blank workbook is; finding it loads none of what drew it."""

from pathlib import Path
from typing import Final

_FILE_NAME: Final = "Tierbook.xlsx"


def template_path() -> Path:
    """Find the committed blank workbook: in the installed package, or in the source tree.

    Raises:
        FileNotFoundError: It is in neither place; the installation is incomplete.
    """
    package = Path(__file__).parents[1]
    for folder in (package / "templates", package.parent / "templates"):
        if (folder / _FILE_NAME).is_file():
            return folder / _FILE_NAME
    raise FileNotFoundError(f"{_FILE_NAME} is not installed beside {package}")
