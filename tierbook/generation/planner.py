"""Decide what is to be made, what is done already, and what is held and why; free of charge."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TypeAlias

from tierbook import contract, costing, engines, placements
from tierbook.errors import RubricError
from tierbook.generation.files import picture_folder
from tierbook.generation.ledger import IN_FLIGHT, MADE, Caps, Ledger, Redo, State
from tierbook.generation.sources import PhotoPlace, UnusableSource, find_photo, named_photos
from tierbook.generation.work import Known, Offer, Picture, Row, Work, WorkOptions
from tierbook.model import Answers, MicroUsd, Settings, Tier
from tierbook.routing.policy import rows_kept_as_they_are
from tierbook.workbook.answers import pictures_shown

_READY = frozenset({"OK", "WARN"})
_NOT_MADE = {"skip": "Skipped by its Action.", "route": 'Its Action says "route": decided only.'}
_UNFILLED = re.compile(r"\{[A-Za-z][^{}]*\}")
_Look: TypeAlias = Callable[[str], PhotoPlace]


def plan_work(answers: Answers, ledger: Ledger, options: WorkOptions) -> Work:
    """Plan the pictures of every decided row; nothing is sent, reserved or written.

    Args:
        answers: What the run decided, priced and composed.
        ledger: What was paid and made before.
        options: What the seller asked for.

    Raises:
        RubricError: A rubric test fails, so the decisions are not to be trusted with money.
    """
    _check_rubric(answers)
    shown = pictures_shown(answers.decisions, answers.request_id)
    answers = replace(answers, decisions=replace(answers.decisions, images=shown))
    folder = options.workbook.absolute().parent
    ids = [str(one) for one in answers.request_id]
    look = cache(partial(find_photo, folder=folder))
    redos = _redos(answers, ids, ledger.redos(ids))
    kept = rows_kept_as_they_are(answers.requests, answers.configuration)
    planned = [
        _plan_row(answers, index, options, look, redos.get(ids[index], Redo()), kept=kept[index])
        for index in range(len(answers.requests))
    ]
    known = _known(planned, ledger)
    rows = [replace(row, known=known.get(row.index, {})) for row in planned]
    chosen = _limited(rows, options.limit, folder)
    unique: dict[str, Picture] = {}
    for row in chosen:
        for picture in _unmade(row, folder):
            # Exact repeats of a request are one picture: paid once, linked twice.
            unique.setdefault(f"{picture.request_id}.{picture.number}", picture)
    month = ledger.month()
    return Work(
        workbook=str(options.workbook.absolute()),
        folder=folder,
        image_folder=picture_folder(answers.configuration.settings.image_folder),
        rows=tuple(rows),
        to_make=tuple(sorted(unique.values(), key=_queue_order)),
        caps=caps_of(answers.configuration.settings, answers.configuration.tiers, options),
        redos=redos,
        month=month,
        month_counted=ledger.counted(month=month),
        waiting_for_decision=ledger.unknown(),
    )


def caps_of(settings: Settings, tiers: Iterable[Tier], options: WorkOptions) -> Caps:
    """Collect the caps of the workbook and of the command line; the lower one holds."""
    given = [cap for cap in (settings.cap_per_run, options.max_spend) if cap is not None]
    return Caps(
        run=min(given, default=None),
        month=settings.cap_per_month,
        tier={tier.number: tier.monthly_cap for tier in tiers if tier.monthly_cap is not None},
        run_tier=dict(settings.cap_per_tier),
    )


def _check_rubric(answers: Answers) -> None:
    failing = [test for test in answers.report.tests if not test.passed]
    if failing:
        first = failing[0]
        raise RubricError(
            f'The rubric test "{first.name}" fails: it expects {first.expected} and gets '
            f"{first.got}.",
            fix=f'Correct the rule or the test in tabs "{contract.RUBRIC}" and '
            f'"{contract.RUBRIC_TESTS}", then run again.',
            money="Nothing was sent or charged.",
        )


def _queue_order(picture: Picture) -> tuple[int, date, int, int]:
    """Order pictures by priority, then by the day they are needed, then as the sheet has them."""
    needed = picture.facts.get(contract.NEEDED_BY)
    day = needed if type(needed) is date else date.max
    return (picture.priority, day, picture.row, picture.number)


def _redos(answers: Answers, ids: list[str], kept: Mapping[str, Redo]) -> dict[str, Redo]:
    """Work out how often each picture is asked for anew.

    "redo" in the sheet counts once, however often it is run, until the cell says something else.
    """
    wanted: dict[str, Redo] = {}
    for action, request_id in zip(answers.requests.column(contract.ACTION), ids, strict=True):
        before = kept.get(request_id, Redo())
        if action == "redo":
            wanted[request_id] = Redo(before.number + (not before.open), open=True)
        elif request_id not in wanted:
            wanted[request_id] = Redo(before.number, open=False)
    return wanted


def _plan_row(
    answers: Answers, index: int, options: WorkOptions, look: _Look, redo: Redo, *, kept: bool
) -> Row:
    requests = answers.requests
    row = Row(
        index=index,
        request_id=str(answers.request_id[index]),
        sheet_row=int(requests.rows[index]),
        sku=str(requests.column(contract.SKU)[index] or ""),
        placement=str(requests.column(contract.PLACEMENT)[index] or ""),
    )
    held = _held(answers, index, options)
    if held is not None:
        return replace(row, held=held)
    unfilled = _UNFILLED.search(str(answers.prompt[index] or ""))
    if unfilled:
        reason = f"Its prompt still says {unfilled[0]}; fill that column."
        return replace(row, held=reason, waits=True)
    try:
        photos = _photos(answers, index, look)
    except UnusableSource as error:
        return replace(row, held=f"Source image: {error}.", waits=True)
    offers, missing = _offers(answers, index, has_photo=bool(photos), kept=kept)
    if not offers:
        return replace(row, held=missing, waits=True)
    return _with_pictures(row, answers, photos, offers, redo)


def _held(answers: Answers, index: int, options: WorkOptions) -> str | None:
    """Say why a row makes no pictures; "" where its own status says it, None where it does."""
    tier = int(answers.decisions.tier[index])
    if answers.status[index] not in _READY or tier <= 0 or answers.bill.held[index]:
        return ""
    action = answers.requests.column(contract.ACTION)[index]
    if action in _NOT_MADE:
        return _NOT_MADE[action]
    if options.tiers is not None and tier not in options.tiers:
        return f"Tier {tier} is not made in this run."
    return None


def _photos(answers: Answers, index: int, look: _Look) -> tuple[PhotoPlace, ...]:
    cell = answers.requests.column(contract.SOURCE_IMAGE)[index]
    return tuple(look(named) for named in named_photos(cell))


def _offers(
    answers: Answers, index: int, *, has_photo: bool, kept: bool
) -> tuple[tuple[Offer, ...], str]:
    """Price the row's engine and its fallbacks; the words say why there is none.

    Where the product is to be kept as it is, no engine that draws it anew steps in.
    """
    decisions, configuration = answers.decisions, answers.configuration
    tier = configuration.tier(int(decisions.tier[index]))
    texts = [str(decisions.engine[index] or ""), *(tier.fallback_engines if tier else ())]
    prompt = str(answers.prompt[index] or "")
    budget = answers.requests.column(contract.BUDGET_PER_IMAGE)[index]
    picture = costing.Picture(int(decisions.width[index]), int(decisions.height[index]), has_photo)
    offers: list[Offer] = []
    reasons: list[str] = []
    for text in dict.fromkeys(texts):
        choice = costing.read_choice(text, configuration.price_book)
        quote = (
            choice
            if isinstance(choice, costing.NoPrice)
            else costing.quote(choice, picture, configuration.price_book, answers.today)
        )
        if isinstance(choice, costing.NoPrice) or isinstance(quote, costing.NoPrice):
            reasons.append(quote.reason if isinstance(quote, costing.NoPrice) else "")
            continue
        offer = _offer(text, choice, quote, prompt)
        reason = _unsuitable(offer, has_photo, budget, kept=kept)
        if reason:
            reasons.append(reason)
        else:
            offers.append(offer)
    return tuple(offers), " ".join(dict.fromkeys(reasons)) or "No engine is set for its tier."


def _offer(text: str, choice: costing.Choice, quote: costing.Quote, prompt: str) -> Offer:
    rule = quote.rule
    # A size in pixels that merely priced the picture is not asked for; a named step (1K) is.
    step = rule.size if rule.size and not rule.size[0:2].isdigit() else ""
    return Offer(
        text=text,
        engine=rule.engine,
        rule=rule,
        operation=quote.operation,
        quality=choice.quality or rule.quality,
        size=choice.size or step,
        worst_case=quote.micro_usd(len(prompt.encode())),
        exactness=quote.exactness,
    )


def _unsuitable(offer: Offer, has_photo: bool, budget: MicroUsd | None, *, kept: bool) -> str:
    engine = engines.find(offer.engine)
    if engine is None:
        return f'There is no engine "{offer.engine}"; see `tierbook engines`.'
    if engine.capabilities.input_image == "required" and not has_photo:
        return f"{offer.text} works on a photo; name one in Source image."
    if kept and engine.capabilities.redraws_product:
        return f"{offer.text} draws the product anew, which its brand or channel forbids."
    if budget is not None and offer.worst_case > budget:
        return f"{offer.text} costs more than the row's budget."
    return ""


def _with_pictures(
    row: Row,
    answers: Answers,
    photos: tuple[PhotoPlace, ...],
    offers: tuple[Offer, ...],
    redo: Redo,
) -> Row:
    index, decisions, settings = row.index, answers.decisions, answers.configuration.settings
    tier = answers.configuration.tier(int(decisions.tier[index]))
    candidates = max(1, tier.candidates if tier else 1)
    count, note = _count(int(decisions.images[index]), candidates, photos, offers)
    placement = placements.find(answers.configuration.placements, row.placement)
    template = next(
        (t for t in answers.configuration.prompts if t.name == decisions.template[index]), None
    )
    facts = {heading: column[index] for heading, column in answers.requests.columns.items()}
    pictures = tuple(
        Picture(
            row=index,
            request_id=row.request_id,
            number=number,
            redo=redo.number,
            sku=row.sku,
            placement_name=row.placement,
            placement=placement,
            tier=int(decisions.tier[index]),
            lane=str(decisions.lane[index] or "standard"),
            priority=int(decisions.priority[index]),
            review=str(decisions.review[index] or "none"),
            prompt=str(answers.prompt[index] or ""),
            avoid=template.avoid if template else "",
            width=int(decisions.width[index]),
            height=int(decisions.height[index]),
            ratio=str(decisions.ratio[index] or ""),
            photo=_photo_of(number, candidates, photos),
            facts=facts,
            brand_colours=settings.brand_colours,
            offers=offers,
            angles=tuple(dict.fromkeys(photos)),
        )
        for number in range(1, count + 1)
    )
    return replace(row, pictures=pictures, note=note)


def _count(
    images: int, candidates: int, photos: tuple[PhotoPlace, ...], offers: tuple[Offer, ...]
) -> tuple[int, str]:
    """Count the pictures: an engine that keeps the product as it is needs a photo an angle."""
    engine = engines.find(offers[0].engine)
    if engine is None or engine.capabilities.redraws_product or not photos:
        return max(1, images), ""
    angles = max(1, images // candidates)
    if len(photos) >= angles:
        return max(1, images), ""
    note = (
        f"{len(photos)} of {angles} angles can be made: name one photo an angle in Source image, "
        "separated by semicolons."
    )
    return len(photos) * candidates, note


def _photo_of(number: int, candidates: int, photos: tuple[PhotoPlace, ...]) -> PhotoPlace | None:
    if not photos:
        return None
    angle = (number - 1) // candidates
    return photos[angle] if angle < len(photos) else photos[0]


@dataclass(frozen=True, slots=True)
class _Keyed:
    row: int
    number: int
    offer: int
    key: str


def _known(rows: list[Row], ledger: Ledger) -> dict[int, dict[int, Known]]:
    """Look every picture up in the ledger, under the key of each of its offers."""
    urls = {p.photo.url for row in rows for p in row.pictures if p.photo and p.photo.url}
    remembered = ledger.known_sources(urls)
    keyed = [one for row in rows for one in _keys(row, remembered)]
    paid = ledger.payable(one.key for one in keyed)
    known: dict[int, dict[int, Known]] = {}
    for one in keyed:
        attempt = paid.get(one.key)
        if attempt is None:
            continue
        found = Known(attempt, one.offer)
        of_row = known.setdefault(one.row, {})
        if one.number not in of_row or _weight(found) > _weight(of_row[one.number]):
            of_row[one.number] = found
    return known


def _keys(row: Row, remembered: Mapping[str, str]) -> Iterator[_Keyed]:
    for picture in row.pictures:
        photo = picture.photo
        sha256 = (photo.sha256 or remembered.get(photo.url)) if photo else ""
        if sha256 is None:
            continue  # an address never fetched: its picture cannot have been made
        for offer_index, offer in enumerate(picture.offers):
            key = picture.key(offer, sha256)
            yield _Keyed(row.index, picture.number, offer_index, key)


def _weight(known: Known) -> int:
    """Rank what is known: a picture made counts over one in doubt, that over one refused."""
    state = known.attempt.state
    if state in MADE:
        return 4
    if state in IN_FLIGHT or state is State.UNKNOWN:
        return 3
    return 1 if state is State.REFUSED else 2


def _unmade(row: Row, folder: Path) -> Iterator[Picture]:
    for picture in row.pictures:
        known = row.known.get(picture.number)
        if known is None:
            yield picture
        elif known.attempt.state in IN_FLIGHT:
            yield picture  # its run may be dead; the runner finds out and takes it up
        elif known.attempt.state in MADE and not known.attempt.reserved:
            if not (folder / known.attempt.result_file).is_file():
                yield picture  # it was free, and its file is gone
        elif known.attempt.state is State.REFUSED and known.offer + 1 < len(picture.offers):
            yield picture


def _limited(rows: list[Row], limit: int | None, folder: Path) -> list[Row]:
    if limit is None:
        return rows
    waiting = [row for row in rows if any(True for _ in _unmade(row, folder))]
    return sorted(waiting, key=lambda row: min(map(_queue_order, row.pictures)))[:limit]
