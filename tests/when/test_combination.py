"""Combining helps, useless sources are turned away, and the numbers are honest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headstart.core.candidate import Candidate
from headstart.core.evidence import Evidence
from headstart.core.kinds import Decision, Kind
from headstart.core.standing import Standing
from headstart.core.watch import Silent
from headstart.what.probes import Looked, probe_all
from headstart.when.controls import controls
from headstart.when.gate import gate
from headstart.when.judge import compare, shut_where_behind
from headstart.when.limits import MAX_NETWORKS, network_of
from headstart.when.stack import (
    CONTROL_SHARE,
    TUNED_SHARE,
    classification_weights,
    mixture_weights,
    prior_weights,
    regression_weights,
)
from headstart.when.verdict import at_odds, labels_to_settle, unread, verdict
from tests import synthetic


def run(signal: float, *, n: int = 60, seed: int = 0, sources: int = 2):
    labels = synthetic.balanced(n, 3)
    task = synthetic.task(labels)
    folds = synthetic.folds(n, seed=seed, labels=labels)
    evidence = [c.evidence for c in controls(task, folds, Silent())]
    for index in range(sources):
        taps = {
            name: synthetic.features(labels, signal=signal, seed=seed + 10 * index + place)
            for place, name in enumerate(("low", "high"))
        }
        read = synthetic.reading(taps, source=f"pypi:s{index}")
        evidence += [p.evidence for p in probe_all(Looked(read, task, folds))]
    return compare(evidence, task, folds), task


def said(comparison, task):
    return verdict(comparison, task, distance=None, label_equivalents=None, looked_at_sources=2)


def test_a_useful_source_is_transferred():
    comparison, task = run(1.0)
    found = said(comparison, task)
    assert found.decision is Decision.TRANSFER
    assert found.gate_passed
    assert found.interval.low > 0
    assert found.probability_of_gain > 0.9


def at_odds_with(gain: float, *, is_sound: bool = True) -> str:
    comparison, _ = run(1.2)
    told = replace(comparison.gate, is_sound=is_sound)
    return at_odds(replace(comparison, gain=gain, spread=0.05, gate=told))


def test_a_gain_below_zero_beside_a_high_probability_is_explained_by_what_made_it():
    assert "helped on other tasks" in at_odds_with(-0.01)
    assert "the score does not show one" in at_odds_with(0.0)


def test_where_gain_and_probability_agree_nothing_needs_a_word():
    assert at_odds_with(0.05) == at_odds_with(-0.2) == ""
    assert at_odds_with(-0.01, is_sound=False) == at_odds_with(0.01, is_sound=False) == ""


def test_a_combination_that_is_surely_behind_by_the_metric_is_not_handed_back():
    comparison, task = run(1.2)
    behind = shut_where_behind(replace(comparison, gain=-0.3, spread=0.02))
    assert not said(behind, task).gate_passed
    assert said(behind, task).decision is Decision.NO_TRANSFER
    sound = replace(comparison.gate, is_sound=True)
    level = replace(comparison, gain=-0.01, spread=0.02, gate=sound)
    assert shut_where_behind(level) is level
    likelier = replace(comparison, gain=-0.01, spread=0.02, gate=replace(sound, is_sound=False))
    assert not shut_where_behind(likelier).gate.passed


def test_where_a_level_combination_is_handed_back_the_reason_is_the_one_that_holds():
    comparison, task = run(1.2)
    level = replace(comparison, gain=0.0, spread=0.1, gate=replace(comparison.gate, is_sound=True))
    assert "helped elsewhere" in said(level, task).reason
    unknown = replace(level, gate=replace(level.gate, is_sound=False))
    assert "probabilities fit the examples better" in said(unknown, task).reason


@pytest.mark.parametrize("gain", [-0.02, 0.0, 0.02])
def test_labels_that_would_settle_it_go_by_what_is_believed_of_the_gain(gain):
    comparison, task = run(1.2)
    few, many = (labels_to_settle(replace(comparison, gain=gain, spread=s), task) for s in (0.05, 0.1))
    assert 0 < few < many <= 100_000


def test_a_perfect_control_of_values_leaves_nothing_to_divide_by_and_nothing_breaks():
    comparison, task = run(1.2)
    values = replace(
        task, kind=Kind.REGRESSION, metric="neg_rmse", classes=(), targets=np.linspace(0.0, 1.0, len(task))
    )
    perfect = replace(comparison, gain=0.0, control_score=replace(comparison.control_score, estimate=0.0))
    assert labels_to_settle(perfect, values) > 0


def test_the_smallest_gain_that_could_be_shown_is_where_the_word_changes():
    comparison, task = run(1.2)
    smallest = said(comparison, task).minimum_detectable_gain
    above, below = (said(replace(comparison, gain=smallest * by), task) for by in (1.02, 0.98))
    assert above.decision is Decision.TRANSFER
    assert below.decision is Decision.UNDECIDED


def test_a_run_stopped_before_any_source_was_read_knows_nothing_and_says_so():
    comparison, task = run(0.0, sources=0)
    found = unread(comparison, task)
    assert found.decision is Decision.UNDECIDED
    assert found.probability_of_gain == pytest.approx(0.5, abs=0.01)
    assert found.interval.low < 0 < found.interval.high
    assert "Stopped before a source was read" in found.reason
    assert not found.gate_passed


def test_useless_sources_rarely_pass_the_gate():
    """The trap: at few labels the best of many useless candidates looks good. Fewer than 1 in 3 pass."""
    passed = [run(0.0, n=30, seed=seed)[0].gate.passed for seed in range(30)]
    assert np.mean(passed) <= 0.3


def test_no_source_hands_back_the_control():
    comparison, task = run(0.0, sources=0)
    found = said(comparison, task)
    assert not found.gate_passed
    assert found.decision is Decision.NO_TRANSFER
    assert found.gain == found.interval.low == found.interval.high == 0.0
    assert "control" in found.reason


def test_weights_are_shares_and_networks_are_pruned():
    comparison, _ = run(0.5, sources=5)
    for weights in (comparison.weights, comparison.control_weights):
        assert weights.sum() == pytest.approx(1.0)
        assert (weights >= 0).all()
    pairs = zip(comparison.pool.candidates, comparison.weights, strict=True)
    used = {network_of(candidate) for candidate, weight in pairs if weight > 0} - {None}
    assert len(used) <= MAX_NETWORKS


def test_the_same_evidence_gives_the_same_comparison():
    first, second = run(0.5)[0], run(0.5)[0]
    assert first.gain == second.gain
    assert (first.weights == second.weights).all()


def test_mixture_weights_find_the_better_predictor_and_obey_a_strong_prior():
    likelihood = np.tile([0.8, 0.3], (200, 1))
    assert mixture_weights(likelihood, np.ones(2), pull=0.0)[0] > 0.99
    assert mixture_weights(likelihood, np.array([1.0, 9.0]), pull=1e6)[1] > 0.89


def test_few_rows_stay_near_the_prior():
    rng = np.random.default_rng(0)
    likelihood = rng.uniform(0.3, 0.7, size=(6, 4))
    weights = classification_weights(likelihood, np.ones(4) / 4)
    assert weights.min() > 0.05


def test_regression_weights_find_the_truth_among_values():
    rng = np.random.default_rng(0)
    truth = rng.normal(size=100)
    values = np.stack([truth + 0.1 * rng.normal(size=100), rng.normal(size=100)], 1)
    weights = regression_weights(values, truth, np.ones(2))
    assert weights.sum() == pytest.approx(1.0)
    assert weights[0] > 0.8


def test_the_prior_shares_out_by_source_and_keeps_a_part_for_controls():
    named = [
        Candidate("a", "s1", "linear"),
        Candidate("b", "s1", "multi-tap"),
        Candidate("c", "s2", "linear"),
        Candidate("d", None, "majority"),
    ]
    share = prior_weights(named, {})
    assert share.sum() == pytest.approx(1.0)
    assert share[3] == pytest.approx(CONTROL_SHARE)
    assert share[0] + share[1] == pytest.approx(share[2])
    known = prior_weights(named, {"s1": Standing(3.0)})
    assert known[0] + known[1] == pytest.approx(3 * known[2])


def test_the_probes_of_a_source_begin_alike_and_what_was_tuned_from_it_has_its_own_part():
    named = [
        Candidate("a", "s1", "linear"),
        Candidate("b", "s1", "multi-tap"),
        Candidate("c", "s1", "full", rung=4),
        Candidate("d", "s2", "full", rung=4),
    ]
    share = prior_weights(named, {})
    assert share[0] == share[1]
    assert share[2] == pytest.approx(TUNED_SHARE / 2)
    assert share[3] == pytest.approx(share[:3].sum()) == pytest.approx(0.5)


@pytest.mark.parametrize("is_sound", [True, False])
def test_the_gate_opens_for_a_clear_lead_and_not_for_a_clear_loss(is_sound):
    folds = synthetic.folds(40)
    noise = 0.1 * np.random.default_rng(0).normal(size=(2, 40))
    assert gate(noise + 0.5, np.zeros((2, 40)), folds, is_sound=is_sound).passed
    assert not gate(noise - 0.5, np.zeros((2, 40)), folds, is_sound=is_sound).passed


def test_a_tie_is_given_to_sources_that_are_known_to_see_and_to_no_others():
    tied, folds = np.zeros((2, 40)), synthetic.folds(40)
    assert gate(tied, tied, folds, is_sound=True).passed
    assert not gate(tied, tied, folds, is_sound=False).passed


def test_a_candidate_that_ran_one_repeat_does_not_cost_the_others_theirs():
    labels = synthetic.balanced(60, 3)
    task = synthetic.task(labels)
    folds = synthetic.folds(60, repeats=3, labels=labels)
    control = controls(task, folds, Silent())[0].evidence
    once = np.full((3, 60, 3), np.nan)
    once[0] = np.eye(3)[labels] * 0.7 + 0.1
    dear = Evidence(Candidate("dear", "pypi:s", "lp_ft", rung=3), once)
    pool = compare([control, dear], task, folds).pool
    assert pool.folds.n_repeats == 3
    assert np.isfinite(pool.outer).all()
    assert (pool.outer[1, 2] == once[0]).all()
