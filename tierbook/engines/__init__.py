"""What makes images: one engine a file, discovered by listing this folder.

A module here is an engine when it defines a class whose `name` is the name of its file. Nothing
else has to be told of a new one.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import ModuleType

from tierbook.engines.wire import Engine, LocalEngine, RemoteEngine

__all__ = ["Engine", "LocalEngine", "RemoteEngine", "discover", "find"]


def discover() -> Mapping[str, Engine]:
    """Return every engine by name, in alphabetical order."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found = ((name, find(name)) for name in names)
    return {name: engine for name, engine in found if engine is not None}


@cache
def find(name: str) -> Engine | None:
    """Return the engine of this name, importing no other; None where there is none."""
    if not name.isidentifier():
        return None
    try:
        module = importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name == f"{__name__}.{name}":
            return None
        raise
    return _engine_of(module, name)


def _engine_of(module: ModuleType, name: str) -> Engine | None:
    for value in vars(module).values():
        if isinstance(value, type) and value.__module__ == module.__name__:
            engine = value() if getattr(value, "name", None) == name else None
            if isinstance(engine, RemoteEngine | LocalEngine):
                return engine
    return None
