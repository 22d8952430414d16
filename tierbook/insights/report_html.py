"""A report as one self-contained page that reads well on a screen, on a phone and on paper."""

from html import escape

from tierbook.insights.report_svg import chart_svg
from tierbook.workbook.report_page import (
    Block,
    Charts,
    Column,
    Figure,
    Kind,
    Line,
    Notices,
    Page,
    Shown,
    Table,
    amount_words,
)

# Okabe-Ito colours, told apart by colour-blind readers too; words always stand beside them.
_STYLE = """
:root { --ink: #1c2430; --soft: #56606e; --line: #dde2e8; --paper: #fff; --ground: #f4f6f8;
  --t0: #6b7280; --t1: #0072b2; --t2: #b35c00; --t3: #00795a; --alarm: #b8430b; --good: #00795a; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 3rem 1.5rem 4rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -.01em; }
h2 { font-size: 1.2rem; margin: 2.6rem 0 .7rem; }
.lead, .note { color: var(--soft); max-width: 46rem; }
.lead { margin: 0 0 1.8rem; } .note { font-size: .875rem; margin: .5rem 0 0; }
.figures { display: grid; grid-template-columns: repeat(6, 1fr); gap: 1rem; }
.figure { grid-column: span 2; } .figure:nth-child(n+4) { grid-column: span 3; }
.figure { background: var(--paper); border: 1px solid var(--line); border-radius: 8px;
  padding: 1rem 1.2rem; border-top: 4px solid var(--c, var(--t1)); break-inside: avoid; }
.figure h3 { margin: 0; font-size: .9rem; font-weight: 600; color: var(--soft); }
.figure p { margin: 0; } .figure .beside { font-size: .875rem; color: var(--soft); }
.figure .shown { font-size: 1.7rem; font-weight: 700; line-height: 1.35; color: var(--c, var(--t1));
  font-variant-numeric: tabular-nums; }
.figure .unknown { font-size: 1.15rem; line-height: 2; }
.alarm { --c: var(--alarm); } .warning { --c: var(--t2); } .good { --c: var(--good); }
.note-level { --c: var(--t1); }
.scroll { overflow-x: auto; background: var(--paper); border: 1px solid var(--line);
  border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { padding: .45rem .7rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); }
tr:last-child > td { border-bottom: 0; }
th { background: #eef1f4; font-weight: 600; vertical-align: bottom; }
.n { text-align: right; font-variant-numeric: tabular-nums; } td.n { white-space: nowrap; }
td.u { color: var(--soft); font-style: italic; }
tr.total td { font-weight: 700; background: #f7f8fa; border-top: 2px solid var(--soft); }
td.tier { border-left: 5px solid var(--c); font-weight: 600; white-space: nowrap; }
.c1 { --c: var(--t1); } .c2 { --c: #e69f00; } .c3 { --c: #009e73; } .c0 { --c: #cc79a7; }
ul { list-style: none; margin: 0; padding: 0; }
li.notice { background: var(--paper); border: 1px solid var(--line);
  border-left: 5px solid var(--c); border-radius: 8px; padding: .8rem 1.1rem;
  margin: 0 0 .7rem; display: flex; gap: 1rem;
  align-items: baseline; break-inside: avoid; }
.word { color: var(--c); font-weight: 700; min-width: 9rem; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
li p { margin: 0; } li .more { color: var(--soft); font-size: .875rem; margin-top: .2rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); gap: 1rem;
  margin-top: 1.2rem; }
.charts.one { max-width: 34rem; }
figure { margin: 0; background: var(--paper); border: 1px solid var(--line); border-radius: 8px;
  padding: .9rem 1rem .6rem; break-inside: avoid; }
figcaption { font-weight: 600; margin: 0 0 .3rem; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 12px system-ui, "Segoe UI", Roboto, Arial, sans-serif; fill: var(--ink); }
svg .soft { fill: var(--soft); }
footer { color: var(--soft); font-size: .85rem; margin-top: 2.5rem; max-width: 46rem; }
@media (max-width: 32rem) { main { padding: 1.5rem .9rem; } li.notice { display: block; }
  .charts { grid-template-columns: 1fr; } }
@media (max-width: 52rem) { .figures { grid-template-columns: 1fr; }
  .figures .figure { grid-column: auto; } }
@media print { @page { size: A4; margin: 13mm; } html { font-size: 9.5pt; }
  body { background: #fff; font-size: 1rem; }
  main { padding: 0; max-width: none; } h1 { font-size: 17pt; } h2 { font-size: 12pt;
  margin: 1.1rem 0 .4rem; break-after: avoid; } .figures { grid-template-columns: repeat(6, 1fr);
  gap: .5rem; } .figures .figure { grid-column: span 2; }
  .figures .figure:nth-child(n+4) { grid-column: span 3; } .figure { padding: .5rem .7rem; }
  .figure .shown { font-size: 15pt; }
  .scroll { overflow: visible; } table { font-size: 8pt; } th, td { padding: .2rem .4rem; }
  tr { break-inside: avoid; } tr.total { break-before: avoid; }
  thead { display: table-header-group; }
  .charts { grid-template-columns: 1fr 1fr; } li.notice { padding: .4rem .7rem; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
"""


