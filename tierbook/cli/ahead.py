"""The verbs of looking ahead: fit, train."""

from pathlib import Path

import click

from tierbook.cli.picturing import dollars
from tierbook.cli.screen import book_argument, json_option, print_document, say, say_table


@click.command()
@book_argument
@click.option("--budget", required=True, metavar="USD", help="What all pictures may cost.")
@click.option("--write", is_flag=True, help="Write the tiers into your Tier override column.")
@json_option
def fit(book: Path, budget: str, write: bool, as_json: bool) -> None:
    """Find the best use of a fixed budget."""
    from tierbook import ahead, app, telling
    from tierbook.model import usd_rounded

    amount = dollars(budget, "--budget") or 0
    done = ahead.fit(book, amount, app.SystemClock(), write=write)
    found, tiers = done.fit, done.answers.configuration.tiers
    if as_json:
        print_document(
            {
                "workbook": str(book),
                "budget_micro_usd": amount,
                "cost_micro_usd": found.plan.cost,
                "value": found.plan.value,
                "bound": found.plan.bound,
                "proven": found.plan.proven,
                "left_out": int(found.left_out.sum()),
                "by_tier": {str(t.number): int((found.tier == t.number).sum()) for t in tiers},
                "curve": [[point.cost_micro_usd, point.value] for point in found.curve],
                "sentences": list(found.sentences),
                "page": str(done.page),
                "problems": [telling.problem_document(one) for one in done.problems],
            }
        )
    for text in telling.problems_words(done.problems, book.name):
        say(text)
    rows: list[tuple[str, ...]] = [
        (
            f"{tier.number} {tier.name}",
            f"{int((found.tier == tier.number).sum()):,}",
            usd_rounded(int(found.cost[found.tier == tier.number].sum())),
        )
        for tier in tiers
    ]
    say_table(rows, ("Tier", "Pictures", "Cost"))
    for sentence in found.sentences:
        say(sentence)
    if done.saved is not None:
        say(f"The tiers are in the column Tier override of {done.saved.path}. No money moved.")
    else:
        say("Your workbook is as it was; --write puts the tiers into your Tier override column.")
    say(f"Value against cost, and what is left out: {done.page}.")


@click.command()
@click.argument("log", type=click.Path(path_type=Path))
@click.option(
    "--for", "book", type=click.Path(path_type=Path), help="The workbook the router is for."
)
@json_option
def train(log: Path, book: Path | None, as_json: bool) -> None:
    """Teach the learned router from past decisions: a log (.csv, .parquet) or your workbook."""
    from tierbook import ahead, app, telling

    done = ahead.train(log, book, app.SystemClock())
    router = done.router
    if as_json:
        print_document(
            {
                "trained": router is not None,
                "passed": bool(router and router.passed),
                "file": str(done.file) if done.file else None,
                "card": str(done.card) if done.card else None,
                "gates": [
                    {"name": gate.name, "passed": gate.passed, "measured": gate.measured}
                    for gate in (router.gates if router else ())
                ],
                "settings": str(done.saved.path) if done.saved else None,
                "problems": [telling.problem_document(one) for one in done.problems],
            }
        )
    for text in telling.problems_words(done.problems, log.name):
        say(text)
    if router is None:
        say("Nothing was learned; the rubric goes on deciding.")
        raise SystemExit(1)
    for gate in router.gates:
        say(f"{'passed' if gate.passed else 'FAILED'}  {gate.name}: {gate.measured}")
    verdict = "may decide" if router.passed else "may not decide; the rubric goes on"
    say(f"The router {verdict}. It is kept in {done.file}; its card is {done.card}.")
    if done.saved is not None:
        undone = f"; the workbook as it was: {done.saved.backup}" if done.saved.backup else ""
        say(f"Its seal, period and gates stand in tab Settings of {done.saved.path}{undone}.")
