"""The monthly review: what worked, what it cost, what moved and why, what to change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tierbook import contract, costing
from tierbook.contract import folded
from tierbook.insights.alerts import Alert, tier_alert
from tierbook.insights.conversions import (
    Conversion,
    Performed,
    between,
    conversion_by_placement,
    conversion_by_tier,
    conversion_of_holdout,
)
from tierbook.insights.escalation import Escalation, base_tiers, escalations
from tierbook.insights.history import History, Picture
from tierbook.insights.holdout import held_out
from tierbook.insights.months import Month, local_day
from tierbook.insights.spending import (
    Against,
    Causes,
    Movement,
    TierMonth,
    against_baseline,
    causes,
    month_by_tier,
    movements,
)
from tierbook.insights.suggestions import Suggestion, suggestions
from tierbook.insights.verdicts import (
    RECENT,
    Approval,
    approval_by,
    as_reviewed,
    verdicts,
)
from tierbook.model import Answers, MicroUsd, Problem
from tierbook.routing.deciding import RAISED_ROUTER
from tierbook.workbook.words import sku_key

# How many months the trend shows, this one included.
TREND_MONTHS = 6


@dataclass(frozen=True)
class Review:
    """Everything the monthly review says; amounts in micro-USD.

    Attributes:
        month: The month reviewed; `until` is the last day counted, earlier while it runs.
        this, last: Each tier in this month and the one before.
        trend: (month, tiers) oldest first, this month last.
        causes: What explains the change from last month, None without work in both.
        by_placement, by_rule: What moved, the largest change first.
        baseline: Against one model for everything, by tier; empty where its price is not known.
        counted: What counts against the monthly cap, all workbooks; None where nothing was paid.
        cap, tier_caps: The monthly caps, None or absent where there are none.
        approval, by_rule_approval, by_template_approval: Rates by tier (this month), by rule and
            by template (the last 90 days).
        conversion, by_tier_conversion, holdout: Rates of the last 90 days of performance.
        alerts: One for each tier that raises any.
        escalations: Rows a reject raised a tier; those it could raise where Settings says no.
        raises: Whether Settings lets a reject raise its row.
        suggestions: What a reason that repeats would change.
        waiting: Pictures made that nobody has judged though their tier wants a person.
    """

    brand: str
    month: Month
    until: date
    this: tuple[TierMonth, ...]
    last: tuple[TierMonth, ...]
    trend: tuple[tuple[Month, tuple[TierMonth, ...]], ...]
    causes: Causes | None
    by_placement: tuple[Movement, ...]
    by_rule: tuple[Movement, ...]
    baseline: tuple[Against, ...]
    baseline_name: str
    counted: MicroUsd | None
    cap: MicroUsd | None
    tier_caps: Mapping[int, MicroUsd]
    approval: tuple[Approval, ...]
    approval_by_rule: tuple[Approval, ...]
    approval_by_template: tuple[Approval, ...]
    conversion: tuple[Conversion, ...]
    conversion_by_tier: tuple[Conversion, ...]
    holdout: tuple[Conversion, ...]
    alerts: tuple[Alert, ...]
    escalations: tuple[Escalation, ...]
    raises: bool
    suggestions: tuple[Suggestion, ...]
    waiting: int
    problems: tuple[Problem, ...] = ()

    @property
    def complete(self) -> bool:
        """Tell whether the month is over."""
        return self.until == self.month.last


def monthly_review(
    history: History,
    answers: Answers,
    month: Month,
    now: datetime,
    performed: Sequence[Performed] = (),
    problems: Sequence[Problem] = (),
) -> Review:
    """Review one month of a workbook's pictures.

    Args:
        history: What became of its pictures.
        answers: What the workbook says today.
        month: The month to review. What was said after its end does not count.
        now: The present moment, with its zone.
        performed: What the pictures did; see `read_performance`.
        problems: What is wrong with those numbers.
    """
    configuration = answers.configuration
    settings = configuration.settings
    until = min(month.last, max(month.first, local_day(now, settings.time_zone)))
    history = _as_of(history, month, until, settings.time_zone)
    this, last = history.of_month(month), history.of_month(month.before())
    by_tier, by_tier_before = (
        month_by_tier(history, one, configuration) for one in (month, month.before())
    )
    said = verdicts(history.pictures, configuration.tiers)
    recent = [one for one in said if _day(one, settings.time_zone) > until - RECENT]
    this_month = verdicts(this, configuration.tiers)
    numbers = [tier.number for tier in configuration.tiers]
    shown = between(performed, until - RECENT + timedelta(days=1), until)
    share = settings.holdout_share
    return Review(
        brand=settings.brand_name,
        month=month,
        until=until,
        this=by_tier,
        last=by_tier_before,
        trend=tuple(
            (one, month_by_tier(history, one, configuration))
            for one in (month.before(back) for back in range(TREND_MONTHS - 1, -1, -1))
        ),
        causes=causes(by_tier_before, by_tier),
        by_placement=movements(last, this, lambda one: one.placement),
        by_rule=movements(last, this, lambda one: one.rule),
        baseline=against_baseline(this, configuration.tiers),
        baseline_name=settings.baseline_engine
        if settings.baseline_price is None
        else "the price in Settings",
        counted=history.counted.get(month.key),
        cap=settings.cap_per_month,
        tier_caps={
            t.number: t.monthly_cap for t in configuration.tiers if t.monthly_cap is not None
        },
        approval=approval_by(this_month, lambda one: str(one.tier), numbers),
        approval_by_rule=approval_by(recent, lambda one: one.rule),
        approval_by_template=approval_by(recent, lambda one: one.template),
        conversion=conversion_by_placement(shown),
        conversion_by_tier=conversion_by_tier(shown, _tiers(answers)),
        holdout=conversion_of_holdout(shown, lambda sku: held_out(sku, share)) if share else (),
        alerts=tuple(
            alert
            for number in numbers
            if (alert := tier_alert(as_reviewed(said), number)).level != "none"
        ),
        escalations=_escalations(history, answers),
        raises=settings.raise_after_reject,
        suggestions=suggestions(recent, configuration, until),
        waiting=_waiting(this, answers),
        problems=tuple(problems),
    )


def _escalations(history: History, answers: Answers) -> tuple[Escalation, ...]:
    """Say which rejected rows go up a tier; where Settings says no, which could."""
    configuration, decisions = answers.configuration, answers.decisions
    found = escalations(
        history.pictures,
        answers.requests,
        configuration,
        costing.per_tier(answers.requests, decisions, configuration, answers.prompt, answers.today),
        base_tiers(decisions, configuration.tiers),
    )
    if not configuration.settings.raise_after_reject:
        return found
    return tuple(one for one in found if decisions.router[one.index] == RAISED_ROUTER)


def _as_of(history: History, month: Month, until: date, zone: str) -> History:
    """Forget what happened after the last day counted."""
    pictures = tuple(
        one if one.reviewed_at is None or _day(one, zone) <= until else one.unseen()
        for one in history.pictures
        if one.month <= month.key
    )
    return History(pictures, history.spend, history.counted)


def _day(picture: Picture, zone: str) -> date:
    return local_day(picture.reviewed_at, zone) if picture.reviewed_at else picture.day


def _tiers(answers: Answers) -> dict[tuple[str, str], int]:
    requests, tiers = answers.requests, answers.decisions.tier.tolist()
    skus, placements = requests.column(contract.SKU), requests.column(contract.PLACEMENT)
    return {
        (sku_key(str(sku)), folded(str(place))): tier
        for sku, place, tier in zip(skus, placements, tiers, strict=True)
    }


def _waiting(pictures: Sequence[Picture], answers: Answers) -> int:
    """Count rows with a picture nobody has judged, of those that want a person's look."""
    wants = answers.decisions.review == "human"
    there = [one for one in pictures if not one.removed]
    judged = {one.request_id for one in there if one.reviewed}
    made = {one.request_id for one in there if one.made and wants[one.index]}
    return len(made - judged)
