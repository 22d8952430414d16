"""Between the ledger's rows and its records."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tierbook.generation.ledger.records import Attempt, Claim, Facts, Review, Routing
from tierbook.generation.ledger.states import State

INSERT_ATTEMPT = """
INSERT INTO attempts (attempt, request_key, request_id, variant, workbook, sku, placement, tier,
    engine, provider, model, run, owner, month, state, reserved_micro_usd, recipe, created,
    changed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'reserved', ?, ?, ?, ?)
"""

INSERT_ROUTING = """
INSERT INTO routings (run, request_id, features, tier, rule, router, propensity, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""

SPEND = """
SELECT workbook, month, tier,
    coalesce(sum(counted_micro_usd) FILTER (WHERE state NOT IN
        ('reserved', 'sending', 'submitted', 'ready', 'unknown')), 0),
    coalesce(sum(counted_micro_usd) FILTER (WHERE state IN
        ('reserved', 'sending', 'submitted', 'ready')), 0),
    coalesce(sum(counted_micro_usd) FILTER (WHERE state = 'unknown'), 0),
    count(*) FILTER (WHERE state IN ('downloaded', 'linked'))
FROM attempts
WHERE (? IS NULL OR workbook = ?) AND (? IS NULL OR month = ?)
GROUP BY workbook, month, tier
ORDER BY workbook, month, tier
"""


def listed(states: Iterable[State]) -> str:
    """Spell states as a list for `IN`."""
    return "(" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"


def new_attempt(claim: Claim, attempt: str, run: str, month: str, at: str) -> tuple[Any, ...]:
    """Give the values of `INSERT_ATTEMPT`."""
    return (
        attempt,
        claim.request_key,
        claim.request_id,
        claim.variant,
        claim.workbook,
        claim.sku,
        claim.placement,
        claim.tier,
        claim.engine,
        claim.provider,
        claim.model,
        run,
        run,
        month,
        claim.worst_case,
        _to_json(claim.recipe),
        at,
        at,
    )


def changes(facts: Facts) -> dict[str, Any]:
    """Give the columns that facts change."""
    named = {
        "reason": facts.reason,
        "actual_micro_usd": facts.actual,
        "quoted_micro_usd": facts.quoted,
        "job_id": facts.job_id,
        "job_urls": None if facts.job_urls is None else _to_json(facts.job_urls),
        "result_url": facts.result_url,
        "provider_id": facts.provider_id,
        "sha256": facts.sha256,
        "original": facts.original,
        "result_file": facts.result_file,
        "notes": None if facts.notes is None else _to_json(facts.notes),
    }
    return {name: value for name, value in named.items() if value is not None}


def attempt(row: sqlite3.Row) -> Attempt:
    """Read one row of `attempts`."""
    return Attempt(
        attempt=row["attempt"],
        request_key=row["request_key"],
        request_id=row["request_id"],
        variant=row["variant"],
        workbook=row["workbook"],
        sku=row["sku"],
        placement=row["placement"],
        tier=row["tier"],
        engine=row["engine"],
        provider=row["provider"],
        model=row["model"],
        run=row["run"],
        owner=row["owner"],
        month=row["month"],
        state=State(row["state"]),
        reserved=row["reserved_micro_usd"],
        quoted=row["quoted_micro_usd"],
        actual=row["actual_micro_usd"],
        counted=row["counted_micro_usd"],
        job_id=row["job_id"],
        job_urls=json.loads(row["job_urls"]),
        result_url=row["result_url"],
        provider_id=row["provider_id"],
        sha256=row["sha256"],
        original=row["original"],
        result_file=row["result_file"],
        notes=json.loads(row["notes"]),
        reason=row["reason"],
        recipe=json.loads(row["recipe"]),
        created=datetime.fromisoformat(row["created"]),
        changed=datetime.fromisoformat(row["changed"]),
    )


def review(row: sqlite3.Row) -> Review:
    """Read one row of `reviews`."""
    return Review(
        row["attempt"],
        row["decision"],
        row["reason"],
        row["reviewer"],
        datetime.fromisoformat(row["at"]),
    )


def new_routing(routing: Routing, run: str, at: str) -> tuple[Any, ...]:
    """Give the values of `INSERT_ROUTING`."""
    return (
        run,
        routing.request_id,
        _to_json(routing.features),
        routing.tier,
        routing.rule,
        routing.router,
        routing.propensity,
        at,
    )


def routing(row: sqlite3.Row) -> Routing:
    """Read one row of `routings`."""
    return Routing(
        row["request_id"],
        json.loads(row["features"]),
        row["tier"],
        row["rule"],
        row["router"],
        row["propensity"],
    )


def _to_json(value: Mapping[str, object]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