def report_html(page: Page) -> str:
    """Write the page; it loads nothing from anywhere, and every text is escaped."""
    figures = "\n".join(_figure(one) for one in page.figures)
    blocks = "\n".join(_block(one) for one in page.blocks)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(page.title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(page.title)}</h1>
<p class="lead">{escape(page.subtitle)}</p>
<section class="figures">
{figures}
</section>
{blocks}
<footer>{escape(page.footer)}</footer>
</main>
</body>
</html>
"""


def spelled(kind: Kind, shown: Shown, *, fine: bool | None = None) -> str:
    """Spell a value as the page shows it; a text stays as it is."""
    if shown is None or isinstance(shown, str):
        return shown or ""
    match kind:
        case "money":
            return amount_words(int(shown), fine=fine)
        case "change":
            return f"{'+' if shown > 0 else ''}{amount_words(int(shown), fine=fine)}"
        case "percent":
            return f"{shown:.1%}"
        case "count":
            return f"{shown:,}"
        case "text":
            return str(shown)


def _figure(figure: Figure) -> str:
    level = "note-level" if figure.level == "note" else figure.level
    unknown = " unknown" if isinstance(figure.shown, str) else ""
    return (
        f'<div class="figure {level}"><h3>{escape(figure.question)}</h3>'
        f'<p class="shown{unknown}">{escape(spelled(figure.kind, figure.shown))}</p>'
        f'<p class="beside">{escape(figure.beside)}</p></div>'
    )


def _block(block: Block) -> str:
    match block:
        case Table():
            return _table(block)
        case Notices():
            return _notices(block)
        case Charts():
            one = " one" if len(block.charts) == 1 else ""
            drawn = "\n".join(
                f"<figure><figcaption>{escape(chart.title)}</figcaption>{chart_svg(chart)}</figure>"
                for chart in block.charts
            )
            return f'<section class="charts{one}">{drawn}</section>'


def _notices(block: Notices) -> str:
    if not block.notices:
        body = f'<p class="note">{escape(block.otherwise)}</p>'
    else:
        body = "<ul>"
        for one in block.notices:
            level = "note-level" if one.level == "note" else one.level
            more = "".join(f'<p class="more">{escape(words)}</p>' for words in one.more)
            body += (
                f'<li class="notice {level}"><span class="word">{escape(one.word)}</span>'
                f"<div><p>{escape(one.sentence)}</p>{more}</div></li>"
            )
        body += "</ul>"
    return f"<section><h2>{escape(block.heading)}</h2>{body}</section>"


def _table(table: Table) -> str:
    head = "".join(f"<th{_side(column)}>{escape(column.heading)}</th>" for column in table.columns)
    lines = "\n".join(_line(table, line) for line in table.lines)
    if table.total:
        lines += f'\n<tr class="total">{_cells(table, Line(table.total))}</tr>'
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in table.notes)
    return (
        f"<section><h2>{escape(table.heading)}</h2>"
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'
        f"</div>{notes}</section>"
    )


def _line(table: Table, line: Line) -> str:
    return f"<tr>{_cells(table, line)}</tr>"


def _cells(table: Table, line: Line) -> str:
    cells: list[str] = []
    for place, (column, shown) in enumerate(zip(table.columns, line.cells, strict=True)):
        words = escape(spelled(column.kind, shown, fine=table.is_fine(place)))
        if line.tier and place == 0:
            colour = line.tier if line.tier in (1, 2, 3) else 0
            cells.append(f'<td class="tier c{colour}">{words}</td>')
        elif isinstance(shown, str) and column.kind != "text":
            cells.append(f'<td class="n u">{words}</td>')
        else:
            cells.append(f"<td{_side(column)}>{words}</td>")
    return "".join(cells)


def _side(column: Column) -> str:
    return "" if column.kind == "text" else ' class="n"'
