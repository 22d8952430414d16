"""The contact sheet of a run: one HTML page, nothing outside it, before beside after."""

import base64
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image

from tierbook.model import MicroUsd, usd
from tierbook.studio.checking import Check, worst
from tierbook.studio.photo import UnusablePhoto, open_photo

THUMBNAIL = 360
_WORDS = {"pass": "Ready", "warn": "Look", "fail": "Not usable"}

_STYLE = """
:root{color-scheme:light dark;--ink:#1c1d20;--soft:#5d6068;--line:#dcdde1;--paper:#fff;
--card:#f7f7f8}
@media(prefers-color-scheme:dark){:root{--ink:#ececee;--soft:#a4a7ae;--line:#3a3c42;--paper:#1a1b1e;
--card:#232428}}
*{box-sizing:border-box}body{margin:0;padding:2rem clamp(1rem,4vw,3rem);background:var(--paper);
color:var(--ink);font:15px/1.45 system-ui,sans-serif}h1{font-size:1.5rem;margin:0 0 .2rem}
p.sum{color:var(--soft);margin:0 0 1.6rem}main{display:grid;gap:1.2rem;
grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr))}
article{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.6rem}figure{margin:0}
figure img{width:100%;aspect-ratio:1;object-fit:contain;background:#fff;
border:1px solid var(--line);
border-radius:6px}
figcaption{font-size:.8rem;color:var(--soft)}
h2{font-size:1rem;margin:.7rem 0 .1rem;overflow-wrap:anywhere}
.meta{color:var(--soft);font-size:.85rem}
.mark{display:inline-block;border-radius:4px;padding:.05rem .5rem;font-size:.8rem;font-weight:600;
color:#fff}
.pass{background:#0072b2}.warn{background:#a65a00}.fail{background:#a3195b}
details{margin-top:.5rem;font-size:.85rem}summary{cursor:pointer}
table{border-collapse:collapse;width:100%;margin-top:.4rem}
td,th{text-align:left;padding:.2rem .4rem;
border-top:1px solid var(--line);vertical-align:top;font-weight:400}ul{margin:.4rem 0 0;
padding-left:1.1rem;font-size:.88rem}
@media print{body{padding:0}article{break-inside:avoid}}
"""


@dataclass(frozen=True)
class Entry:
    """One picture of the sheet: what it is, the photo before, the file after, cost and checks."""

    sku: str
    placement: str
    after: bytes
    before: bytes | None = None
    cost: MicroUsd = 0
    engine: str = ""
    checks: tuple[Check, ...] = field(default=())


def page(entries: Sequence[Entry], title: str, subtitle: str = "") -> str:
    """Write the sheet as one self-contained HTML page."""
    verdicts = [worst(entry.checks) for entry in entries]
    counts = [
        f"{verdicts.count(verdict)} {word.lower()}"
        for verdict, word in _WORDS.items()
        if verdict in verdicts
    ]
    parts = [f"{len(entries)} pictures", *counts, f"{usd(sum(e.cost for e in entries))} in all"]
    line = html.escape(" · ".join([*([subtitle] if subtitle else []), *parts]))
    cards = "\n".join(_card(entry) for entry in entries)
    name = html.escape(title)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{name}</title><style>{_STYLE}</style></head>\n"
        f'<body><h1>{name}</h1><p class="sum">{line}</p><main>\n{cards}\n</main></body></html>\n'
    )


def _card(entry: Entry) -> str:
    verdict = worst(entry.checks)
    raised = [check for check in entry.checks if check.verdict != "pass"]
    notes = "".join(f"<li>{html.escape(check.message or check.name)}</li>" for check in raised)
    rows = "".join(
        f'<tr><td><span class="mark {check.verdict}">{check.verdict}</span></td>'
        f"<td>{html.escape(check.name)}</td><td>{html.escape(check.value)}</td>"
        f"<td>{html.escape(check.limit)}</td></tr>"
        for check in entry.checks
    )
    sku, placement = html.escape(entry.sku), html.escape(entry.placement)
    meta = " · ".join(html.escape(part) for part in (entry.engine, usd(entry.cost)) if part)
    return (
        f'<article><div class="pair">{_figure(entry.before, "Before", sku)}'
        f"{_figure(entry.after, 'After', sku)}</div>"
        f'<h2>{sku}</h2><div class="meta">{placement} · {meta} '
        f'<span class="mark {verdict}">{_WORDS[verdict]}</span></div>'
        f"{f'<ul>{notes}</ul>' if notes else ''}"
        f"<details><summary>{len(entry.checks)} checks</summary><table>"
        f"<tr><th></th><th>Check</th><th>Value</th><th>Limit</th></tr>{rows}"
        "</table></details></article>"
    )


def _figure(content: bytes | None, caption: str, sku: str) -> str:
    small = thumbnail(content) if content else None
    if small is None:
        return f"<figure><figcaption>{caption}: no picture</figcaption></figure>"
    source = base64.b64encode(small).decode("ascii")
    return (
        f'<figure><img src="data:image/jpeg;base64,{source}" alt="{sku}, {caption.lower()}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def thumbnail(content: bytes, longest: int = THUMBNAIL) -> bytes | None:
    """Return a small JPEG on white, or None when the file is no picture."""
    try:
        photo = open_photo(content)
    except UnusablePhoto:
        return None
    image = Image.fromarray(photo.rgb)
    if photo.alpha is not None:
        white = Image.new("RGB", image.size, (255, 255, 255))
        image = Image.composite(image, white, Image.fromarray(photo.alpha))
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=82)
    return target.getvalue()
