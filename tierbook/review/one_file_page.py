"""A page of the pictures that needs no program to be shown: read-only, in one file."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from importlib import resources

from tierbook.review.choosing import count_states
from tierbook.review.desk import ReviewPicture
from tierbook.review.markup import SIGNS, described, doubt, price, state_chip, text, tier_chip


def static_page(
    pictures: Sequence[ReviewPicture],
    preview: Callable[[ReviewPicture], bytes | None] | None = None,
    *,
    title: str = "Pictures",
) -> str:
    """Write a self-contained page of the pictures as they stand.

    Args:
        pictures: In the order they are to be shown.
        preview: Gives the JPEG of a picture to put into the page; without it, and where it gives
            None, the page links to the picture's file beside it.
        title: The page's heading.
    """
    style = resources.files("tierbook.review").joinpath("static", "app.css").read_text("utf-8")
    counts = count_states(pictures)
    told = " · ".join(
        f"{SIGNS[state][0]} {SIGNS[state][1]} {count:,}" for state, count in counts.items() if count
    )
    cards = "".join(_card(one, preview(one) if preview else None) for one in pictures)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "img-src data: 'self'; style-src 'unsafe-inline'\">"
        f"<title>{text(title)}</title><style>{style}</style></head><body>"
        f'<header class="top"><div><p class="soft">Tierbook review</p><h1>{text(title)}</h1>'
        f'<p class="soft">{text(told)}</p></div></header>'
        '<p class="count soft">This page only shows. To decide, run <code>tierbook review</code>, '
        "or use the columns Review and Review reason of the workbook.</p>"
        f'<main class="cards">{cards}</main></body></html>'
    )


def _card(picture: ReviewPicture, preview: bytes | None) -> str:
    image = (
        f'<img loading="lazy" alt="{text(described(picture))}" '
        f'src="data:image/jpeg;base64,{b64encode(preview).decode()}">'
        if preview
        else f'<span class="blank">{text(described(picture))}</span>'
    )
    which = f" · {picture.number} of {picture.of}" if picture.of > 1 else ""
    checks = "".join(doubt(check) for check in picture.checks if check.verdict != "pass")
    return (
        f'<article class="card"><div class="look">{image}</div><div class="told">'
        f'<b>{text(picture.sku)}</b><span class="soft">{text(picture.placement)}{which} · '
        f"{text(price(picture))}</span>"
        f'<span class="chips">{tier_chip(picture)}{state_chip(picture)}</span>{checks}'
        f'<span class="soft">{text(picture.file)}</span></div></article>'
    )
