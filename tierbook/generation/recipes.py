"""Spell how a picture is finished, so that a later run can do it without the workbook."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from tierbook.generation.finishing import Finish
from tierbook.model import Placement


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to finish a picture and where to put it; `folder` is the workbook's own folder."""

    finish: Finish
    folder: str
    image_folder: str
    file_stem: str


def spell(recipe: Recipe) -> dict[str, object]:
    """Spell a recipe as plain JSON values."""
    finish, place = recipe.finish, recipe.finish.placement
    return {
        "width": finish.width,
        "height": finish.height,
        "fit": finish.fit,
        "ground": list(finish.ground),
        "provenance": finish.provenance,
        "file_types": list(place.file_types) if place else [],
        "max_mb": str(place.max_mb) if place and place.max_mb else "",
        "folder": recipe.folder,
        "image_folder": recipe.image_folder,
        "file_stem": recipe.file_stem,
    }


def read(spelled: Mapping[str, object]) -> Recipe:
    """Read a recipe back."""
    plain = cast("Mapping[str, Any]", spelled)
    red, green, blue = plain["ground"]
    place = Placement(
        name="",
        group="",
        file_types=tuple(plain["file_types"]),
        max_mb=Decimal(plain["max_mb"]) if plain["max_mb"] else None,
    )
    finish = Finish(
        width=plain["width"],
        height=plain["height"],
        fit=plain["fit"],
        ground=(red, green, blue),
        provenance=plain["provenance"],
        placement=place,
    )
    return Recipe(finish, plain["folder"], plain["image_folder"], plain["file_stem"])
