"""A combination stays within what it may cost, and its score is that of what stays."""

from __future__ import annotations

import math

import numpy as np
import pytest

from headstart.core.candidate import Candidate
from headstart.core.watch import Silent
from headstart.what.probes import Looked, probe_all
from headstart.when.controls import controls
from headstart.when.judge import compare
from headstart.when.limits import Limits, Price, network_of
from tests import synthetic


def candidate(source: str | None, size: int = 32) -> Candidate:
    return Candidate(f"{source}:{size}", source, "linear", settings={"size": size})


FAST, SLOW, CONTROL = candidate("fast"), candidate("slow"), candidate(None)
PRICES = {"fast@32": Price(2.0, 10, "fast"), "slow@32": Price(50.0, 10, "slow"), CONTROL.id: Price(1.0, 5)}
SHARED = {"fast": 100, "slow": 900}
ALL, WEIGHTS = [FAST, SLOW, CONTROL], [0.3, 0.6, 0.1]


def test_without_limits_the_heaviest_networks_stay_beside_every_control():
    assert Limits(1).heaviest(ALL, WEIGHTS) == {"slow@32", CONTROL.id}
    assert Limits(2).heaviest(ALL, WEIGHTS) == {"slow@32", "fast@32", CONTROL.id}


def test_what_does_not_fit_makes_room_for_the_next():
    assert Limits(3, ms=10.0, prices=PRICES).heaviest(ALL, WEIGHTS) == {"fast@32", CONTROL.id}
    assert Limits(3, ms=2.5, prices=PRICES).heaviest(ALL, WEIGHTS) == {"fast@32"}


def test_the_bytes_of_a_source_count_once():
    twice = Limits(size_bytes=125, prices={**PRICES, "fast@64": Price(1.0, 10, "fast")}, shared_bytes=SHARED)
    assert twice.excess(["fast@32", "fast@64"]) == pytest.approx(120 / 125)
    assert not twice.admits(SLOW)


def test_where_nothing_fits_the_nearest_is_kept():
    assert Limits(3, ms=0.1, prices=PRICES).heaviest(ALL, WEIGHTS) == {CONTROL.id}


def judged(limits: Limits):
    labels = synthetic.balanced(60, 3)
    task = synthetic.task(labels)
    folds = synthetic.folds(60, labels=labels)
    evidence = [c.evidence for c in controls(task, folds, Silent())]
    for index, signal in enumerate((1.5, 0.8)):
        taps = {"last": synthetic.features(labels, signal=signal, seed=index)}
        read = synthetic.reading(taps, source=f"pypi:s{index}")
        evidence += [p.evidence for p in probe_all(Looked(read, task, folds))]
    return compare(evidence, task, folds, limits=limits)


def used(comparison) -> set[str | None]:
    pairs = zip(comparison.pool.candidates, comparison.weights, strict=True)
    return {network_of(candidate) for candidate, weight in pairs if weight > 0} - {None}


def test_a_network_beyond_the_limit_has_no_weight_and_no_part_in_the_score():
    prices = {"pypi:s0@32": Price(90.0), "pypi:s1@32": Price(5.0)}
    free, bound = judged(Limits()), judged(Limits(ms=50.0, prices=prices))
    assert "pypi:s0@32" in used(free)
    assert used(bound) == {"pypi:s1@32"}
    assert bound.score.estimate < free.score.estimate
    assert not np.array_equal(bound.predictions, free.predictions)


def test_where_no_network_is_within_the_limits_the_control_is_all_there_is():
    dear = {f"pypi:s{index}@32": Price(90.0) for index in range(2)}
    comparison = judged(Limits(ms=50.0, prices=dear))
    assert comparison.gate is None
    assert comparison.gain == 0.0
    assert not used(comparison)


def test_limits_that_do_not_bind_change_nothing():
    wide = Limits(ms=1e9, size_bytes=1e12, prices={"pypi:s0@32": Price(1.0, 1)})
    np.testing.assert_array_equal(judged(wide).predictions, judged(Limits()).predictions)
    assert Limits().excess([]) == 0.0
    assert math.isinf(Limits().ms)


def test_the_sources_that_no_limit_lets_in_are_named():
    assert Limits().shut_out(ALL) == ()
    assert Limits(3, ms=10.0, prices=PRICES).shut_out(ALL) == ("slow",)
    smaller = candidate("slow", 16)
    assert Limits(3, ms=10.0, prices=PRICES).shut_out([*ALL, smaller]) == ()
