"""The page of one picture: before and after, what it cost and why, its rivals, the decision."""

from collections.abc import Sequence

from tierbook.review.choosing import Choice, Place, place_of
from tierbook.review.desk import ReviewPicture
from tierbook.review.markup import (
    buttons,
    card,
    described,
    dialogs,
    doubt,
    page,
    price,
    state_chip,
    text,
    tier_chip,
)


def picture_page(
    title: str, picture: ReviewPicture, pictures: Sequence[ReviewPicture], choice: Choice
) -> str:
    """Write the page of a picture among those that were chosen."""
    place = place_of(picture.id, pictures, choice)
    rivals = [one for one in pictures if one.id in picture.candidates]
    named = f"{picture.sku} · {picture.product}" if picture.product else picture.sku
    query = text(choice.query())
    body = (
        f'<nav class="steps" aria-label="Pictures"><a class="all" href="/{query}">← All pictures'
        f'</a><span class="soft">{_where(place)}</span>{_steps(place, query)}</nav>'
        f'<main class="one" data-picture="{text(picture.id)}" data-name="{text(picture.sku)}">'
        f'<header class="top"><div><h1>{text(named)}</h1>'
        f'<p class="soft">{text(picture.placement)}{_which(picture)}</p></div>'
        f'<span class="chips">{tier_chip(picture)}{state_chip(picture)}</span></header>'
        f'<div class="pair">{_before(picture)}{_after(picture)}</div>'
        f'<div class="bar">{buttons()}'
        '<button type="button" class="plain" data-do="undo">Undo<kbd>U</kbd></button>'
        '<button type="button" class="plain" data-do="keys">Keys<kbd>?</kbd></button></div>'
        f"{_rivals(picture, rivals, choice)}{_facts(picture)}</main>{dialogs()}"
    )
    return page(f"{picture.sku}, {picture.placement} · {title}", body)


def _where(place: Place) -> str:
    if not place.number:
        return f"{place.of:,} left" if place.of else "none left"
    return f"{place.number:,} of {place.of:,}"


def _steps(place: Place, query: str) -> str:
    return "".join(
        f'<a class="step" rel="{rel}" href="/pictures/{text(one.id)}{query}" '
        f'aria-label="{words}">{sign}</a>'
        if one
        else f'<span class="step off" aria-hidden="true">{sign}</span>'
        for one, rel, sign, words in (
            (place.before, "prev", "←", "Picture before"),
            (place.after, "next", "→", "Picture after"),
        )
    )


def _which(picture: ReviewPicture) -> str:
    return f" · picture {picture.number} of {picture.of}" if picture.of > 1 else ""


def _before(picture: ReviewPicture) -> str:
    if not picture.photo:
        return _blank("Before", "The row names no photo.")
    if picture.photo.lower().startswith(("https://", "http://")):
        return _blank(
            "Before", f"The photo is at {picture.photo} and is not fetched for this page."
        )
    return _figure(picture, "before", f"Your photo of {picture.sku}", picture.photo)


def _after(picture: ReviewPicture) -> str:
    return _figure(picture, "after", described(picture), picture.file)


def _figure(picture: ReviewPicture, side: str, words: str, name: str) -> str:
    address = f"/pictures/{text(picture.id)}/{side}"
    return (
        f'<figure><figcaption><b>{side.capitalize()}</b> <span class="soft">'
        f"{text(name.rpartition('/')[2])}</span></figcaption>"
        f'<a href="{address}/full" target="_blank" rel="noopener" '
        f'aria-label="{side.capitalize()} in full size">'
        f'<img src="{address}/large" alt="{text(words)}"></a></figure>'
    )


def _blank(caption: str, words: str) -> str:
    return (
        f'<figure><figcaption><b>{caption}</b></figcaption><p class="blank">{text(words)}</p>'
        "</figure>"
    )


def _facts(picture: ReviewPicture) -> str:
    told = [("Checks", _checks(picture)), ("Cost", text(price(picture)))]
    told += [
        (name, text(words))
        for name, words in (
            ("Engine", picture.engine),
            ("Rule", picture.rule),
            ("Why this tier", picture.why),
            ("Decided", _decided(picture)),
            ("File", picture.file),
        )
        if words
    ]
    if picture.prompt:
        told.append(("Prompt", f'<p class="prompt">{text(picture.prompt)}</p>'))
    lines = "".join(f"<dt>{name}</dt><dd>{words}</dd>" for name, words in told)
    return f'<dl class="facts">{lines}</dl>'


def _checks(picture: ReviewPicture) -> str:
    """Show what needs a look first, and all that passed behind one line."""
    doubts = "".join(doubt(check) for check in picture.checks if check.verdict != "pass")
    passed = [check for check in picture.checks if check.verdict == "pass"]
    if not passed:
        return doubts or "Nothing was measured."
    lines = "".join(
        f"<li>{text(check.name)}: {text(check.value)} ({text(check.limit)})</li>"
        for check in passed
    )
    count = f"{len(passed)} {'check' if len(passed) == 1 else 'checks'} passed"
    return (
        f'{doubts}<details><summary><span aria-hidden="true">✓</span> {count}</summary>'
        f"<ul>{lines}</ul></details>"
    )


def _decided(picture: ReviewPicture) -> str:
    if picture.decided_at is None:
        return ""
    when = picture.decided_at.astimezone()
    return f"{picture.decision} by {picture.reviewer}, {when:%Y-%m-%d %H:%M}"


def _rivals(picture: ReviewPicture, rivals: Sequence[ReviewPicture], choice: Choice) -> str:
    if len(rivals) < 2:
        return ""
    cards = "".join(card(one, choice, here=one.id == picture.id, size="large") for one in rivals)
    return (
        f'<section class="rivals" aria-labelledby="rivals"><h2 id="rivals">'
        f"{len(rivals)} candidates: choose one</h2>"
        f'<div class="cards big">{cards}</div></section>'
    )
