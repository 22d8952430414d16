from pathlib import Path

from tierbook.configuration.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "settings-reference.md"


def test_the_settings_reference_is_current():
    """The page says what the specs say; `python -m tierbook.configuration.reference` renews it."""
    assert PAGE.read_text(encoding="utf-8") == reference()


def test_a_bar_in_a_cell_does_not_break_the_table():
    """Every line of a table has as many cells as its heading."""
    width = 0
    for line in reference().splitlines():
        cells = line.replace("\\|", "").count("|")
        if not line.startswith("|"):
            width = 0
        else:
            width = width or cells
            assert cells == width, line
