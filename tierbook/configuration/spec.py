"""How one configuration tab is declared: its columns, kinds of value, help and dropdowns."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "text",  # as it stands
    "texts",  # words separated by commas or semicolons
    "cell",  # any value, kept as the sheet holds it
    "whole",  # a whole number
    "number",  # a decimal number
    "percent",  # 15 % and 0.15 are the same
    "money",  # dollars, kept as micro-USD
    "dollars",  # dollars, kept as an exact decimal
    "minutes",  # 2 min, 90 s
    "date",
    "yes_no",
    "pairs",  # name=number; name=number
]
# What happens to a cell that cannot be read: the default stands in, the row is skipped, or, for
# a spending cap, nothing may be spent until it is fixed.
IfBad: TypeAlias = Literal["default", "skip", "zero"]

KIND_WORDS: dict[Kind, str] = {
    "text": "text",
    "texts": "words, separated by commas",
    "cell": "text, number or date",
    "whole": "whole number",
    "number": "number",
    "percent": "percent",
    "money": "US dollars",
    "dollars": "US dollars",
    "minutes": "minutes",
    "date": "date",
    "yes_no": "yes or no",
    "pairs": "name=number; name=number",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a tab, or one line of the Settings tab.

    Attributes:
        heading: What the seller reads, exactly.
        name: The attribute of the model class it fills.
        kind: How the cell is read.
        help: Shown as input message on the header and in the settings reference.
        required: A row without it is skipped.
        if_bad: What stands in for a cell that cannot be read.
        choices: Name of the list (see `valid_values`) that offers the values, "" for none.
        strict: Only the listed values are understood.
        width: Column width in characters.
        also: Other headings that mean the same.
    """

    heading: str
    name: str
    kind: Kind
    help: str
    required: bool = False
    if_bad: IfBad = "default"
    choices: str = ""
    strict: bool = False
    width: int = 14
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tab:
    """One configuration tab: its `fields` in order."""

    name: str
    purpose: str
    fields: tuple[Field, ...]
    may_be_empty: bool = False

    def field(self, heading: str) -> Field:
        """Find a column by its exact heading."""
        return next(field for field in self.fields if field.heading == heading)
