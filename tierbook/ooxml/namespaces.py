"""XML namespaces and relationship types, transitional and Strict."""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE_RELATIONSHIPS = "http://purl.oclc.org/ooxml/officeDocument/relationships"

# ISO/IEC 29500-1, annex on namespaces: what a Strict document calls the same vocabularies.
TO_STRICT = {
    MAIN: STRICT_MAIN,
    OFFICE_RELATIONSHIPS: STRICT_OFFICE_RELATIONSHIPS,
    "http://schemas.openxmlformats.org/drawingml/2006/main": (
        "http://purl.oclc.org/ooxml/drawingml/main"
    ),
    "http://schemas.openxmlformats.org/drawingml/2006/chart": (
        "http://purl.oclc.org/ooxml/drawingml/chart"
    ),
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing": (
        "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing"
    ),
}


def relationship_kind(type_uri: str) -> str:
    """Name what a relationship is for, in either dialect: `worksheet`, `styles`, `hyperlink`."""
    return type_uri.rsplit("/", 1)[-1]
