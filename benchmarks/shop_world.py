"""A made-up shop whose truth is known: what every picture would do in every tier.

Each picture needs a certain skill, from its placement, scene, people, props and the product
itself; each tier has one. Approval falls off where the need passes the skill, and hardly grows
above it. So a cheap tier is often enough, and sometimes no use at all. The shape is not that of
the models that are to learn it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tierbook.model import Column, Configuration, Decisions, RequestTable, text_column
from tierbook.routing import decide
from tierbook.routing.learning.policy import Setting, explore

COST = np.array([20_000, 180_000, 1_400_000], np.int64)
SKILL = np.array([0.9, 2.0, 3.2])
START = date(2026, 1, 1)
# Placement, how much skill it asks for, and how often it is wanted.
_PLACES = {
    "Gallery": (0.0, 0.30),
    "Swatch": (-0.4, 0.10),
    "Category page": (0.5, 0.18),
    "Homepage hero": (1.3, 0.04),
    "Campaign banner": (1.2, 0.03),
    "Email header": (0.5, 0.10),
    "Social post": (0.4, 0.12),
    "Paid ad": (0.7, 0.10),
    "Lookbook": (0.9, 0.03),
}
_NAMES = list(_PLACES)
_ASKS = np.array([asks for asks, _ in _PLACES.values()])
_OFTEN = np.array([often for _, often in _PLACES.values()])
_STRICT = (0.5, 0.4, 0.1)
_CATEGORIES = 14
_BRANDS = 30


@dataclass(frozen=True)
class Period:
    """Requests of some days with the rubric's decisions and the truth, all of length n.

    `chance` holds the true probability of approval in each tier, shape (n, 3).
    """

    requests: RequestTable
    decisions: Decisions
    chance: NDArray[np.float64]
    day: NDArray[np.int64]

    def worth(self, tier: NDArray[np.int8], value: NDArray[np.float64]) -> tuple[float, ...]:
        """Give the true approval, cost in dollars and value in dollars of a picture."""
        rows = np.arange(len(tier))
        approval = self.chance[rows, tier - 1]
        cost = COST[tier - 1]
        gain = approval * value - cost
        return float(approval.mean()), float(cost.mean()) / 1e6, float(gain.mean()) / 1e6


class World:
    """A shop; `seed` fixes its products' nature, `drift` moves the needs of later periods."""

    def __init__(self, configuration: Configuration, seed: int, drift: float = 0.0) -> None:
        self._configuration = configuration
        draw = np.random.default_rng([seed, 1])
        self._category = draw.normal(0, 0.7, _CATEGORIES)
        self._brand = draw.normal(0, 0.25, _BRANDS)
        self._together = draw.normal(0, 0.35, (_CATEGORIES, len(_PLACES)))
        self._drifted = self._category + drift * draw.normal(0, 1.0, _CATEGORIES)
        self._seed = seed

    def period(self, rows: int, first_day: int, days: int, later: bool = False) -> Period:
        """Make the requests of a period, new products only, and let the rubric decide them."""
        # The stream of the products is not the one of the world: shared seeds leak truth.
        draw = np.random.default_rng([self._seed, 2, first_day])
        products = max(1, rows // 3)
        # Products arrive one after the other; the pictures of one are made within days.
        product = np.sort(draw.integers(0, products, rows))
        day = first_day + product * days // products + draw.integers(0, 3, rows)
        category, brand = (
            draw.integers(0, _CATEGORIES, products),
            draw.integers(0, _BRANDS, products),
        )
        quirk, price = draw.normal(0, 0.4, products), draw.lognormal(3.4, 0.8, products).round(2)
        place = draw.choice(len(_PLACES), rows, p=_OFTEN)
        scene, person = draw.random(rows) < 0.45, draw.random(rows) < 0.15
        props = draw.random(rows) < 0.2
        needs = self._drifted if later else self._category
        need = (
            _ASKS[place]
            + needs[category[product]]
            + self._brand[brand[product]]
            + self._together[category[product], place]
            + quirk[product]
            + 0.7 * scene
            + 0.9 * person
            + 0.4 * props
        )
        short = np.maximum(0, need[:, None] - SKILL)
        chance = 1 / (1 + np.exp(-(2.0 + 0.1 * SKILL - 2.2 * short)))
        columns = {
            "SKU": [f"D{first_day}-{number}" for number in product],
            "Placement": [_NAMES[number] for number in place],
            "Category": [f"category {category[number]}" for number in product],
            "Brand": [f"brand {brand[number]}" for number in product],
            "Background": np.where(scene, "scene", "solid").tolist(),
            "Human model": person.tolist(),
            "Props": props.tolist(),
            "Campaign": np.where(draw.random(rows) < 0.3, "Spring", None).tolist(),
            "Price": price[product].tolist(),
            "Brand strictness": draw.choice(["low", "medium", "high"], rows, p=_STRICT).tolist(),
            "Sales 90 days": draw.lognormal(6, 1.5, products).round(2)[product].tolist(),
            "Source image": ["photo.jpg"] * rows,
        }  # fmt: skip
        requests = RequestTable(
            "Requests",
            np.arange(2, rows + 2),
            {heading: text_column(values) for heading, values in columns.items()},
            {},
            np.zeros(rows, np.bool_),
        )
        decisions, _ = decide(requests, self._configuration)
        return Period(requests, decisions, chance, day)

    def log(self, period: Period, share: float, seed: int) -> Mapping[str, Column]:
        """Keep a log of the period: the rubric's tiers, some neighbours tried, and what came."""
        draw = np.random.default_rng([self._seed, 3, seed])
        rows = np.flatnonzero(period.decisions.tier > 0)
        rubric = period.decisions.tier[rows].astype(np.intp) - 1
        n = len(rows)
        setting = Setting(
            value=np.ones(n),
            cost=np.tile(COST, (n, 1)),
            rubric=rubric,
            allowed=np.ones((n, 3), np.bool_),
            unsure=np.zeros(n, np.bool_),
            untried=np.zeros((3, 3), np.bool_),
        )
        strict = period.requests.column("Brand strictness")[rows] == "high"
        drawn = explore(rubric, setting, ~strict.astype(np.bool_), share, draw.random(n))
        approved = draw.random(n) < period.chance[rows, drawn.tier]
        decided = [START + timedelta(days=int(day)) for day in period.day[rows]]
        took = draw.integers(1, 8, n)
        own: dict[str, list[object]] = {
            "Tier": (drawn.tier + 1).tolist(),
            "Rubric tier": (rubric + 1).tolist(),
            "Decided on": list(decided),
            "Outcome on": [
                day + timedelta(days=int(d)) for day, d in zip(decided, took, strict=True)
            ],
            "Approved": approved.tolist(),
            "Propensity": drawn.propensity.tolist(),
            "Cost": (COST[drawn.tier] / 1e6).tolist(),
        }
        asked = {h: c[rows] for h, c in period.requests.columns.items()}
        return {**asked, **{heading: text_column(values) for heading, values in own.items()}}
