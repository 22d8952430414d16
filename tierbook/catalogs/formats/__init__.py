"""The kinds of exports, one a module; a new one is a new module and no other edit.

Each module declares `FORMATS`, a tuple of `tierbook.catalogs.format.Format`.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from tierbook.catalogs.format import Format


@cache
def formats() -> tuple[Format, ...]:
    """List every declared format, by module name."""
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(one for name in names for one in import_module(f"{__name__}.{name}").FORMATS)
