import subprocess
import sys
from datetime import date
from itertools import product

import numpy as np

from tierbook import configuration, contract, placements
from tierbook.configuration.spec import Field
from tierbook.configuration.tabs import (
    OUTPUTS,
    PERFORMANCE,
    PRODUCTS,
    REQUESTS,
    SETTING_LINES,
    TABS,
)
from tierbook.configuration.valid_values import VALID_VALUES
from tierbook.model import RequestTable, text_column
from tierbook.routing import decide

DEFAULTS = configuration.defaults()
NAMED = (
    "Marketplace main", "Amazon main", "Etsy listing", "Gallery", "Swatch", "Category page",
    "Homepage hero", "Campaign banner", "Lookbook", "Email header", "Social post", "Paid ad",
)  # fmt: skip


def _table(**columns: tuple[object, ...]) -> RequestTable:
    named = {name.replace("_", " "): text_column(values) for name, values in columns.items()}
    count = len(next(iter(named.values())))
    letters = {name: column for column, name in enumerate(named, 1)}
    return RequestTable("Requests", np.arange(count) + 2, named, letters, np.zeros(count, bool))


def test_the_placements_of_the_contract_are_built_in():
    """Each name the design promises is there, with a group the rubric knows and a source."""
    names = {place.name for place in DEFAULTS.placements}
    assert set(NAMED) <= names
    groups = set(VALID_VALUES["Placement_groups"])
    for place in DEFAULTS.placements:
        assert place.group in groups, place.name
        assert place.background in ("", *contract.BACKGROUNDS), place.name
        assert place.channel in VALID_VALUES["Channels"], place.name
        assert placements.parse_ratio(place.aspect_ratio), place.name
        assert place.target_px and (place.min_px or 0) <= place.target_px, place.name
        assert place.source and place.checked_on, place.name
    assert groups == {place.group for place in DEFAULTS.placements}


def test_no_two_placements_answer_to_one_name():
    """An alias of one placement that names another would be a guess."""
    for place in DEFAULTS.placements:
        for alias in place.aliases:
            assert placements.find(DEFAULTS.placements, alias) is place, alias


def test_the_built_in_rubric_is_complete_and_every_rule_can_fire():
    """Over all valid values, every rule but the catch-all decides something, and it nothing."""
    names = tuple(dict.fromkeys(place.name for place in DEFAULTS.placements))
    combinations = list(
        product(
            names, contract.BACKGROUNDS, (True, False), (True, False), (1, 5), (2400, 2401),
            (None, "Winter"), (99.0, 100.0, 5000.0), (True, False),
        )
    )  # fmt: skip
    place, background, model, props, angles, edge, campaign, sales, photo = zip(
        *combinations, strict=True
    )
    table = _table(
        SKU=("a",) * len(combinations), Placement=place, Background=background, Human_model=model,
        Props=props, Angles=angles, Long_edge_px=edge, Campaign=campaign, Sales_90_days=sales,
        Photo=photo,
    )  # fmt: skip
    decided, _ = decide(table, DEFAULTS)
    rules = [rule.name for rule in DEFAULTS.rubric.rules]
    assert set(decided.rule) == set(rules) - {"R99"}
    assert rules[-1] == "R99"


def test_a_plain_list_of_placements_is_decided_by_the_right_rules():
    """SKU and placement alone, backgrounds filled from the placement, photos not spoken of."""
    expected = {
        "Amazon main": (1, "R05"), "Etsy listing": (1, "R02"), "Gallery": (1, "R16"),
        "Swatch": (1, "R16"), "Category page": (2, "R12"), "Email header": (2, "R12"),
        "Social post": (2, "R12"), "Paid ad": (2, "R12"), "Homepage hero": (3, "R06"),
        "Campaign banner": (3, "R06"), "Lookbook": (3, "R07"),
    }  # fmt: skip
    found = [placements.find(DEFAULTS.placements, name) for name in expected]
    table = _table(
        SKU=tuple(expected),
        Placement=tuple(expected),
        Background=tuple((place.background or None) if place else None for place in found),
        Photo=(None,) * len(expected),
    )
    decided, _ = decide(table, DEFAULTS)
    got = zip(decided.tier.tolist(), decided.rule, strict=True)
    assert dict(zip(expected, got, strict=True)) == expected


def test_every_template_is_there_for_its_tier_and_longer_for_dearer_work():
    """Tier 1 prompts are short and tier 3 prompts long; each tier has its own."""
    lengths = {
        tier: [len(p.text) for p in DEFAULTS.prompts if p.tier == tier] for tier in (1, 2, 3)
    }
    assert max(lengths[1]) < min(lengths[2]) <= max(lengths[2]) < min(lengths[3])
    assert all(prompt.avoid for prompt in DEFAULTS.prompts)


def test_no_tier_is_pinned_to_a_dying_engine():
    """Every engine of the tiers, and the baseline, has a price and no end in sight."""
    tiers = DEFAULTS.tiers
    choices = [engine for t in tiers for engine in (t.engine, *t.fallback_engines)]
    for choice in (*choices, DEFAULTS.settings.baseline_engine):
        rules = [r for r in DEFAULTS.price_book if r.model == choice.split()[0]]
        assert rules, choice
        assert all(rule.shutdown_date is None for rule in rules), choice


def test_every_price_has_its_parts_its_source_and_its_date():
    """No price without a source; a model that ends names its replacement, which has a price."""
    models = {rule.model for rule in DEFAULTS.price_book}
    parts = {"tokens": {"output_tokens", "image_out"}, "megapixel": {"first_mp", "extra_mp"}}
    for rule in DEFAULTS.price_book:
        assert rule.source, rule
        assert rule.kind in VALID_VALUES["Price_kinds"], rule
        assert rule.kind == "free" or rule.checked_on, rule
        assert parts.get(rule.kind, set()) <= rule.details.keys(), rule
        if rule.shutdown_date:
            assert rule.replacement.split()[0] in models, rule
        elif rule.kind in ("flat", "tier"):
            assert rule.price, rule
    ending = {r.model: r.shutdown_date for r in DEFAULTS.price_book if r.shutdown_date}
    assert ending["gpt-image-1.5"] == date(2026, 12, 1)


def test_two_prices_never_compete_for_one_key():
    """The same model, operation, quality and size has one price."""
    keys = [(r.engine, r.model, r.operation, r.quality, r.size) for r in DEFAULTS.price_book]
    assert len(keys) == len(set(keys))


def _fields() -> list[Field]:
    specs = (*TABS, REQUESTS, PRODUCTS, PERFORMANCE)
    return [field for spec in specs for field in spec.fields] + list(SETTING_LINES)


def test_every_column_explains_itself_within_an_input_message():
    """Help is there, fits Excel's 255 characters, and lists exist that are named."""
    lists = {*VALID_VALUES, "Placement_names", "Prompt_templates", ""}
    for field in _fields():
        assert 0 < len(field.help) <= 255, field.heading
        assert field.choices in lists, field.heading
        assert not field.strict or field.choices in VALID_VALUES, field.heading
    assert set(OUTPUTS) == set(contract.REQUEST_OUTPUTS)
    assert tuple(field.heading for field in REQUESTS.fields) == contract.REQUEST_INPUTS
    assert tuple(spec.name for spec in TABS) == contract.CONFIGURATION_TABS


def test_reading_the_settings_imports_no_table_library():
    """The defaults are read on every run, so they may not pull in pandas, openpyxl or pydantic."""
    code = (
        "import sys; from tierbook import configuration; configuration.defaults();"
        "print(sorted({'pandas', 'openpyxl', 'pyarrow', 'lxml', 'pydantic'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
