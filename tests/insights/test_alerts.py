"""Alerts: windows that never overlap, amber once, red twice running."""

from datetime import UTC, datetime, timedelta

import numpy as np

from tierbook.insights.alerts import WINDOW, Reviewed, tier_alert

START = datetime(2026, 8, 1, tzinfo=UTC)


def reviews(*windows: int, tier: int = 2) -> list[Reviewed]:
    """Make windows of thirty reviews with the given numbers of approvals."""
    made: list[Reviewed] = []
    for approved in windows:
        for number in range(WINDOW):
            made.append(
                Reviewed(
                    START + timedelta(hours=len(made)), tier, number < approved, "R11", "style"
                )
            )
    return made


def test_a_steady_tier_raises_nothing() -> None:
    """Approvals that stay where they were are no news."""
    assert tier_alert(reviews(24, 24, 24), 2).level == "none"


def test_one_low_window_is_amber_and_two_are_red() -> None:
    """Amber at the first fall, red only when it happens twice running."""
    assert tier_alert(reviews(27, 27, 18), 2).level == "amber"
    found = tier_alert(reviews(27, 27, 18, 14), 2)
    assert found.level == "red"
    assert found.suspects[0] == ("R11", "style", 16)
    assert "Review the rules" in found.message


def test_an_unfinished_window_is_not_judged() -> None:
    """Ten rejects after two good windows wait for the window to fill."""
    bad = [Reviewed(START + timedelta(days=60, hours=n), 2, False) for n in range(10)]
    assert tier_alert([*reviews(27, 27), *bad], 2).level == "none"


def test_near_perfect_approval_suggests_a_cheaper_tier() -> None:
    """Above 97 percent over sixty reviews in tier 2 or 3, never in tier 1."""
    assert tier_alert(reviews(30, 30, 29), 2).level == "try cheaper"
    assert tier_alert(reviews(30, 30, 29, tier=1), 1).level == "none"


def test_false_alarms_are_rare() -> None:
    """A tier that truly stays at 80 percent turns red in few of many made-up quarters."""
    rng = np.random.default_rng(5)
    reds = ambers = 0
    for _ in range(200):
        approvals = [int(rng.binomial(WINDOW, 0.8)) for _ in range(4)]
        level = tier_alert(reviews(*approvals), 2).level
        reds += level == "red"
        ambers += level == "amber"
    assert reds <= 6
    assert ambers <= 40
