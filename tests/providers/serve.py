"""Run one local provider in this process: `python -m tests.providers.serve ENGINE LOG`."""

import asyncio
import importlib
import sys
from pathlib import Path

from tests.providers.provider import Provider


def provider_class(engine: str) -> type[Provider]:
    """Find the server of an engine by the name of its file."""
    module = importlib.import_module(f"tests.providers.{engine}_server")
    return next(
        value
        for value in vars(module).values()
        if isinstance(value, type) and getattr(value, "engine", "") == engine
    )


if __name__ == "__main__":
    asyncio.run(provider_class(sys.argv[1])(Path(sys.argv[2])).run())
