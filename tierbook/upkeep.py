"""Upkeep: which engines are ready, what a missing key needs, whether anything is out of order."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from tierbook import configuration, workbook
from tierbook.costing import is_stale
from tierbook.errors import LedgerError, TierbookError, UsageError
from tierbook.model import Configuration, PriceRule, usd

_SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class EngineState:
    """One engine: who it belongs to, what it lacks ("" when ready), its lowest price."""

    name: str
    provider: str
    missing: str
    price: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the doctor looked at."""

    ok: bool
    what: str
    fix: str = ""


def engine_states(settings: Configuration | None = None) -> list[EngineState]:
    """Tell of each engine whether it could work now."""
    from tierbook.engines import discover
    from tierbook.generation.keys import readiness

    prices = (settings or configuration.defaults()).price_book
    return [
        EngineState(name, engine.provider, readiness(engine), _lowest(name, prices))
        for name, engine in discover().items()
    ]


def _lowest(engine: str, prices: tuple[PriceRule, ...]) -> str:
    mine = [rule for rule in prices if rule.engine == engine]
    if any(rule.kind == "free" for rule in mine):
        return "free"
    amounts = [
        int(rule.price * 1_000_000) for rule in mine if rule.price and rule.kind in ("flat", "tier")
    ]
    return usd(min(amounts)) if amounts else ("by use" if mine else "no price")


def examine(book: str | None, now: datetime) -> list[Finding]:
    """Look at engines, keys, model shutdowns, prices, the model file and the ledger."""
    settings = _settings(book)
    return [
        *_engine_findings(settings),
        *_price_findings(settings, now.date()),
        _model_finding(),
        *_ledger_findings(settings),
    ]


def _settings(book: str | None) -> Configuration:
    if book is None:
        return configuration.defaults()
    return configuration.load(workbook.read_tabs(Path(book)))[0]


def _engine_findings(settings: Configuration) -> list[Finding]:
    states = {state.name: state for state in engine_states(settings)}
    by_model = {rule.model: rule.engine for rule in settings.price_book}
    findings: list[Finding] = []
    for tier in settings.tiers:
        pinned = tier.engine.split()[0] if tier.engine else ""
        name = pinned if pinned in states else by_model.get(pinned, "")
        state = states.get(name)
        if state is None:
            what = f'Tier {tier.number} {tier.name}: no engine called "{tier.engine}".'
            findings.append(Finding(False, what, "pin one of `tierbook engines` in the tab Tiers."))
        elif state.missing:
            what = f"Tier {tier.number} {tier.name}: {state.name} is not ready."
            findings.append(Finding(False, what, state.missing))
        else:
            what = f"Tier {tier.number} {tier.name}: {tier.engine} is ready."
            findings.append(Finding(True, what))
    return findings


def _price_findings(settings: Configuration, today: date) -> list[Finding]:
    pinned = {tier.engine.split()[0] for tier in settings.tiers if tier.engine}
    pinned |= {engine.split()[0] for tier in settings.tiers for engine in tier.fallback_engines}
    findings: list[Finding] = []
    for rule in settings.price_book:
        if rule.model not in pinned or rule.shutdown_date is None:
            continue
        if rule.shutdown_date <= today + _SOON:
            instead = f" Use {rule.replacement}." if rule.replacement else ""
            what = f"{rule.model} shuts down on {rule.shutdown_date}.{instead}"
            findings.append(Finding(False, what, "change the engine in the tab Tiers."))
    stale = sum(is_stale(rule, today) for rule in settings.price_book)
    if stale:
        what = f"{stale} prices were checked more than 60 days ago."
        findings.append(Finding(False, what, "look them up and set Checked on in the Price book."))
    else:
        findings.append(Finding(True, "Every price was checked within 60 days."))
    return findings


def _model_finding() -> Finding:
    try:
        place = model_file()
    except TierbookError as error:
        return Finding(False, error.message, error.fix)
    if place is None:
        return Finding(
            False,
            "The cut-out model is not here; cut-outs take a simpler way and are flagged.",
            "run `tierbook models` once.",
        )
    return Finding(True, f"The cut-out model is in {place}.")


def _ledger_findings(settings: Configuration) -> list[Finding]:
    from tierbook.recall import ledger_exists

    if not ledger_exists():
        return [Finding(True, "No picture was made yet, so there is no ledger.")]
    from tierbook import generation

    try:
        with closing(generation.open_ledger(time_zone=settings.settings.time_zone)) as ledger:
            month, unknown = ledger.month(), ledger.unknown()
            counted = ledger.counted(month=month)
    except LedgerError as error:
        return [Finding(False, error.message, error.fix)]
    cap = settings.settings.cap_per_month
    of_cap = f" of {usd(cap)}" if cap is not None else "; no monthly cap is set"
    findings = [Finding(True, f"The ledger is whole; {month} stands at {usd(counted)}{of_cap}.")]
    if unknown:
        what = f"{len(unknown)} charges wait for your decision."
        findings.append(Finding(False, what, "run `tierbook resolve` to see them."))
    return findings


# --------------------------------------------------------------------------- keys and the model


def key_variable(engine: str) -> str:
    """Return the environment variable an engine's key is known by."""
    from tierbook.engines import RemoteEngine, discover

    every = discover()
    found = every.get(engine)
    if not isinstance(found, RemoteEngine) or not found.key_variable:
        keyed = [
            n for n, one in every.items() if isinstance(one, RemoteEngine) and one.key_variable
        ]
        raise UsageError(
            f'"{engine}" is no engine with a key.', fix=f"engines with keys: {', '.join(keyed)}."
        )
    return found.key_variable


def keep(variable: str, key: str) -> None:
    """Keep a key in this computer's key store."""
    from tierbook.generation.keys import Secret, keep_key

    keep_key(variable, Secret(key.strip()))


def forget(variable: str) -> bool:
    """Remove a key; False where none was kept."""
    from tierbook.generation.keys import forget_key

    return forget_key(variable)


def model_file() -> Path | None:
    """Find the local cut-out model."""
    from tierbook.studio import model

    return model.find()


def fetch_model(agree: Callable[[str], bool], percent: Callable[[int], None]) -> Path:
    """Get the local cut-out model, once, with consent."""
    from tierbook.studio import model

    return model.fetch(lambda done, whole: percent(done * 100 // max(1, whole)), agree)
