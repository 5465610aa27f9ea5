"""The judge of the training loop."""

from __future__ import annotations

import numpy as np
import torch

from headstart.core.kinds import Kind
from headstart.training.head import starting_head
from headstart.training.loop import train
from headstart.training.objectives import cross_entropy
from headstart.training.reading import features
from headstart.training.states import cache_prefix
from headstart.training.tuning import Tuning
from tests import synthetic, tiny_networks

LABELS = synthetic.balanced(24, 3)


def tuned(judge, epochs=4):
    """A small tuning that `judge` looks at."""
    task = synthetic.task(LABELS, items=tiny_networks.stripes(LABELS))
    network = tiny_networks.images()
    states = cache_prefix(network, task.inputs, 8, 0, dtype=torch.float32)
    rows, coded = np.arange(24), np.eye(3, dtype=np.float32)[LABELS]
    head = starting_head(features(network, states, rows, dtype=torch.float32), coded, Kind.CLASSIFICATION)
    names = dict.fromkeys((name for name, _ in network.module.named_parameters()), 1.0)
    tuning = Tuning(cut=0, rates=names, epochs=epochs, batch_size=8)
    options = {"objective": cross_entropy(0.0), "dtype": torch.float32, "seed": 0, "judge": judge}
    return train(network, states, rows, coded, head, tuning, **options)


def test_it_is_asked_after_every_pass_with_the_weights_as_they_are():
    seen = []

    def judge(done):
        weights = next(iter(done.moving.values())).detach().clone()
        seen.append((done.number, weights, done.head.weight))
        return True

    assert tuned(judge).finished
    assert [number for number, _, _ in seen] == [1, 2, 3, 4]
    assert not torch.equal(seen[0][1], seen[1][1])
    assert not np.array_equal(seen[0][2], seen[1][2])


def test_it_may_end_the_tuning():
    found = tuned(lambda done: done.number < 2)
    assert found.steps == 2 * 3
    assert not found.finished


def test_being_looked_at_changes_nothing():
    alone, watched = tuned(None), tuned(lambda done: True)
    for name, tensor in alone.tensors.items():
        assert torch.equal(tensor, watched.tensors[name])
