"""Read the `Settings` tab: one line a setting, by its label."""

from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from typing import Any

from tierbook.configuration import tabs
from tierbook.configuration.builtin import builtin_tab
from tierbook.configuration.cells import Unreadable, is_blank
from tierbook.configuration.rows import (
    Header,
    body,
    cell_at,
    find_header,
    read_field,
    unreadable,
    void,
)
from tierbook.configuration.spec import Field
from tierbook.contract import folded
from tierbook.model import CellRef, CellValue, Problem, Settings, TabRows

_LINES = {folded(one.heading): one for one in tabs.SETTING_LINES}
_LABEL, _VALUE = tabs.SETTINGS.field("Setting"), tabs.SETTINGS.field("Value")
_CAP_OF_TIER = "cap_tier_"


def read_settings(tab: TabRows, header: Header) -> tuple[Settings, list[Problem]]:
    """Read the seller's values over the built-in ones; unknown labels are kept in `others`."""
    values, others, problems = _read_lines(tab, header)
    return _settings(_builtin_values() | values, others), problems


@cache
def _builtin_values() -> dict[str, Any]:
    tab = builtin_tab(tabs.SETTINGS)
    header = find_header(tab, tabs.SETTINGS)
    return _read_lines(tab, header)[0] if header else {}


def _read_lines(
    tab: TabRows, header: Header
) -> tuple[dict[str, Any], dict[str, CellValue], list[Problem]]:
    values: dict[str, Any] = {}
    others: dict[str, CellValue] = {}
    problems: list[Problem] = []
    value_column = header.columns.get(_VALUE, header.columns[_LABEL] + 1)
    for row, cells in body(tab, header):
        label, cell = cell_at(cells, header.columns[_LABEL]), cell_at(cells, value_column)
        is_void = (row, value_column + 1) in tab.voids
        if is_blank(label) or (is_blank(cell) and not is_void):
            continue
        line = _LINES.get(folded(str(label)))
        if line is None:
            others[str(label).strip()] = cell
            problems += _misspelled(
                str(label).strip(), CellRef(tab.sheet, row, header.columns[_LABEL] + 1)
            )
            continue
        try:
            if is_void:
                raise void(tab, row, value_column)
            values[line.name] = _read_line(line, cell)
        except Unreadable as error:
            place = CellRef(tab.sheet, row, value_column + 1)
            problems.append(unreadable(place, line, error, _outcome(line)))
            if line.if_bad == "zero":
                values[line.name] = 0
    return values, others, problems


def _misspelled(label: str, place: CellRef) -> list[Problem]:
    """Say that a label of the seller's own is nearly one of ours, and was not taken for it."""
    near = get_close_matches(folded(label), _LINES, n=1, cutoff=0.8)
    if not near:
        return []
    meant = _LINES[near[0]].heading
    return [
        Problem(
            "unknown-setting",
            "warning",
            f'Tab "{place.sheet}", cell {place.a1} holds "{label}", which is no setting of '
            f'Tierbook. Nothing came of it; "{meant}" stays as it is.',
            f'write "{meant}" in {place.a1} if that is meant.',
            place,
        )
    ]


def _read_line(line: Field, cell: CellValue) -> Any:
    value = read_field(line, cell)
    if line.name == "time_zone" and value != "UTC":
        from zoneinfo import ZoneInfo  # only a few sellers need the time zone files

        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise Unreadable(
                f"it holds {value!r}, which is no time zone", "type one such as Europe/Berlin"
            ) from error
    return value


def _outcome(line: Field) -> str:
    if line.if_bad == "zero":
        return "Until it is fixed this cap counts as $0.00, so nothing is spent under it."
    return "The built-in value was used."


def _settings(values: dict[str, Any], others: dict[str, CellValue]) -> Settings:
    caps = {
        int(name.removeprefix(_CAP_OF_TIER)): values[name]
        for name in values
        if name.startswith(_CAP_OF_TIER)
    }
    plain = {name: value for name, value in values.items() if not name.startswith(_CAP_OF_TIER)}
    return replace(Settings(), **plain, cap_per_tier=caps, others=others)
