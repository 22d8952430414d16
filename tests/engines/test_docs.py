"""The page about engines says what the engines say of themselves."""

import importlib.util
from pathlib import Path


def test_the_table_of_engines_is_current():
    """A new engine or capability shows in the docs (run docs/generate_engines.py)."""
    path = Path(__file__).parents[2] / "docs" / "generate_engines.py"
    spec = importlib.util.spec_from_file_location("generate_engines", path)
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    assert generator.PAGE.read_text(encoding="utf-8") == generator.page()
    assert "`openai_images`" in generator.page()
