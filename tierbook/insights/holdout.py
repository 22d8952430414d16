"""A few SKUs, drawn by hash, go one tier up: the only honest way to learn what a tier is worth."""

import hashlib
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tierbook import contract
from tierbook.model import Configuration, Decisions, RequestTable
from tierbook.routing.retiering import open_rows, retier
from tierbook.workbook.words import sku_key

ROUTER: Final = "holdout"
_SPACE: Final = 1 << 64


def held_out(sku: str, share: Decimal) -> bool:
    """Tell whether a SKU is held out: the same answer on every machine, in every month."""
    digest = hashlib.sha256(f"holdout\x1f{sku_key(sku)}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * _SPACE


def held_out_rows(requests: RequestTable, share: Decimal) -> NDArray[np.bool_]:
    """Tell which rows show a SKU that is held out, shape (n,)."""
    skus = [str(sku) for sku in requests.column(contract.SKU)]
    known = {sku: held_out(sku, share) for sku in set(skus)}
    return np.fromiter((known[sku] for sku in skus), np.bool_, len(skus))


def with_holdout(
    decisions: Decisions, requests: RequestTable, configuration: Configuration
) -> Decisions:
    """Route the SKUs held out one tier up; nothing changes unless the seller asked for it.

    Rows a person decided, rows on hold, and placements whose channel says how a picture is made
    stay where they are. The hash stands for chance: the share is written down as the probability.
    """
    share = configuration.settings.holdout_share
    if not share:
        return decisions
    free = open_rows(requests, configuration, decisions)
    tiers = decisions.tier.copy()
    numbers = sorted(tier.number for tier in configuration.tiers)
    for lower, upper in pairwise(numbers):
        tiers[decisions.tier == lower] = upper
    free &= tiers != decisions.tier
    rows = free & held_out_rows(requests, share)
    why = decisions.why.copy()
    why[rows] = [
        f"Held out to learn: one tier above what the rubric says. {reason}" for reason in why[rows]
    ]
    before = 1.0 if decisions.propensity is None else decisions.propensity
    drawn = np.where(rows, float(share), np.where(free, 1 - float(share), 1.0))
    held = retier(decisions, requests, configuration, rows, tiers, why, ROUTER)
    return replace(held, propensity=before * drawn)
