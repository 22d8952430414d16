"""Check the off-policy estimators on real logged decisions: Open Bandit Data (ZOZOTOWN).

    pip download --no-deps obp==0.4.1 -d DIR
    python -m benchmarks.off_policy_check DIR/obp-0.4.1-py3-none-any.whl

The wheel holds two logs of the same shop windows: in one the products were drawn evenly, in the
other by Thompson sampling. So what one policy earns can be estimated from the log of the other
and compared with what it did earn. The CSV files are read from the wheel; nothing is installed.
Data: Saito, Aihara, Matsutani, Narita (2021), Open Bandit Dataset, Apache 2.0 in this wheel.
"""

import csv
import io
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tierbook.routing.learning.offpolicy import Estimate, Logged, dr, interval, ips, snips

CAMPAIGNS = ("all", "men", "women")
POLICIES = ("random", "bts")
# Clicks are rare; an item's own rate is drawn towards the mean by this many views.
_PRIOR_VIEWS = 200


@dataclass(frozen=True)
class Clicks:
    """One log: the item shown, where, with which probability, and whether it was clicked."""

    item: NDArray[np.intp]
    position: NDArray[np.intp]
    propensity: NDArray[np.float64]
    click: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.item)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a policy earned, and what the other policy's log says it would."""

    campaign: str
    policy: str
    truth: Estimate
    estimates: dict[str, Estimate]

    @property
    def agrees(self) -> bool:
        """Whether every estimate's interval meets that of the truth."""
        return all(
            estimate.low <= self.truth.high and self.truth.low <= estimate.high
            for estimate in self.estimates.values()
        )


def read_clicks(wheel: Path, policy: str, campaign: str) -> Clicks:
    """Read one log out of the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(f"obp/dataset/obd/{policy}/{campaign}/{campaign}.csv")
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    return Clicks(
        np.array([int(row["item_id"]) for row in rows]),
        np.array([int(row["position"]) for row in rows]) - 1,
        np.array([float(row["propensity_score"]) for row in rows]),
        np.array([float(row["click"]) for row in rows]),
    )


def shares(log: Clicks, items: int) -> NDArray[np.float64]:
    """Give how a policy deals out items at each position, shape (positions, items).

    Neither policy looks at the visitor, so the frequencies of its own log are its probabilities.
    """
    positions = int(log.position.max()) + 1
    key = log.position * items + log.item
    counts = np.bincount(key, minlength=positions * items).reshape(positions, items)
    return counts / counts.sum(axis=1, keepdims=True)


def click_rates(log: Clicks, rows: NDArray[np.intp], items: int) -> NDArray[np.float64]:
    """Model the click rate of each item from some rows of a log, drawn towards the mean."""
    views = np.bincount(log.item[rows], minlength=items)
    clicks = np.bincount(log.item[rows], log.click[rows], items)
    mean = float(log.click[rows].mean())
    return (clicks + _PRIOR_VIEWS * mean) / (views + _PRIOR_VIEWS)


def compare(wheel: Path, campaign: str) -> Iterator[Comparison]:
    """Estimate each policy from the log of the other."""
    logs = {policy: read_clicks(wheel, policy, campaign) for policy in POLICIES}
    items = 1 + max(int(log.item.max()) for log in logs.values())
    for policy, other in (POLICIES, POLICIES[::-1]):
        own, log = logs[policy], logs[other]
        truth = interval(own.click, np.arange(len(own)))
        played = shares(own, items)[log.position]
        logged = Logged(log.item, log.propensity, np.arange(len(log)))
        predicted = np.empty((len(log), items))
        # Each half is predicted by the other: a model must not have seen what it corrects.
        for part in (0, 1):
            inside = np.arange(part, len(log), 2)
            predicted[inside] = click_rates(log, np.arange(1 - part, len(log), 2), items)
        yield Comparison(
            campaign,
            policy,
            truth,
            {
                "IPS": ips(logged, played, log.click),
                "SNIPS": snips(logged, played, log.click),
                "DR": dr(logged, played, log.click, predicted),
            },
        )


def main() -> None:
    """Print every comparison; fail where an interval misses the truth's."""
    wheel = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if wheel is None or not wheel.is_file():
        sys.exit("Give the path of the wheel: see the top of this file.")
    agreed = True
    print("click rate, with 95 % interval")
    for campaign in CAMPAIGNS:
        for found in compare(wheel, campaign):
            agreed &= found.agrees
            told = {"earned": found.truth, **found.estimates}
            parts = [f"{n} {e.mean:.4f} ({e.low:.4f} to {e.high:.4f})" for n, e in told.items()]
            print(f"{campaign:<6} {found.policy:<7} {'   '.join(parts)}")
    print("all intervals meet" if agreed else "SOME INTERVALS DO NOT MEET")
    sys.exit(0 if agreed else 1)


if __name__ == "__main__":
    main()
