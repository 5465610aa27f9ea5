"""Weights that were never trained are told from weights that were."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from headstart.sources.trained import looks_untrained, prominence


def network(seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(3, 32, 3), nn.BatchNorm2d(32), nn.Conv2d(32, 64, 3), nn.Linear(64, 48), nn.Linear(48, 32)
    )


@pytest.mark.parametrize("seed", range(3))
def test_a_fresh_network_looks_untrained(seed):
    assert looks_untrained(network(seed))


@pytest.mark.parametrize("start", [nn.init.normal_, nn.init.xavier_uniform_, nn.init.trunc_normal_])
def test_the_way_of_starting_does_not_matter(start):
    module = network()
    for parameter in module.parameters():
        if parameter.ndim > 1:
            start(parameter)
    assert looks_untrained(module)


def test_training_leaves_its_mark():
    module = network()
    with torch.no_grad():
        for parameter in module.parameters():
            if parameter.ndim > 1:  # what gradients of a few strong directions add up to
                flat = parameter.view(len(parameter), -1)
                flat += 3 * flat.std() * torch.outer(torch.randn(len(flat)), torch.randn(flat.shape[1])) / 4
    assert not looks_untrained(module)


def test_where_there_is_nothing_to_see_nothing_is_claimed():
    assert not looks_untrained(nn.Module())
    assert not looks_untrained(nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4)))
    assert not looks_untrained(nn.Sequential(nn.Embedding(10, 8, dtype=torch.float32)))


def test_broken_matrices_do_not_look_random():
    assert prominence(torch.zeros(32, 32)) == float("inf")
    assert prominence(torch.full((32, 32), float("nan"))) == float("inf")
