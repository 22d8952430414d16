"""The model card: one page that says what the router learned, how it was tested, and its limits."""

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np

from tierbook.model import MICRO, usd
from tierbook.routing.learning.model import TrainedRouter
from tierbook.routing.learning.offpolicy import Estimate
from tierbook.routing.learning.plots import Interval, calibration_plot, interval_plot
from tierbook.routing.learning.saving import seal_of

_COLOURS = ("#0072B2", "#D55E00", "#009E73")  # Okabe-Ito: told apart by colour-blind readers too
_LARGEST = 12
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#1d2733;max-width:60rem;
margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.35rem .6rem;
border-bottom:1px solid #d5dbe3;vertical-align:top}th{background:#eef2f6}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.yes{color:#006b4f;font-weight:600}.no{color:#a33b00;font-weight:600}
svg{max-width:100%;height:auto}p.note{color:#4c5a69}code{word-break:break-all}
"""


def model_card(router: TrainedRouter) -> str:
    """Write the card as one HTML page without scripts or outside parts."""
    state = (
        '<p class="yes">It passed every gate and may decide.</p>'
        if router.passed
        else '<p class="no">It did not pass every gate. The rubric goes on deciding.</p>'
    )
    body = "\n".join(
        [
            "<h1>Model card of the learned router</h1>",
            state,
            _facts(router),
            "<h2>Gates</h2>",
            _gates(router),
            "<h2>Against the rubric, on later pictures</h2>",
            _comparison(router),
            "<h2>Do the odds mean what they say?</h2>",
            calibration_plot(router.evidence.calibration, _COLOURS[0]),
            "<h2>What speaks for and against a tier</h2>",
            *_features(router),
            "<h2>Limits</h2>",
            "<ul>" + "".join(f"<li>{escape(note)}</li>" for note in _limits(router)) + "</ul>",
            f"<p class='note'>Seal of the saved model: <code>{seal_of(router)}</code></p>",
        ]
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Model card of the learned router</title><style>{_STYLE}</style></head>\n"
        f"<body>\n{body}\n</body></html>\n"
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], numeric: int = 0) -> str:
    """Write a table; the last `numeric` columns are aligned as numbers. Cells are HTML."""

    def line(cells: Sequence[str], tag: str) -> str:
        first = len(cells) - numeric
        return "".join(
            f"<{tag}{' class=n' if place >= first else ''}>{cell}</{tag}>"
            for place, cell in enumerate(cells)
        )

    body = "".join(f"<tr>{line(row, 'td')}</tr>" for row in rows)
    return f"<table><thead><tr>{line(head, 'th')}</tr></thead><tbody>{body}</tbody></table>"


def _facts(router: TrainedRouter) -> str:
    learned, tested = router.rows
    seen = router.evidence
    compared = ", ".join(f"{name} {loss:.4f}" for name, loss in seen.compared.items())
    met = f" (log-loss on a middle period: {compared})" if compared else ""
    headings = ", ".join(feature.heading for feature in router.coding.features)
    rows = [
        ("Model", router.kind + met),
        ("Learned from", f"{learned:,} pictures, {router.learned[0]} to {router.learned[1]}"),
        ("Tested on", f"{tested:,} pictures, {router.tested[0]} to {router.tested[1]}"),
        ("Looks at", headings),
        ("Approved picture is worth", f"{usd(router.picture_value)} x visibility weight"),
        ("Would move", f"{seen.moved:.1%} of the pictures away from the rubric's tier"),
        ("Discrimination", f"AUC {seen.auc:.3f}, log-loss {seen.log_loss:.4f}"),
        ("Conversion", "modelled" if router.conversion else "not modelled"),
    ]
    return _table(("", ""), [(escape(name), escape(value)) for name, value in rows])


def _gates(router: TrainedRouter) -> str:
    rows = [
        (
            escape(gate.name),
            f'<span class="{"yes" if gate.passed else "no"}">'
            f"{'passed' if gate.passed else 'FAILED'}</span>",
            escape(gate.measured),
            escape(gate.wanted),
        )
        for gate in router.gates
    ]
    return _table(("Gate", "", "measured", "wanted"), rows)


def _comparison(router: TrainedRouter) -> str:
    """Show the estimates of approval, cost and value of both routers."""
    parts: list[str] = []
    for what, title, scale, unit in (
        ("approval", "Approval", 100.0, "%"),
        ("cost", "Cost a picture", 1 / MICRO, "USD"),
        ("value", "Expected value a picture", 1 / MICRO, "USD"),
    ):
        intervals = [
            Interval(f"{who}, {estimator}", *_scaled(estimate, scale), colour)
            for who, colour in (("rubric", _COLOURS[1]), ("learned", _COLOURS[0]))
            for estimator, estimate in router.evidence.estimates.get(f"{what}, {who}", {}).items()
        ]
        parts.append(interval_plot(f"{title} ({unit})", intervals))
    parts.append(
        "<p class='note'>Off-policy estimates with 95 % intervals: IPS weighs what was tried, "
        "SNIPS divides by the mean weight, DR adds the model's prediction and weighs its errors. "
        "The gates use DR.</p>"
    )
    return "".join(parts)


def _scaled(estimate: Estimate, scale: float) -> tuple[float, float, float]:
    return estimate.mean * scale, estimate.low * scale, estimate.high * scale


def _features(router: TrainedRouter) -> Iterator[str]:
    """List the largest coefficients of each tier against the one before it."""
    codes = [
        (feature.label(code), int(offset) + code)
        for feature, offset in zip(router.coding.features, router.logistic.offsets, strict=True)
        for code in range(feature.size)
    ]
    for place in range(1, len(router.tiers)):
        gain = router.logistic.in_tier[place] - router.logistic.in_tier[place - 1]
        at = np.array([position for _, position in codes], np.intp)
        order: list[int] = np.argsort(-np.abs(gain[at]), kind="stable")[:_LARGEST].tolist()
        rows = [(escape(codes[n][0]), f"{gain[codes[n][1]]:+.2f}") for n in order]
        head = (f"Tier {router.tiers[place]} against tier {router.tiers[place - 1]}", "log-odds")
        yield _table(head, rows, numeric=1)
    yield "<p class='note'>Read from the logistic model.</p>" if router.boosted else ""


def _limits(router: TrainedRouter) -> Iterator[str]:
    yield from router.notes
    yield (
        "It leaves to the rubric: rows on hold, a person's choice, placements whose channel says "
        "how the picture is made, kinds of pictures it has not seen, and rows where the gain is "
        "small. Strict brands never go below the rubric's tier, and nothing is tried out on them."
    )
    yield "It knows the period it learned from. When tastes change, train it again."
