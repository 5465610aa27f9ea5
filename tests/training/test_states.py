"""A frozen prefix runs once; where its states do not fit it runs again, with the same result."""

from __future__ import annotations

import numpy as np
import torch

from headstart.core.kinds import Kind, Modality
from headstart.training.head import starting_head
from headstart.training.loop import train
from headstart.training.objectives import cross_entropy
from headstart.training.reading import features
from headstart.training.states import Cached, Recomputed, cache_prefix, joined
from headstart.training.tuning import Tuning
from tests import synthetic, tiny_networks

LABELS = synthetic.balanced(24, 3)
ROWS = np.arange(24)
INPUTS = synthetic.task(LABELS, items=tiny_networks.stripes(LABELS), modality=Modality.IMAGE).inputs


def test_tuning_gives_the_same_bytes_with_and_without_the_cache():
    network = tiny_networks.images()
    coded = np.eye(3, dtype=np.float32)[LABELS]
    tuning = Tuning(cut=2, rates={"3.weight": 1.0, "3.bias": 1.0}, epochs=3, batch_size=8)
    cached = cache_prefix(network, INPUTS, 8, 2, dtype=torch.float32)
    again = Recomputed(network, INPUTS, 8, 2, torch.float32, (False,))
    head = starting_head(features(network, cached, ROWS, dtype=torch.float32), coded, Kind.CLASSIFICATION)
    results = []
    for states in (cached, again):
        before = network.prefix_rows
        tuned = train(
            network,
            states,
            ROWS,
            coded,
            head,
            tuning,
            objective=cross_entropy(0.1),
            dtype=torch.float32,
            seed=0,
        )
        results.append((tuned.tensors["3.weight"], network.prefix_rows - before))
    torch.testing.assert_close(results[0][0], results[1][0])
    assert [rows for _, rows in results] == [0, 3 * 24]


def test_states_that_do_not_fit_are_made_again():
    network = tiny_networks.images()
    assert isinstance(cache_prefix(network, INPUTS, 8, 2, dtype=torch.float32, memory_bytes=10**6), Cached)
    assert isinstance(cache_prefix(network, INPUTS, 8, 2, dtype=torch.float32, memory_bytes=1000), Recomputed)


def test_a_mirrored_view_lies_beside_the_plain_one():
    network = tiny_networks.images()
    cached = cache_prefix(network, INPUTS, 8, 0, dtype=torch.float32, flips=(False, True))
    again = Recomputed(network, INPUTS, 8, 0, torch.float32, (False, True))
    rows, views = np.array([3, 5, 7]), np.array([1, 0, 1])
    assert len(cached) == len(again) == 24
    torch.testing.assert_close(cached.gather(rows, views)[0], again.gather(rows, views)[0])
    torch.testing.assert_close(cached.gather(rows, views)[0][0], cached.gather(rows)[0][0].flip(-1))


def test_states_of_a_half_as_wide_type_are_kept_as_they_are():
    network = tiny_networks.images()
    cached = cache_prefix(network, INPUTS, 8, 2, dtype=torch.bfloat16)
    assert isinstance(cached, Cached)
    assert cached.tensors[0].dtype == torch.bfloat16
    assert features(network, cached, ROWS, dtype=torch.float32).dtype == np.float32


def test_shorter_texts_are_padded_with_a_mask_of_zero():
    hidden, mask = joined([(torch.ones(1, 2, 4), torch.ones(1, 2)), (torch.ones(2, 5, 4), torch.ones(2, 5))])
    assert hidden.shape == (3, 5, 4)
    assert mask.sum(1).tolist() == [2.0, 5.0, 5.0]


def test_a_text_network_is_cut_between_its_blocks():
    network = tiny_networks.texts()
    inputs = synthetic.Held(synthetic.words(10))
    whole = features(
        network, cache_prefix(network, inputs, 6, 0, dtype=torch.float32), np.arange(10), dtype=torch.float32
    )
    for cut in (1, 2, 3):
        states = cache_prefix(network, inputs, 6, cut, dtype=torch.float32)
        np.testing.assert_allclose(
            features(network, states, np.arange(10), dtype=torch.float32), whole, atol=1e-6
        )
