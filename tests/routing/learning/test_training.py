from datetime import date, timedelta

import numpy as np
import pytest

from tierbook.model import text_column
from tierbook.routing.learning import train
from tierbook.routing.learning.features import learn_coding
from tierbook.routing.learning.log import read_log
from tierbook.routing.learning.logistic import Design
from tierbook.routing.learning.split import Split, split_by_time
from tierbook.routing.learning.training import chance_auc


def changed(log, **columns):
    """Replace or add columns; headings are written with underscores for spaces."""
    return {**log, **{h.replace("_", " "): text_column(list(v)) for h, v in columns.items()}}


def count(log):
    return len(log["SKU"])


def first_rows(log, rows):
    return {heading: column[:rows] for heading, column in log.items()}


def failed(router):
    return [gate.name for gate in router.gates if not gate.passed]


def refused(log, settings):
    router, problems = train(log, settings)
    assert router is None
    (problem,) = [p for p in problems if p.severity == "error"]
    assert problem.fix
    return problem


def test_a_router_that_is_better_passes_every_gate(router):
    """On a log with exploration and a real pattern, cheaper routing shows and is trusted."""
    assert router.passed, failed(router)
    approval = router.evidence.estimates["approval, difference"]["DR"]
    cost = router.evidence.estimates["cost, difference"]["DR"]
    assert approval.low > -0.02
    assert cost.high < 0


def test_the_same_log_trains_the_same_router(router, log, settings):
    """Training draws no chance of its own but the seed."""
    again, _ = train(log, settings)
    assert again.gates == router.gates
    assert (again.logistic.in_tier == router.logistic.in_tier).all()


def test_the_later_period_shares_nothing_with_the_earlier(log, settings):
    """No product on both sides, and every outcome learned from was known before the test began."""
    read, _ = read_log(log, settings)
    split = split_by_time(read)
    assert not set(split.earlier.product.tolist()) & set(split.later.product.tolist())
    assert split.earlier.outcome.max() < split.later.decided.min()
    assert split.later.decided.min() - split.earlier.decided.max() > split.gap_days


def test_products_that_return_stay_in_one_period(log, settings):
    """Where every product is in both periods, half of them go to each side."""
    sku = [f"S{row % 400}" for row in range(count(log))]
    read, _ = read_log(changed(log, SKU=sku), settings)
    split = split_by_time(read)
    assert not set(split.earlier.product.tolist()) & set(split.later.product.tolist())
    assert min(len(split.earlier), len(split.later)) > 1_000


def test_a_column_that_tells_the_outcome_is_a_leak(log, settings):
    """A feature filled in after the review makes the model too good to be true."""
    told = ["kept" if yes else "binned" for yes in log["Approved"]]
    router, _ = train(changed(log, Folder=told), settings)
    assert not router.passed
    assert "no leak: not too good to be true" in failed(router)


def test_labels_dealt_by_chance_show_a_split_that_leaks(log, settings):
    """With the same products on both sides and a column that names them, chance is known again."""
    rows = count(log)
    family = [f"family {row % 40}" for row in range(rows)]
    named = changed(log, SKU=family, Family=family)
    read, _ = read_log(named, settings)
    coding = learn_coding(read.columns)
    sizes = np.array([feature.size for feature in coding.features])
    codes = coding.codes(read.columns, len(read))
    design = Design(codes, sizes, np.searchsorted([1, 2, 3], read.tier), 3)
    leaking = Split(read, read, 0)
    assert chance_auc(leaking, design, codes, design.served, 0) > 0.9
    halves = split_by_time(read)
    honest = Split(halves.earlier, halves.later, halves.gap_days)
    earlier = coding.codes(halves.earlier.columns, len(halves.earlier))
    later = coding.codes(halves.later.columns, len(halves.later))
    learned = Design(earlier, sizes, np.searchsorted([1, 2, 3], halves.earlier.tier), 3)
    served = np.searchsorted([1, 2, 3], halves.later.tier)
    assert abs(chance_auc(honest, learned, later, served, 0) - 0.5) < 0.2


def test_a_log_in_which_nothing_was_tried_cannot_pass(world, settings):
    """Without exploration a better policy cannot be told from a worse one."""
    log = world.log(world.period(6_000, 0, 180), share=0.0, seed=2)
    router, _ = train(log, settings)
    assert "enough of what it would change was tried" in failed(router)


def test_propensities_nobody_wrote_down_are_no_evidence(log, settings):
    """A log without propensities trains a model, and its gates stay shut."""
    without = {heading: column for heading, column in log.items() if heading != "Propensity"}
    router, _ = train(without, settings)
    assert not router.passed


