"""What each piece would cost, and which limits that leaves; what a finished model is found to meet."""

from __future__ import annotations

import math

import numpy as np

from headstart.core.specification import Specification
from headstart.core.watch import Silent
from headstart.how.race import Race
from headstart.metrics.intervals import wilson
from headstart.recipes import meeting, pricing
from headstart.recipes.requirements import Known, Recall, check
from headstart.recipes.speed import milliseconds
from headstart.what.look import look
from headstart.when.controls import controls
from tests import synthetic, tiny_networks

NOTHING = Race((), {})


def limits(asked: Specification | None):
    labels = synthetic.balanced(30, 3)
    task = synthetic.task(labels)
    folds = synthetic.folds(30, labels=labels)
    read = synthetic.reading({"last": synthetic.features(labels, signal=1.0, seed=1)})
    found = look(task, [read], folds, Silent())
    plain = controls(task, folds, Silent())
    networks = {"pypi:test": tiny_networks.texts()}
    return pricing.limits(asked, task, plain, found, NOTHING, networks, max_networks=2), plain


def test_without_a_latency_or_a_size_nothing_is_priced():
    assert not limits(None)[0].prices
    assert not limits(Specification(input_size=128))[0].prices
    assert limits(None)[0].networks == 2


def test_every_network_and_control_has_its_bytes():
    found, plain = limits(Specification(size_mb=100))
    assert set(found.prices) == {"pypi:test@32", *(c.candidate.id for c in plain)}
    assert found.prices["pypi:test@32"].own_bytes > 0
    assert found.prices["pypi:test@32"].source == "pypi:test"
    assert found.size_bytes == 100e6
    assert math.isinf(found.ms)


def test_a_size_that_nothing_but_a_guess_meets_does_not_restrict():
    assert math.isinf(limits(Specification(size_mb=1e-6))[0].size_bytes)


def test_a_source_counts_with_the_files_it_lies_in(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 100)
    assert pricing.folder_bytes(tmp_path) == 100
    assert pricing.folder_bytes(None) == 0


def test_milliseconds_are_of_one_example():
    inputs = synthetic.task(synthetic.balanced(8, 2)).inputs
    seen = []
    (cost,) = milliseconds([lambda some: seen.append(len(some))], inputs, rows=4, rounds=3)
    assert seen == [4, 4, 4]
    assert cost >= 0.0


def test_wilsons_interval_lies_in_0_to_1_and_closes_in_with_more_rows():
    for hits, n in ((0, 5), (5, 5), (3, 7)):
        few, many = wilson(hits, n), wilson(100 * hits, 100 * n)
        assert 0.0 <= few.low <= hits / n <= few.high <= 1.0
        assert many.high - many.low < few.high - few.low
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)


def test_recalls_are_counted_by_class_out_of_fold():
    labels = synthetic.balanced(6, 2)
    task = synthetic.task(labels)
    answers = np.eye(2)[labels]
    answers[0] = answers[0][::-1]
    found = meeting.recalls(task, answers, synthetic.folds(6, labels=labels))
    first, second = (found[name] for name in task.classes)
    assert sorted([(first.right, first.of), (second.right, second.of)]) == [(2, 3), (3, 3)]
    assert first.widening > 1.0


def test_what_is_not_met_and_what_is_not_known_are_findings_and_what_is_met_is_none():
    asked = Specification(latency_ms=10, size_mb=10, per_class_floors={"a": 0.9, "b": 0.9})
    recalls = {"a": Recall(2, 30), "b": Recall(28, 30)}
    lines = check(asked, Known(classes=("a", "b"), recalls=recalls, latency_ms=25.0, size_bytes=1))
    found = {one.code: one for one in meeting.failures(lines, 3)}
    assert set(found) == {"HS-R32", "HS-R33", "HS-R37"}
    assert "headstart distil" in found["HS-R33"].remedy
    assert "network of the 3" in found["HS-R33"].remedy
    assert "'a'" in found["HS-R32"].remedy
    assert "short by 15" in found["HS-R33"].detail
    (alone,) = (one for one in meeting.failures(lines, 1) if one.code == "HS-R33")
    assert "distil" not in alone.remedy
