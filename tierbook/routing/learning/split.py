"""Two periods of a log that know nothing of each other: learn on the earlier, test on the later."""

from dataclasses import dataclass

import numpy as np

from tierbook.routing.learning.log import Log

LATER_SHARE = 0.3
_LEAST_GAP_DAYS = 1


@dataclass(frozen=True)
class Split:
    """The earlier and the later part, and the days of gap between them."""

    earlier: Log
    later: Log
    gap_days: int


def split_by_time(log: Log, later_share: float = LATER_SHARE) -> Split:
    """Cut the log by day of decision, with products kept apart.

    The gap is as long as nineteen of twenty outcomes took: what is learned from must have been
    known before the first decision of the later part. A product in both periods stays in one of
    them, by turns, so that no picture of it is on both sides.
    """
    days = np.sort(log.decided)
    start = int(days[int(len(days) * (1 - later_share))])
    took = np.sort(log.outcome - log.decided)
    gap = max(_LEAST_GAP_DAYS, int(took[int(len(took) * 0.95)]))
    early = (log.outcome < start) & (log.decided < start - gap)
    late = log.decided >= start
    products = int(log.product.max(initial=-1)) + 1
    in_early = np.bincount(log.product[early], minlength=products) > 0
    in_late = np.bincount(log.product[late], minlength=products) > 0
    both = np.flatnonzero(in_early & in_late)
    goes_late = np.zeros(products, np.bool_)
    goes_late[both[1::2]] = True
    goes_early = np.zeros(products, np.bool_)
    goes_early[both[::2]] = True
    return Split(
        log.take(np.flatnonzero(early & ~goes_late[log.product])),
        log.take(np.flatnonzero(late & ~goes_early[log.product])),
        gap,
    )
