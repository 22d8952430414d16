"""Digital signatures, which any edit would break."""

from tierbook.ooxml.relationships import Relationships

_ORIGIN = "digital-signature/origin"


def is_signed(root_rels: Relationships) -> bool:
    """Tell whether the package carries a signature over its parts (a macro's own is another)."""
    return any(one.type.endswith(_ORIGIN) for one in root_rels)
