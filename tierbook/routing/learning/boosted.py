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
_QUESTIONS = (1 << _DEPTH) - 1
_BLOCK = 8_192  # rows whose answers stay in the cache
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
        *tables, of_tier = _answers(self.trees, codes.shape[1] + 1)
        leaves = np.concatenate([tree.leaf[_LEAF_OF_ANSWERS] for tree in self.trees])
        first = np.arange(len(self.trees)) << _QUESTIONS
        log_odds = np.full((len(codes), self.tier_count), self.start)
        for start in range(0, len(codes), _BLOCK):
            block = slice(start, start + _BLOCK)
            answers = np.zeros((len(codes[block]), len(self.trees)), np.uint8)
            for table, column in zip(tables, codes[block].T, strict=True):
                answers |= table[column]
            for tier in range(self.tier_count):
                log_odds[block, tier] += leaves[(answers | of_tier[tier]) + first].sum(axis=1)
        return 1 / (1 + np.exp(-log_odds))


def _answers(trees: tuple[Tree, ...], features: int) -> list[NDArray[np.uint8]]:
    """Tabulate by feature what each code answers the seven questions of each tree, a byte each.

    A question is answered by the one feature it asks; the bytes of all features, joined by OR,
    hold the answers to all seven.
    """
    width = trees[0].left.shape[1]
    tables = [np.zeros((width, len(trees)), np.uint8) for _ in range(features)]
    for number, tree in enumerate(trees):
        for question, feature in enumerate(tree.asked.tolist()):
            tables[feature][:, number] |= tree.left[question].astype(np.uint8) << question
    return tables


def _leaf_of_answers() -> NDArray[np.intp]:
    """Follow every set of seven answers to its leaf, shape (128,)."""
    answers = np.arange(1 << _QUESTIONS)
    node = np.zeros(len(answers), np.intp)
    for depth in range(_DEPTH):
        left = answers >> (node + (1 << depth) - 1) & 1
        node = 2 * node + 1 - left
    return node


_LEAF_OF_ANSWERS = _leaf_of_answers()


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
    asked = np.zeros(_QUESTIONS, np.intp)
    left = np.zeros((_QUESTIONS, max(widths)), np.bool_)
    first_code = np.concatenate([[0], np.cumsum(widths)[:-1]])
    every_code = columns + first_code[:, None]
    node = np.zeros(len(slope), np.intp)
    rows = np.arange(len(slope))
    for depth in range(_DEPTH):
        nodes = 1 << depth
        key = (every_code + node * sum(widths)).ravel()
        shape = nodes, sum(widths)
        slopes, curves = (_sums(key, np.tile(part, len(columns)), shape) for part in (slope, curve))
        for at, split in enumerate(_splits(slopes, curves, widths), nodes - 1):
            if split is not None:
                asked[at], codes = split
                left[at, codes] = True
        at = nodes - 1 + node
        node = 2 * node + ~left[at, columns[asked[at], rows]]
    leaves = 1 << _DEPTH
    total = np.bincount(node, slope, leaves)
    leaf = -_RATE * total / (np.bincount(node, curve, leaves) + _PULL)
    return Tree(asked, left, leaf.round(_DECIMALS))


def _sums(
    key: NDArray[np.intp], part: NDArray[np.float64], shape: tuple[int, int]
) -> NDArray[np.float64]:
    return np.bincount(key, part, shape[0] * shape[1]).reshape(shape).astype(np.float64, copy=False)


def _splits(
    slope: NDArray[np.float64], curve: NDArray[np.float64], widths: list[int]
) -> Iterator[tuple[int, NDArray[np.intp]] | None]:
    """Give, for each node, the feature to ask and the codes that then go left; None: no gain.

    The sums of each code, feature after feature, have shape (nodes, all codes). Codes are put in
    the order of their own steps; for a convex loss the best split of a set of codes is then one
    of the cuts of that order.
    """
    feature = np.repeat(np.arange(len(widths)), widths)
    first_code = np.concatenate([[0], np.cumsum(widths)[:-1]])[feature]
    order = np.lexsort((slope / (curve + _PULL), np.broadcast_to(feature, slope.shape)), axis=1)
    (low_g, all_g), (low_h, all_h) = (
        _running(np.take_along_axis(sums, order, 1), first_code, widths) for sums in (slope, curve)
    )
    high_g, high_h = all_g - low_g, all_h - low_h
    gain = low_g**2 / (low_h + _PULL) + high_g**2 / (high_h + _PULL)
    gain -= all_g**2 / (all_h + _PULL)
    gain[(low_h < _LEAST_IN_LEAF) | (high_h < _LEAST_IN_LEAF)] = 0.0
    for node, cut in enumerate(gain.argmax(axis=1).tolist()):
        start = int(first_code[cut])
        codes = order[node, start : cut + 1] - start
        yield (int(feature[cut]), codes) if gain[node, cut] > 0 else None


def _running(
    sums: NDArray[np.float64], first_code: NDArray[np.intp], widths: list[int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Add up from the first code of each feature on; and all of a node, shape (nodes, 1)."""
    running = np.pad(sums.cumsum(axis=1), ((0, 0), (1, 0)))
    return running[:, 1:] - running[:, first_code], running[:, widths[0], None]