@pytest.mark.parametrize("heading", ["SKU", "Tier", "Rubric tier", "Decided on", "Approved"])
def test_a_log_without_a_needed_column_is_refused(log, settings, heading):
    """The missing column is named."""
    without = {name: column for name, column in log.items() if name != heading}
    problem = refused(without, settings)
    assert problem.code == "log-incomplete"
    assert f'"{heading}"' in problem.message


def test_a_short_log_is_refused(log, settings):
    """Four hundred rows are no basis."""
    assert refused(first_rows(log, 400), settings).code == "log-too-short"


def test_a_log_of_approvals_only_is_refused(log, settings):
    """One class cannot be told apart."""
    problem = refused(changed(log, Approved=["yes"] * count(log)), settings)
    assert problem.code == "log-one-class"
    assert "approved" in problem.message


def test_a_log_of_one_tier_is_refused(log, settings):
    """Tiers never tried cannot be learned."""
    problem = refused(changed(log, Tier=[2] * count(log)), settings)
    assert problem.code == "log-one-tier"
    assert "tier 2" in problem.message


def test_a_log_of_constant_columns_is_refused(log, settings):
    """Nothing tells one picture from another."""
    own = ("SKU", "Tier", "Decided on", "Outcome on", "Approved", "Propensity", "Cost")
    bare = {name: column for name, column in log.items() if name in own}
    problem = refused(changed(bare, Rubric_tier=[1] * count(log)), settings)
    assert problem.code == "log-constant"


def test_a_log_of_one_day_is_refused(log, settings):
    """There is no later period in it."""
    one = [date(2026, 3, 1)] * count(log)
    problem = refused(changed(log, Decided_on=one, Outcome_on=one), settings)
    assert problem.code == "log-period-too-short"


def test_rows_that_cannot_count_are_left_out_and_counted(log, settings):
    """Open rows, unknown tiers, missing dates and outcomes before the decision, each by number."""
    small = first_rows(log, 2_000)
    approved, tier = list(small["Approved"]), list(small["Tier"])
    decided, outcome = list(small["Decided on"]), list(small["Outcome on"])
    approved[:5] = [None] * 5
    tier[5:8] = [7, None, "x"]
    decided[8] = "soon"
    outcome[9] = decided[9] - timedelta(days=1)
    read, problems = read_log(
        changed(small, Approved=approved, Tier=tier, Decided_on=decided, Outcome_on=outcome),
        settings,
    )
    assert len(read) == 1_990
    counts = {problem.code: problem.message.split()[0] for problem in problems}
    assert counts == {
        "log-rows-unreadable": "4",
        "log-rows-open": "5",
        "log-dates-backwards": "1",
    }


def test_dates_may_stand_in_any_order_and_as_text(log, settings):
    """A shuffled log with ISO dates trains the same model."""
    small = first_rows(log, 3_000)
    order = np.random.default_rng(0).permutation(3_000)
    shuffled = {heading: column[order] for heading, column in small.items()}
    as_text = changed(shuffled, Decided_on=[day.isoformat() for day in shuffled["Decided on"]])
    read, _ = read_log(small, settings)
    again, _ = read_log(as_text, settings)
    assert sorted(read.decided.tolist()) == sorted(again.decided.tolist())
    assert read.approved.sum() == again.approved.sum()


def test_reviews_are_read_as_people_write_them(log, settings):
    """approve, reject, redo and yes, no under the heading Review."""
    small = first_rows(log, 6)
    del small["Approved"]
    words = ["approve", "Reject ", "redo", "yes", False, None]
    read, _ = read_log(changed(small, Review=words), settings)
    assert read.approved.tolist() == [1, 0, 0, 1, 0]


def test_conversion_is_learned_where_there_is_enough(log, settings):
    """With orders in every tier the lift differs from one; with few it is not modelled."""
    n = count(log)
    tier = np.array(list(log["Tier"]), np.int64)
    orders = np.random.default_rng(5).binomial(200, 0.01 * tier)
    router, _ = train(changed(log, Visits=[200] * n, Orders=orders.tolist()), settings)
    codes = router.coding.codes(log, n)[:50]
    lift = router.lift(codes, np.zeros(50, np.intp))
    assert (lift[:, 0] == 1).all()
    assert lift[:, 2].mean() == pytest.approx(3, rel=0.25)
    few, _ = train(changed(log, Visits=[2] * n, Orders=[0] * n), settings)
    assert few.conversion is None
