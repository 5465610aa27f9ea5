"""The loop moves what it is told to, gives the network back, and repeats itself to the byte."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch

from headstart.core.errors import SourceError
from headstart.core.kinds import Kind, Modality
from headstart.training.head import starting_head
from headstart.training.loop import Diverged, Tuned, train
from headstart.training.objectives import cross_entropy, supervised_contrastive
from headstart.training.reading import features
from headstart.training.states import cache_prefix
from headstart.training.tuning import Tuning
from tests import synthetic, tiny_networks

LABELS = synthetic.balanced(30, 3)
ROWS = np.arange(30)
CODED = np.eye(3, dtype=np.float32)[LABELS]
TOP = tuple(f"{block}.{name}" for block in (2,) for name in ("0.weight", "0.bias", "1.weight", "1.bias"))
TUNING = Tuning(cut=2, rates=dict.fromkeys(TOP, 1.0), epochs=6, peak_rate=5e-3, batch_size=8)


@pytest.fixture
def network() -> Iterator[tiny_networks.TinyImages]:
    lent = tiny_networks.images()
    before = {name: value.clone() for name, value in lent.module.state_dict().items()}
    yield lent
    for name, value in lent.module.state_dict().items():
        assert torch.equal(value, before[name]), f"{name} was not put back"


def tune(network: tiny_networks.Tiny, tuning: Tuning = TUNING, *, seed: int = 0, **more: object) -> Tuned:
    task = synthetic.task(LABELS, items=tiny_networks.stripes(LABELS), modality=Modality.IMAGE)
    states = cache_prefix(network, task.inputs, 8, tuning.cut, dtype=torch.float32)
    head = starting_head(features(network, states, ROWS, dtype=torch.float32), CODED, Kind.CLASSIFICATION)
    objective = more.pop("objective", cross_entropy(0.1))
    return train(
        network,
        states,
        ROWS,
        CODED,
        head,
        tuning,
        objective=objective,
        dtype=torch.float32,
        seed=seed,
        **more,
    )


def same(first: Tuned, second: Tuned) -> bool:
    tensors = all(torch.equal(first.tensors[name], second.tensors[name]) for name in first.tensors)
    return tensors and np.array_equal(first.head.weight, second.head.weight)


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not(network):
    first = tune(network)
    assert same(first, tune(network))
    assert not same(first, tune(network, seed=1))


def test_only_what_is_named_moves_and_all_of_it_does(network):
    tuned = tune(network)
    assert tuple(tuned.tensors) == TOP
    start = dict(network.module.named_parameters())
    assert all(not torch.equal(tuned.tensors[name], start[name]) for name in TOP)
    assert tuned.finished
    assert tuned.steps == 6 * 4


def test_the_loss_falls(network):
    assert tune(network, replace(TUNING, epochs=15)).loss < tune(network, replace(TUNING, epochs=1)).loss


def test_a_head_rate_of_zero_keeps_the_head(network):
    kept, moved = tune(network, replace(TUNING, head_rate=0.0)), tune(network)
    assert not np.array_equal(kept.head.weight, moved.head.weight)
    again = tune(network, replace(TUNING, head_rate=0.0, epochs=1))
    np.testing.assert_array_equal(kept.head.weight, again.head.weight)


def test_an_anchor_pulls_towards_the_start(network):
    def moved(anchor: float) -> float:
        tuned = tune(network, replace(TUNING, anchor=anchor, weight_decay=0.0))
        start = network.module.state_dict()
        return sum(float((tuned.tensors[name] - start[name]).square().sum()) for name in TOP)

    assert moved(100.0) < 0.5 * moved(0.0)


def test_other_starting_values_are_taken(network):
    drawn = {"2.0.weight": torch.zeros(8, 8, 3, 3)}
    still = replace(TUNING, peak_rate=0.0, epochs=1)
    assert torch.equal(tune(network, still, start=drawn).tensors["2.0.weight"], drawn["2.0.weight"])


def test_few_rows_are_passed_more_often_rather_than_left_with_few_steps():
    tuning = Tuning(cut=0, epochs=2, least_steps=90, batch_size=32)
    assert tuning.steps(100) == 92
    assert tuning.steps(6400) == 400


def test_mixing_states_changes_what_is_learned(network):
    assert not same(tune(network), tune(network, replace(TUNING, mixup=0.4)))


def test_a_deadline_that_has_passed_leaves_an_unfinished_tuning(network):
    tuned = tune(network, deadline=time.monotonic() - 1.0)
    assert not tuned.finished
    assert tuned.steps == 0


def test_a_loss_that_is_no_number_is_named(network):
    with pytest.raises(Diverged, match="the loss is nan at step 1 of 24"):
        tune(network, objective=lambda scores, features, targets: scores.sum() * float("nan"))


def test_a_source_that_cannot_be_trained_is_refused():
    with pytest.raises(SourceError, match="cannot be trained"):
        tune(tiny_networks.images(tunable=False))


def test_a_name_that_the_network_does_not_have_is_refused(network):
    with pytest.raises(SourceError, match="'nowhere'"):
        tune(network, replace(TUNING, rates={"nowhere": 1.0}))


def test_contrastive_loss_is_small_when_classes_are_apart_and_large_when_mixed():
    loss = supervised_contrastive(0.1)
    coded = torch.eye(2)[[0, 0, 1, 1]]
    apart = torch.tensor([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [0.1, 1.0]])
    assert loss(coded, apart, coded) < 0.1 < loss(coded, apart[[0, 2, 1, 3]], coded)


def test_contrastive_loss_ignores_a_row_that_is_alone_with_its_class():
    loss = supervised_contrastive(0.1)
    coded = torch.eye(3)
    assert float(loss(coded, torch.eye(3), coded)) == 0.0
