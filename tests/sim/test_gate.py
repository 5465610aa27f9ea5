"""The gate: never worse than source or control by more than the margin, and the words say what is known."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from headstart.core.kinds import Decision
from headstart.metrics.returns import interquartile_mean
from headstart.sim.gate import Compared, hopeless, rule

STARTS = np.random.default_rng(0).normal(0.0, 20.0, 10)


def returned(level, spread=1.0, seed=1):
    return tuple(level + STARTS + np.random.default_rng(seed).normal(0.0, spread, 10))


def compared(zero=None, tuned=None, control=None, seeds=5):
    def rows(level):
        return tuple(returned(level, 5.0, 10 + seed) for seed in range(seeds)) if level is not None else ()

    def one(level, seed):
        return None if level is None else returned(level, 1.0, seed)

    return Compared(one(zero, 1), one(tuned, 2), one(control, 3), rows(control), rows(tuned))


def test_a_tuning_that_surely_gains_is_handed_back():
    found = rule(compared(zero=-1000, tuned=-300, control=-1400), 0.05, 0)
    assert (found.kept, found.decision) == ("tuned", Decision.TRANSFER)
    assert found.over_source.interval.low > 0


def test_the_source_stays_as_it_is_where_tuning_is_no_sure_gain():
    found = rule(compared(zero=-171, tuned=-170.5, control=-1400), 0.05, 0)
    assert (found.kept, found.decision) == ("zero-shot", Decision.TRANSFER)
    assert "no sure gain" in found.reason


def test_what_harms_is_refused_and_the_control_is_handed_back():
    found = rule(compared(zero=-1300, tuned=-1200, control=-400), 0.05, 0)
    assert (found.kept, found.decision) == ("control", Decision.NO_TRANSFER)


def test_what_cannot_be_told_apart_is_undecided():
    wide = [tuple(row) for row in np.random.default_rng(0).normal(-100, 60, (5, 10))]
    found = rule(Compared(wide[0], None, wide[1], tuple(wide[1:]), ()), 0.05, 0)
    assert found.decision is Decision.UNDECIDED


def test_a_source_that_cannot_act_there_still_ends_in_a_control():
    assert rule(compared(control=-200), 0.05, 0).kept == "control"


def test_without_a_control_the_source_is_handed_back_and_nothing_is_claimed():
    found = rule(compared(zero=-200), 0.05, 0)
    assert (found.kept, found.decision) == ("zero-shot", Decision.UNDECIDED)


@settings(deadline=None)  # two bootstraps each
@given(
    zero=st.floats(-2000, 2000), tuned=st.floats(-2000, 2000), control=st.floats(-2000, 2000),
    spread=st.floats(0.1, 200), seed=st.integers(0, 99),
)  # fmt: skip
def test_on_the_episodes_judged_it_is_never_worse_than_the_better_of_both_by_more_than_the_margin(
    zero, tuned, control, spread, seed
):
    rng = np.random.default_rng(seed)
    rows = [tuple(level + STARTS + rng.normal(0, spread, 10)) for level in (zero, tuned, control)]
    found = rule(Compared(rows[0], rows[1], rows[2], (rows[2],), (rows[1],)), 0.05, 0)
    heights = [float(interquartile_mean(row)) for row in rows]
    kept = heights[{"zero-shot": 0, "tuned": 1, "control": 2}[found.kept]]
    assert kept >= max(heights[0], heights[2]) - found.margin - 1e-6


def test_a_hopeless_arm_is_stopped_and_a_promising_or_unclear_one_is_not():
    reference = [-100.0, -120.0, -90.0]
    assert hopeless([[-500.0, -510, -490], [-505, -480, -500]], reference, looks=4)
    assert not hopeless([[-90.0, -100, -80], [-80, -110, -90]], reference, looks=4)
    assert not hopeless([[-500.0, -110, -90], [-80, -110, -90]], reference, looks=4)
    assert not hopeless([[-500.0, -510, -490]], reference, looks=4)  # one learner tells nothing


def test_an_arm_that_is_as_good_as_the_source_is_rarely_stopped():
    rng, stopped = np.random.default_rng(0), 0
    for _ in range(200):
        starts = rng.normal(0, 30, 3)
        rows = [rng.normal(0, 10) + starts + rng.normal(0, 20, 3) for _ in range(2)]
        stopped += hopeless(rows, starts + rng.normal(0, 20, 3), looks=4)
    assert stopped <= 20
