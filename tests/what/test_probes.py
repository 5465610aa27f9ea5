"""Every probe: sound evidence, deterministic, its head says what its kernel says, odd readings survive."""

from __future__ import annotations

import numpy as np
import pytest

from headstart.core.kinds import Preset
from headstart.core.watch import Silent
from headstart.what.distance import distance
from headstart.what.familiarity import Familiarity
from headstart.what.heads import HEADS
from headstart.what.look import look
from headstart.what.plan import plan
from headstart.what.probes import Looked, probe_all
from headstart.what.probes.names import class_names
from tests import synthetic


def looked(signal: float = 1.0, n: int = 40, taps: int = 3, *, regression: bool = False) -> Looked:
    labels = synthetic.balanced(n, 2)
    task = synthetic.regression(labels.astype(float)) if regression else synthetic.task(labels)
    values = {
        f"tap{i}": synthetic.features(labels, signal=signal * (i + 1) / taps, seed=i) for i in range(taps)
    }
    mirrored = {tap: x + 0.1 * synthetic.features(labels, signal=0.0, seed=9) for tap, x in values.items()}
    folds = synthetic.folds(n, labels=labels)
    return Looked(synthetic.reading(values), task, folds, mirrored=mirrored)


@pytest.mark.parametrize("regression", [False, True])
def test_every_probe_gives_sound_evidence_and_the_same_twice(regression):
    first, second = (probe_all(looked(regression=regression)) for _ in range(2))
    assert {p.candidate.strategy for p in first} == {"linear", "multi-tap", "neighbours"}
    assert len({p.candidate.id for p in first}) == len(first) == 6
    for one, other in zip(first, second, strict=True):
        synthetic.evidence_is_sound(one.evidence, looked(regression=regression).task, looked().folds)
        np.testing.assert_array_equal(one.evidence.predictions, other.evidence.predictions)


def test_heads_survive_being_written_down_and_predict_one_row():
    where = looked()
    for probe in probe_all(where):
        arrays, config = probe.head.state()
        again = HEADS[config["kind"]].from_state(arrays, config)
        features = dict(where.reading.features)
        np.testing.assert_array_equal(again.predict(features), probe.head.predict(features))
        assert probe.head.predict({tap: x[:1] for tap, x in features.items()}).shape == (1, 2)


def test_a_clear_signal_is_found_and_the_deepest_tap_ranks_first():
    where = looked(signal=2.0, n=80)
    found = look(where.task, [where.reading], where.folds, Silent())
    assert found.ranking[0].score > 0.9
    assert found.depth[-1].score >= found.depth[0].score
    assert distance(found.probes, where.task) is not None


def test_a_constant_tap_does_no_harm():
    labels = synthetic.balanced(40, 2)
    taps = {"dead": np.ones((40, 8), np.float32), "live": synthetic.features(labels, signal=1.5)}
    where = Looked(synthetic.reading(taps), synthetic.task(labels), synthetic.folds(40, labels=labels))
    for probe in probe_all(where):
        synthetic.evidence_is_sound(probe.evidence, where.task, where.folds)


def test_class_names_predict_without_labels_where_they_mean_something():
    labels = synthetic.balanced(40, 2)
    names = np.eye(2, 16, dtype=np.float32)
    rows = names[labels] + 0.05 * np.random.default_rng(0).normal(size=(40, 16)).astype(np.float32)
    reading = synthetic.reading({"last": rows})
    object.__setattr__(reading, "class_names", names)
    where = Looked(reading, synthetic.task(labels), synthetic.folds(40, labels=labels))
    (probe,) = class_names(where)
    synthetic.evidence_is_sound(probe.evidence, where.task, where.folds)
    assert (probe.head.predict({"last": rows}).argmax(1) == labels).mean() > 0.95


def test_a_far_input_is_unfamiliar_and_a_training_row_is_not():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(50, 8)).astype(np.float32) + 5
    known = Familiarity.of("last", rows, rng)
    assert known.unlike(-rows[:1])[0] == 1.0
    assert known.unlike(rows[:1])[0] < 0.5


def test_nothing_is_tuned_where_labels_are_too_few_and_something_where_there_are_enough():
    few, enough = looked(n=10), looked(n=40)
    for where, expected in ((few, 0), (enough, 1)):
        found = look(where.task, [where.reading], where.folds, Silent())
        assert bool(plan(found, where.task, Preset.BALANCED)) == bool(expected)
