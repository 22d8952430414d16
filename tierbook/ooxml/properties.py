"""`docProps/app.xml`: the list of tab titles, corrected when tabs come or go."""

from tierbook.ooxml import markup
from tierbook.ooxml.draft import Draft
from tierbook.ooxml.markup import Tree


def correct_titles(draft: Draft, old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """Bring the worksheet titles up to date where the part lists exactly the old ones.

    A part of another shape is left as it is: Excel does not read these titles.
    """
    found = draft.rels("").first("extended-properties") or draft.rels("").first(
        "extendedProperties"
    )
    if found is None or found.target not in draft or old == new:
        return
    root = markup.parse(draft.read(found.target), found.target)
    titles = markup.child(root, "TitlesOfParts")
    pairs = markup.child(root, "HeadingPairs")
    if titles is None or pairs is None or not len(titles) or not len(pairs):
        return
    vector, headings = titles[0], pairs[0]
    listed = [one.text or "" for one in vector]
    counts = list(headings.iter("{*}i4"))
    if not counts or (counts[0].text or "") != str(len(old)) or tuple(listed[: len(old)]) != old:
        return
    _replace(vector, len(old), new)
    counts[0].text = str(len(new))
    draft.write(found.target, markup.serialize(root))


def _replace(vector: Tree, old_count: int, new: tuple[str, ...]) -> None:
    pattern = vector[0]
    for one in list(vector)[:old_count]:
        vector.remove(one)
    for position, title in enumerate(new):
        element = vector.makeelement(pattern.tag, {})
        element.text = title
        vector.insert(position, element)
    vector.set("size", str(len(vector)))
