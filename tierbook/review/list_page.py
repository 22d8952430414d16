"""The page of all pictures: how many wait, filters, and a card each, one screenful at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil

from tierbook.review.choosing import PAGE_SIZE, Choice, count_states
from tierbook.review.desk import ReviewPicture, State
from tierbook.review.markup import SIGNS, card, dialogs, options, page, text


def list_page(title: str, pictures: Sequence[ReviewPicture], choice: Choice) -> str:
    """Write the page for those pictures the choice fits."""
    chosen = [picture for picture in pictures if choice.fits(picture)]
    pages = max(1, ceil(len(chosen) / PAGE_SIZE))
    choice = replace(choice, page=min(choice.page, pages))
    first = (choice.page - 1) * PAGE_SIZE
    cards = "".join(card(one, choice) for one in chosen[first : first + PAGE_SIZE])
    counts = count_states(pictures)
    body = (
        f'<header class="top"><div><p class="soft">Tierbook review</p><h1>{text(title)}</h1></div>'
        f"{_start(pictures)}</header>"
        f'<nav class="states" aria-label="By state">{_states(counts, choice, len(pictures))}</nav>'
        f"{_filters(pictures, choice)}"
        f'<p class="soft count">{_counted(len(chosen), len(pictures))}</p>'
        f'<main class="cards">{cards or _nothing(len(pictures))}</main>'
        f"{_pager(choice, pages)}{_foot()}{dialogs()}"
    )
    return page(f"{title}: review", body)


def _start(pictures: Sequence[ReviewPicture]) -> str:
    waiting = [picture for picture in pictures if picture.state == "waiting"]
    if not waiting:
        done = "All that needed you is decided." if pictures else ""
        return f'<p class="done">{done}</p>'
    address = f"/pictures/{text(waiting[0].id)}{text(Choice(state='waiting').query())}"
    return f'<a class="go" href="{address}">Review {len(waiting):,} waiting</a>'


def _states(counts: Mapping[State, int], choice: Choice, every: int) -> str:
    links = [_state_link(choice, "", "All", every)]
    links += [
        _state_link(choice, state, f"{SIGNS[state][0]} {SIGNS[state][1]}", count)
        for state, count in counts.items()
        if count or state in ("waiting", choice.state)
    ]
    return "".join(links)


def _state_link(choice: Choice, state: str, words: str, count: int) -> str:
    current = ' aria-current="true"' if choice.state == state else ""
    query = choice.query(state=state, page="") or "/"
    return f'<a href="{text(query)}"{current}>{text(words)} <b>{count:,}</b></a>'


def _filters(pictures: Sequence[ReviewPicture], choice: Choice) -> str:
    tiers = sorted({(str(one.tier), f"Tier {one.tier} {one.tier_name}") for one in pictures})
    places = sorted({one.placement for one in pictures})
    kept = (
        f'<input type="hidden" name="state" value="{text(choice.state)}">' if choice.state else ""
    )
    return (
        f'<form class="filters" action="/" method="get">{kept}'
        f'<label>Tier<select name="tier">{options([("", "All tiers"), *tiers], choice.tier)}'
        "</select></label>"
        '<label>Placement<select name="placement">'
        f"{options([('', 'All placements'), *((one, one) for one in places)], choice.placement)}"
        "</select></label>"
        f'<label>SKU or name<input name="text" type="search" value="{text(choice.text)}"></label>'
        "<button>Show</button></form>"
    )


def _counted(chosen: int, every: int) -> str:
    if chosen == every:
        return f"{every:,} {'picture' if every == 1 else 'pictures'}"
    return f"{chosen:,} of {every:,} pictures"


def _nothing(every: int) -> str:
    if every:
        return '<p class="empty">No picture fits. <a href="/">Show all</a></p>'
    return (
        '<p class="empty">There are no pictures yet. Run <code>tierbook run</code> with '
        "<code>--generate</code> first.</p>"
    )


def _pager(choice: Choice, pages: int) -> str:
    if pages == 1:
        return ""
    back = (
        f'<a rel="prev" href="{text(choice.query(page=choice.page - 1))}">← Before</a>'
        if choice.page > 1
        else "<span></span>"
    )
    on = (
        f'<a rel="next" href="{text(choice.query(page=choice.page + 1))}">More →</a>'
        if choice.page < pages
        else "<span></span>"
    )
    return f'<nav class="pager" aria-label="Pages">{back}Page {choice.page} of {pages}{on}</nav>'


def _foot() -> str:
    return (
        '<footer class="soft">Decisions are kept at once; the workbook gets them with the next '
        '<code>tierbook run</code> or <code>sync</code>. Keys: <button type="button" '
        'class="plain" data-do="keys">?</button></footer>'
    )
