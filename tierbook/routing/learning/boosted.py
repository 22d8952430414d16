"""Gradient boosting over codes: small trees, each correcting the ones before (Friedman, 2001).

The candidate beside logistic regression, for logs in which features matter together. A tree asks
three questions of the form "is the code one of these"; it is kept as plain numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tierbook.routing.learning.logistic import Design

_TREES = 60
_PARTS = 2  # each tree looks at one part of the rows, by turns: quicker, and learns less by heart
_DEPTH = 3
_RATE = 0.2
_PULL = 5.0
_LEAST_IN_LEAF = 5.0  # of p(1-p), about twenty rows
_DECIMALS = 6


@dataclass(frozen=True)
class Tree:
    """A full binary tree of depth three; node `k` of a level leads to `2k` and `2k + 1` below.

    Attributes:
        asked: The feature each inner node asks of, level by level, shape (7,).
        left: Whether a code goes left at a node, shape (7, codes of the widest feature).
        leaf: What the tree adds to the log-odds, shape (8,).
    """

    asked: NDArray[np.intp]
    left: NDArray[np.bool_]
    leaf: NDArray[np.float64]

    def add(self, codes: NDArray[np.int32]) -> NDArray[np.float64]:
        """Give what the tree adds for each row; codes (n, features)."""
        rows = np.arange(len(codes))
        node = np.zeros(len(codes), np.intp)
        for depth in range(_DEPTH):
            at = node + (1 << depth) - 1
            node = 2 * node + ~self.left[at, codes[rows, self.asked[at]]]
        return self.leaf[node]


@dataclass(frozen=True)
class Boosted:
    """A sum of trees over the features and, as the last one, the place of the tier."""

    start: float
    trees: tuple[Tree, ...]
    tier_count: int

    def odds(self, codes: NDArray[np.int32]) -> NDArray[np.float64]:
        """Give the probability of a yes in each tier; codes (n, features) to (n, tiers)."""
        log_odds = np.full((len(codes), self.tier_count), self.start)
        for tier in range(self.tier_count):
            served = np.column_stack([codes, np.full(len(codes), tier, np.int32)])
            for tree in self.trees:
                log_odds[:, tier] += tree.add(served)
        return 1 / (1 + np.exp(-log_odds))


def fit_boosted(design: Design, yes: NDArray[np.float64]) -> Boosted:
    """Fit sixty trees by Newton steps on the log-loss; `yes` (n,) is 0 or 1."""
    codes = np.column_stack([design.codes, design.served.astype(np.int32)])
    widths = [*design.sizes.tolist(), design.tiers]
    share = float(np.clip(yes.mean(), 1e-3, 1 - 1e-3))
    start = round(float(np.log(share / (1 - share))), _DECIMALS)
    log_odds = np.full(len(yes), start)
    trees: list[Tree] = []
    parts = [slice(part, None, _PARTS) for part in range(_PARTS)]
    columns = [np.ascontiguousarray(codes[part].T, np.intp) for part in parts]
    for number in range(_TREES):
        part = parts[number % _PARTS]
        chance = 1 / (1 + np.exp(-log_odds[part]))
        slope, curve = chance - yes[part], chance * (1 - chance)
        tree = _grow(columns[number % _PARTS], widths, slope, curve)
        log_odds += tree.add(codes)
        trees.append(tree)
    return Boosted(start, tuple(trees), design.tiers)


def _grow(
    columns: NDArray[np.intp],
    widths: list[int],
    slope: NDArray[np.float64],
    curve: NDArray[np.float64],
) -> Tree:
    inner = (1 << _DEPTH) - 1
    asked = np.zeros(inner, np.intp)
    left = np.zeros((inner, max(widths)), np.bool_)
    node = np.zeros(len(slope), np.intp)
    rows = np.arange(len(slope))
    for depth in range(_DEPTH):
        first, nodes = (1 << depth) - 1, 1 << depth
        best = np.zeros(nodes)
        for feature, gains, masks in _splits(columns, widths, node, nodes, slope, curve):
            better = gains > best
            best[better] = gains[better]
            at = first + np.flatnonzero(better)
            asked[at] = feature
            left[at] = False
            left[at, : masks.shape[1]] = masks[better]
        at = first + node
        node = 2 * node + ~left[at, columns[asked[at], rows]]
    leaves = 1 << _DEPTH
    total = np.bincount(node, slope, leaves)
    leaf = -_RATE * total / (np.bincount(node, curve, leaves) + _PULL)
    return Tree(asked, left, leaf.round(_DECIMALS))


def _splits(
    columns: NDArray[np.intp],
    widths: list[int],
    node: NDArray[np.intp],
    nodes: int,
    slope: NDArray[np.float64],
    curve: NDArray[np.float64],
) -> Iterator[tuple[int, NDArray[np.float64], NDArray[np.bool_]]]:
    """Give, for each feature, the best gain at each node and the codes that then go left.

    Codes are put in the order of their own steps; for a convex loss the best split of a set of
    codes is then one of the cuts of that order.
    """
    for feature, width in enumerate(widths):
        key = node * width + columns[feature]
        g = np.bincount(key, slope, nodes * width).reshape(nodes, width)
        h = np.bincount(key, curve, nodes * width).reshape(nodes, width)
        order = np.argsort(g / (h + _PULL), axis=1)
        low_g = np.take_along_axis(g, order, 1).cumsum(axis=1)
        low_h = np.take_along_axis(h, order, 1).cumsum(axis=1)
        all_g, all_h = low_g[:, -1:], low_h[:, -1:]
        high_g, high_h = all_g - low_g, all_h - low_h
        gain = low_g**2 / (low_h + _PULL) + high_g**2 / (high_h + _PULL)
        gain -= all_g**2 / (all_h + _PULL)
        gain[(low_h < _LEAST_IN_LEAF) | (high_h < _LEAST_IN_LEAF)] = 0.0
        cut = gain.argmax(axis=1)
        rank = np.argsort(order, axis=1)
        yield feature, gain[np.arange(nodes), cut], rank <= cut[:, None]
