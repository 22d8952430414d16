"""Read the settings tabs, the built-in ones and the seller's, into one `Configuration`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tierbook.configuration.assembly import defaults, load

__all__ = ["defaults", "load"]


def __getattr__(name: str) -> Any:
    """Load the readers on first use, so that `tierbook --help` does not."""
    if name in __all__:
        from tierbook.configuration import assembly

        return getattr(assembly, name)
    raise AttributeError(f"module 'tierbook.configuration' has no attribute {name!r}")
