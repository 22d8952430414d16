"""The rubric as one self-contained page that a creative team can read, and print."""

from html import escape

from tierbook.model import HOLD_TIER, Configuration
from tierbook.routing.rubric import CompiledRubric, CompiledRule
from tierbook.routing.wording import conditions, effects, test_in_words, tier_in_words

# Okabe-Ito colours, told apart by colour-blind readers too; the tier's name always stands by.
_STYLE = """
:root { --ink: #1c2430; --soft: #5b6675; --line: #dde2e8; --paper: #fff; --ground: #f4f6f8;
  --t0: #6b7280; --t1: #0072b2; --t2: #b35c00; --t3: #00795a; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 3rem 1.5rem 4rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; margin: 3rem 0 .25rem; }
.lead, .note { color: var(--soft); max-width: 42rem; margin: 0 0 1.5rem; }
.tiers { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem; }
.tier { background: var(--paper); border: 1px solid var(--line); border-top: 4px solid var(--c);
  border-radius: 8px; padding: 1rem 1.1rem; }
.tier h3 { margin: 0 0 .4rem; font-size: 1.05rem; color: var(--c); }
dl { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem;
  font-size: .9rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
ol { list-style: none; margin: 0; padding: 0; }
.rule { background: var(--paper); border: 1px solid var(--line); border-left: 5px solid var(--c);
  border-radius: 8px; margin: 0 0 .8rem; padding: .9rem 1.2rem 1rem; break-inside: avoid; }
.rule header { display: flex; gap: .7rem; align-items: baseline; flex-wrap: wrap; }
.place { color: var(--soft); font-size: .85rem; font-variant-numeric: tabular-nums; }
.name { font-weight: 600; }
.chip { color: #fff; background: var(--c); border-radius: 99px; padding: .05rem .7rem;
  font-size: .85rem; font-weight: 600; white-space: nowrap; }
.why { margin: .25rem 0 0; color: var(--soft); }
.asks { margin: .3rem 0 0; } .asks b { font-weight: 600; }
.asks i { font-style: normal; color: var(--soft); }
.sets { display: flex; flex-wrap: wrap; gap: .2rem 1.6rem; margin-top: .6rem;
  padding-top: .5rem; border-top: 1px solid var(--line); }
.sets div { display: flex; gap: .4rem; }
.c0 { --c: var(--t0); } .c1 { --c: var(--t1); } .c2 { --c: var(--t2); } .c3 { --c: var(--t3); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; background: var(--paper); font-size: .8rem; }
th, td { border: 1px solid var(--line); padding: .35rem .5rem; text-align: left;
  vertical-align: top; }
th { background: #eef1f4; font-weight: 600; } td.open { color: #98a2ae; }
td.t { color: var(--c); font-weight: 600; white-space: nowrap; }
footer { color: var(--soft); font-size: .85rem; margin-top: 2.5rem; }
@media print { @page { size: A4; margin: 14mm; } body { background: #fff; font-size: 10.5pt; }
  main { padding: 0; max-width: none; } .tiers { grid-template-columns: repeat(3, 1fr); }
  .rule { padding: .5rem .9rem .6rem; margin-bottom: .5rem; }
  .table { break-before: page; } .scroll { overflow: visible; }
  table { font-size: 7pt; } th, td { padding: .2rem .3rem; } tr { break-inside: avoid; }
  thead { display: table-header-group; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
"""


def rubric_html(
    configuration: Configuration, compiled: CompiledRubric, title: str, how_to_read: str
) -> str:
    """Write the page: the tiers, every rule in words, and the table as it stands in the sheet.

    The page loads nothing from anywhere; every text of the seller's is escaped.
    """
    rules = "\n".join(
        _rule(configuration, compiled, rule, at) for at, rule in enumerate(compiled.rules, start=1)
    )
    tiers = "\n".join(_tier(configuration, tier.number) for tier in configuration.tiers)
    policy = compiled.policy.value.capitalize()
    reading = how_to_read if policy == "First" else f"The table's hit policy is {policy}."
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
<p class="lead">Which pictures get which care, and why.</p>
<section class="tiers">
{tiers}
</section>
<h2>The rules, in order</h2>
<p class="note">{escape(reading)}</p>
<ol>
{rules}
</ol>
<section class="table">
<h2>The same rules as a table</h2>
<p class="note">As they stand in the tab “{escape(compiled.rubric.sheet)}”.</p>
<div class="scroll">
{_table(configuration, compiled)}
</div>
</section>
<footer>Written by Tierbook from the rubric in the workbook.</footer>
</main>
</body>
</html>
"""


def _colour(tier: int) -> str:
    return f"c{tier if tier in (1, 2, 3) else HOLD_TIER}"


def _facts(facts: list[tuple[str, str]]) -> str:
    return "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)


def _tier(configuration: Configuration, number: int) -> str:
    tier = configuration.tier(number)
    assert tier is not None  # noqa: S101  called with the numbers of the tiers there are
    facts = [
        ("Made by", tier.engine or "no engine yet"),
        ("Candidates", str(tier.candidates)),
        ("Review", tier.review),
        ("Prompt", tier.prompt_template or "none"),
    ]
    name = escape(tier_in_words(configuration, number))
    return f'<div class="tier {_colour(number)}"><h3>{name}</h3><dl>{_facts(facts)}</dl></div>'


def _rule(
    configuration: Configuration, compiled: CompiledRubric, rule: CompiledRule, place: int
) -> str:
    asked = "".join(
        f"<div><i>if</i> <b>{escape(name)}</b> <i>is</i> {escape(words)}</div>"
        for name, words in conditions(compiled, rule)
    )
    why = f'<p class="why">{escape(rule.rule.why)}</p>' if rule.rule.why else ""
    sets = "".join(f"<div>{_facts([fact])}</div>" for fact in effects(rule.answer))
    return f"""<li class="rule {_colour(rule.answer.tier)}">
<header><span class="place">{place}</span><span class="name">{escape(rule.rule.name)}</span>
<span class="chip">{escape(tier_in_words(configuration, rule.answer.tier))}</span></header>
{why}
<div class="asks">{asked or "<div>every picture that no rule above has taken</div>"}</div>
{f'<dl class="sets">{sets}</dl>' if sets else ""}
</li>"""


def _table(configuration: Configuration, compiled: CompiledRubric) -> str:
    headings = "".join(f"<th>{escape(name)}</th>" for name in ("Rule", *compiled.inputs, "Tier"))
    rows = "\n".join(
        f"<tr><td>{escape(rule.rule.name)}</td>"
        + "".join(
            f"<td>{escape(test_in_words(test, heading))}</td>"
            if at in rule.asks()
            else '<td class="open">any</td>'
            for at, (test, heading) in enumerate(zip(rule.tests, compiled.inputs, strict=True))
        )
        + f'<td class="t {_colour(rule.answer.tier)}">'
        + f"{escape(tier_in_words(configuration, rule.answer.tier).partition(':')[0])}</td></tr>"
        for rule in compiled.rules
    )
    return f"<table><thead><tr>{headings}</tr></thead><tbody>\n{rows}\n</tbody></table>"
