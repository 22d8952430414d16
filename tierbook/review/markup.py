"""The pieces of HTML that several pages share; every text from outside is escaped here."""

from collections.abc import Iterable
from html import escape

from tierbook.contract import REVIEW_REASONS
from tierbook.model import usd
from tierbook.review.choosing import Choice
from tierbook.review.desk import ReviewPicture, State
from tierbook.studio.checking import Check

# A sign and a word for each state: colour only repeats what they say.
SIGNS: dict[State, tuple[str, str]] = {
    "waiting": ("○", "Waits for you"),
    "approved": ("✓", "Approved"),
    "rejected": ("✕", "Rejected"),
    "redo": ("↻", "Redo asked"),
    "passed": ("–", "Another was approved"),
    "optional": ("·", "Optional"),
}
KEYS = (
    ("A", "approve"),
    ("R", "reject, with a reason"),
    ("G", "make it anew: shows the price and asks"),
    ("U", "undo the last decision"),
    ("← →", "picture before, picture after"),
    ("Enter", "open the picture that is marked"),
    ("Esc", "close a question, or go back to all pictures"),
    ("?", "show these keys"),
)


def text(value: object) -> str:
    """Escape a value for an element or a quoted attribute."""
    return escape(str(value), quote=True)


def page(title: str, body: str, *, script: bool = True) -> str:
    """Wrap a body into a whole page that loads nothing but its own style and script."""
    loaded = '<script src="/app.js" defer></script>' if script else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(title)}</title>"
        f'<link rel="stylesheet" href="/app.css"><link rel="icon" href="/icon.svg">{loaded}'
        f"</head><body>{body}</body></html>"
    )


def tier_chip(picture: ReviewPicture) -> str:
    """Show the tier as a number, a name and a colour."""
    colour = f"t{picture.tier}" if picture.tier in (1, 2, 3) else "t0"
    name = f" {text(picture.tier_name)}" if picture.tier_name else ""
    return f'<span class="chip tier {colour}">Tier {picture.tier}{name}</span>'


def state_chip(picture: ReviewPicture) -> str:
    """Show the state as a sign, a word and a colour."""
    sign, _ = SIGNS[picture.state]
    return (
        f'<span class="chip state {picture.state}"><span aria-hidden="true">{sign}</span> '
        f"{text(state_words(picture))}</span>"
    )


def state_words(picture: ReviewPicture) -> str:
    """Say the state, with the reason of a rejection."""
    _, words = SIGNS[picture.state]
    return f"{words}: {picture.reason}" if picture.reason else words


def described(picture: ReviewPicture) -> str:
    """Describe the picture for those who cannot see it."""
    which = f", picture {picture.number} of {picture.of}" if picture.of > 1 else ""
    name = f"{picture.product} ({picture.sku})" if picture.product else picture.sku
    return f"{name}, {picture.placement}, tier {picture.tier} {picture.tier_name}{which}".strip()


def price(picture: ReviewPicture) -> str:
    """Say what it came to."""
    return usd(picture.cost) if picture.cost else "free"


def card(picture: ReviewPicture, choice: Choice, *, here: bool = False, size: str = "small") -> str:
    """Show a picture as a card with its decisions."""
    address = f"/pictures/{text(picture.id)}"
    which = f" · {picture.number} of {picture.of}" if picture.of > 1 else ""
    doubts = [check for check in picture.checks if check.verdict != "pass"]
    return (
        f'<article class="card{" here" if here else ""}" data-picture="{text(picture.id)}" '
        f'data-name="{text(picture.sku)}">'
        f'<a class="look" href="{address}{text(choice.query())}">'
        f'<img loading="lazy" decoding="async" src="{address}/after/{size}" '
        f'alt="{text(described(picture))}"></a>'
        f'<div class="told"><b>{text(picture.sku)}</b>'
        f'<span class="soft">{text(picture.placement)}{which}</span>'
        f'<span class="chips">{tier_chip(picture)}{state_chip(picture)}</span>'
        f"{doubt(doubts[0]) if doubts else ''}</div>"
        f"{buttons(short=True)}</article>"
    )


def doubt(check: Check) -> str:
    """Show a check that did not pass, with a sign and a word for how bad it is."""
    sign, word = ("✕", "Failed") if check.verdict == "fail" else ("⚠", "Look")
    measured = f" ({check.value}, {check.limit})" if check.limit else ""
    words = f"{word}: {check.message or check.name}{measured}"
    return (
        f'<p class="doubt {check.verdict}"><span aria-hidden="true">{sign}</span> {text(words)}</p>'
    )


def buttons(*, short: bool = False) -> str:
    """Show the three decisions with their keys."""
    shown = (
        ("approve", "✓", "Approve", "A"),
        ("reject", "✕", "Reject", "R"),
        ("redo", "↻", "Redo", "G"),
    )
    made = "".join(
        f'<button type="button" class="{word}" data-do="{word}" aria-keyshortcuts="{key}">'
        f'<span aria-hidden="true">{sign}</span> {label}'
        + ("" if short else f"<kbd>{key}</kbd>")
        + "</button>"
        for word, sign, label, key in shown
    )
    return f'<div class="acts">{made}</div>'


def dialogs() -> str:
    """Hold the questions a page may ask: why, at this price, which keys."""
    reasons = "".join(
        f'<button type="button" data-reason="{text(reason)}"><kbd>{number}</kbd>'
        f"{text(reason[:1].upper() + reason[1:])}</button>"
        for number, reason in enumerate(REVIEW_REASONS, start=1)
    )
    keys = "".join(f"<dt><kbd>{text(key)}</kbd></dt><dd>{text(does)}</dd>" for key, does in KEYS)
    return (
        '<dialog id="why" aria-labelledby="why-title"><h2 id="why-title">Why is it rejected?</h2>'
        f'<div class="reasons">{reasons}</div>'
        '<form method="dialog"><button>Cancel</button></form></dialog>'
        '<dialog id="anew" aria-labelledby="anew-title"><h2 id="anew-title">Make it anew?</h2>'
        '<p id="anew-words" role="status"></p><form method="dialog"><button>Cancel</button>'
        '<button type="button" class="go" id="anew-yes" hidden>Make it</button></form></dialog>'
        '<dialog id="keys" aria-labelledby="keys-title"><h2 id="keys-title">Keys</h2>'
        f'<dl class="keys">{keys}</dl><form method="dialog"><button>Close</button></form></dialog>'
        '<div id="toast" role="status" aria-live="polite"></div>'
        '<noscript><p class="noscript">Deciding needs JavaScript. Without it, use the columns '
        "Review and Review reason of the workbook.</p></noscript>"
    )


def options(values: Iterable[tuple[str, str]], chosen: str) -> str:
    """Spell the options of a select."""
    return "".join(
        f'<option value="{text(value)}"{" selected" if value == chosen else ""}>{text(words)}'
        "</option>"
        for value, words in values
    )
