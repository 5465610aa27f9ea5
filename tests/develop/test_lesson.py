"""Learning on pairs: a way to begin for classes of texts, judged with a head that fits what came of it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from headstart.core.kinds import Preset
from headstart.develop import bench
from headstart.develop.bench import Bench
from headstart.develop.contest import develop
from headstart.develop.parts import divided
from headstart.develop.problem import Problem
from headstart.develop.start import continued, on_pairs
from tests import synthetic, tiny_networks

LABELS = synthetic.balanced(120, 3)
RNG = np.random.default_rng(0)
TEXTS = [" ".join(f"w{3 * int(word) + label}" for word in RNG.integers(0, 9, 6)) for label in LABELS]


@pytest.fixture
def problem(monkeypatch) -> Problem:
    """Texts whose words tell their class; nothing is timed."""
    monkeypatch.setattr(bench.precision, "choose", lambda *a, **b: SimpleNamespace(dtype="float32"))
    monkeypatch.setattr(bench.step_precision, "choose", lambda *a, **b: torch.float32)
    task = synthetic.task(LABELS, items=TEXTS)
    return Problem(task, divided(task))


def starts(problem: Problem):
    plain = continued(tiny_networks.texts(), problem.task.inputs, Preset.FAST)
    return plain, on_pairs(plain)


def test_pairs_are_another_start_from_the_same_parent_with_a_head_that_waits(problem):
    plain, pairs = starts(problem)
    assert pairs.id == f"{plain.id}/pairs"
    assert (pairs.parent, pairs.network, pairs.size) == (plain.parent, plain.network, plain.size)
    assert pairs.tuning.head_rate == 0.0
    assert set(pairs.tuning.rates) == set(plain.tuning.rates)


def test_what_learned_on_pairs_answers_with_a_head_that_fits_its_features(problem):
    _, pairs = starts(problem)
    attempt = Bench(pairs, problem).attempt(60, float("inf"))
    first, last = attempt.curve[0], attempt.curve[-1]
    assert last.train_loss < first.train_loss
    assert attempt.kept is not None
    made = develop([pairs], problem)
    truth = problem.task.targets[problem.parts.test]
    assert (made.answers.argmax(1) == truth).mean() > 0.6  # chance: a third


def test_both_ways_are_tried_and_the_better_one_is_kept(problem):
    made = develop(list(starts(problem)), problem)
    assert {attempt.start.id for attempt in made.tries} == {"pypi:tiny", "pypi:tiny/pairs"}
    assert made.best.loss == min(attempt.loss for attempt in made.tries)


def test_the_same_seed_gives_the_same_bytes_and_the_network_is_put_back(problem):
    _, pairs = starts(problem)
    before = {name: value.clone() for name, value in pairs.network.module.state_dict().items()}
    first, again = (Bench(pairs, problem).attempt(2, float("inf")) for _ in range(2))
    assert all(torch.equal(first.kept.tensors[name], again.kept.tensors[name]) for name in first.kept.tensors)
    assert all(torch.equal(before[name], value) for name, value in pairs.network.module.state_dict().items())
