"""Raise the rows whose pictures were rejected one tier: never past a cap, a budget or a policy."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tierbook import costing
from tierbook.contract import RESULTS, REVIEW, REVIEW_DECISIONS, TIER_OVERRIDE
from tierbook.errors import LedgerError
from tierbook.holding import holds_of
from tierbook.model import Answers, Decisions, MicroUsd, Problem
from tierbook.recall import ledger_exists, words_now
from tierbook.workbook.planning import own_tabs
from tierbook.workbook.reading import Book

if TYPE_CHECKING:
    from tierbook.generation import Ledger
    from tierbook.generation.ledger import Attempt, Review
    from tierbook.insights.escalation import Escalation
    from tierbook.insights.history import Picture

_REJECT = REVIEW_DECISIONS[1]


@dataclass(frozen=True)
class Raised:
    """What rejects change: the decisions, and a word on each row that stays after all."""

    decisions: Decisions
    problems: tuple[Problem, ...] = ()


def raise_after_rejects(answers: Answers, book: Book) -> Raised | None:
    """Route the rows whose picture was rejected one tier up, once; None where no row moves.

    Args:
        answers: What the routers say of the rows, priced.
        book: The workbook as read; the ledger knows its pictures by its path.
    """
    if not answers.configuration.settings.raise_after_reject or not ledger_exists():
        return None
    from tierbook.generation import open_ledger

    try:
        zone = answers.configuration.settings.time_zone
        with closing(open_ledger(time_zone=zone)) as ledger:
            pictures = _rejected_pictures(answers, book, ledger)
            return _raised(answers, book, pictures, ledger) if pictures else None
    except LedgerError:
        return None  # `recall` says so; deciding goes on without it


def _rejected_pictures(answers: Answers, book: Book, ledger: "Ledger") -> "tuple[Picture, ...]":
    """Say what became of the rows' pictures; nothing where no picture was rejected."""
    from tierbook.generation.ledger.records import Review
    from tierbook.generation.linking import of_workbook
    from tierbook.insights.history import pictures_of

    found = ledger.of_requests(str(one) for one in answers.request_id)
    attempts = {name: of_workbook(of_row, book.path.absolute()) for name, of_row in found.items()}
    kept = dict(ledger.reviews(one.attempt for of_row in attempts.values() for one in of_row))
    if not _any_reject(answers, book, kept, attempts):
        return ()
    changed = {one.attempt: one.changed for of_row in attempts.values() for one in of_row}
    for name, said in words_now(answers, book, ledger).items():
        if name in changed:
            kept[name] = Review(name, said.decision, said.reason, "", changed[name])
    return pictures_of(answers, attempts, kept)


def _any_reject(
    answers: Answers,
    book: Book,
    kept: "Mapping[str, Review]",
    attempts: "Mapping[str, Sequence[Attempt]]",
) -> bool:
    """Tell whether the ledger or the workbook holds a reject: most runs need no closer look."""
    typed = answers.requests.outputs.get(REVIEW)
    return bool(attempts) and (
        any(one.decision == _REJECT for one in kept.values())
        or (typed is not None and any(_REJECT in str(word or "").casefold() for word in typed))
        or (book.facts is not None and RESULTS in own_tabs(book.facts))
    )


def _raised(
    answers: Answers, book: Book, pictures: "Sequence[Picture]", ledger: "Ledger"
) -> Raised | None:
    from tierbook.engines import discover
    from tierbook.insights.escalation import base_tiers, escalations, raised, within_caps

    requests, configuration, decisions = answers.requests, answers.configuration, answers.decisions
    per_tier = costing.per_tier(requests, decisions, configuration, answers.prompt, answers.today)
    base = base_tiers(decisions, configuration.tiers)
    wanted = escalations(pictures, requests, configuration, per_tier, base)
    if not wanted:
        return None
    moved = raised(decisions, requests, configuration, wanted, answers.request_id)
    held = holds_of(answers, moved, discover()).reason
    allowed = [one for one in wanted if one.made or not held[one.index]]
    fitting = within_caps(allowed, *_left(answers, book, ledger))
    stays = tuple(_stays(answers, one, held[one.index]) for one in wanted if one not in fitting)
    return Raised(raised(decisions, requests, configuration, fitting, answers.request_id), stays)


def _left(
    answers: Answers, book: Book, ledger: "Ledger"
) -> tuple[MicroUsd | None, Mapping[int, MicroUsd]]:
    """Say what the caps leave to spend: in all, None without a cap, and by tier."""
    from tierbook.generation import WorkOptions
    from tierbook.generation.planner import caps_of

    configuration, month = answers.configuration, ledger.month()
    caps = caps_of(configuration.settings, configuration.tiers, WorkOptions(book.path))
    spent = Counter[int]()
    for one in ledger.spend(month=month):
        spent[one.tier] += one.settled + one.in_flight + one.unknown
    of_month = None if caps.month is None else max(0, caps.month - spent.total())
    left = {tier: max(0, cap - spent[tier]) for tier, cap in caps.tier.items()}
    for tier, cap in caps.run_tier.items():
        left[tier] = min(left.get(tier, cap), cap)
    return min((cap for cap in (caps.run, of_month) if cap is not None), default=None), left


def _stays(answers: Answers, one: "Escalation", held: str) -> Problem:
    """Say why a row stays: what policy holds, or, where it holds nothing, a cap."""
    said = "" if one.reason == _REJECT else f" ({one.reason})"
    raise_it = f"type {one.to_tier} into {TIER_OVERRIDE} to raise it all the same"
    return Problem(
        "stays-after-reject",
        "info",
        f"Its tier {one.from_tier} picture was rejected{said} and it stays there. "
        f"{held or 'One tier up would pass a cap.'}",
        f"{raise_it}." if held else f"{raise_it}, or raise the cap.",
        answers.requests.cell(one.index, REVIEW),
        one.sku,
    )
