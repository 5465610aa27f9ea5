"""Surgery keeps what a policy does on what both environments share, to 1e-6, whatever the mapping."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headstart.core.errors import SimulationError
from headstart.sim import surgery
from headstart.sim.contract import Mapping
from headstart.sim.surgery import Layer, Scaling

FLOOR = 1e-8
TOLERANCE = 1e-6


@st.composite
def mappings(draw):
    """A mapping between random spaces: some dropped, some new, in any order, in any unit."""

    def side(most):
        ours = draw(st.integers(1, most))
        kept = draw(st.lists(st.integers(0, ours - 1), unique=True, min_size=1))
        new = draw(st.integers(0, 3))
        found = draw(st.permutations([*kept, *[None] * new]))
        units = draw(
            st.lists(
                st.sampled_from([1.0, 0.01, 57.29577951308232, 3.6]), min_size=len(found), max_size=len(found)
            )
        )
        return (
            ours,
            tuple(found),
            tuple(u if index is not None else 1.0 for u, index in zip(units, found, strict=True)),
        )

    seen, observations, observation_factors = side(8)
    done, acts, action_factors = side(4)
    return Mapping(
        observations=observations, observation_factors=observation_factors, actions=acts,
        action_factors=action_factors, source_observations=seen, source_actions=done,
    )  # fmt: skip


def network(mapping, seed, inputs=None, outputs=None):
    random = np.random.default_rng(seed)
    sizes = [inputs or mapping.source_observations, 16, 16, outputs or mapping.source_actions]
    return [Layer(random.normal(size=(b, a)) / np.sqrt(a), random.normal(size=b) * 0.1)
            for a, b in pairwise(sizes)]  # fmt: skip


def forward(layers, x):
    for layer in layers[:-1]:
        x = np.tanh(x @ layer.weight.T + layer.bias)
    return x @ layers[-1].weight.T + layers[-1].bias


def both_sides(mapping, means, seed, n=20):
    """What the source would observe, its missing numbers at their means, and the target beside it."""
    random = np.random.default_rng(seed)
    source = random.normal(size=(n, mapping.source_observations)) * 2
    source[:, list(mapping.missing_observations)] = means[list(mapping.missing_observations)]
    target = random.normal(size=(n, len(mapping.observations))) * 5  # new sensors may read anything
    for at, (index, times) in enumerate(zip(mapping.observations, mapping.observation_factors, strict=True)):
        if index is not None:
            target[:, at] = source[:, index] / times
    return source, target


def shared(outputs, mapping, *, factors=False):
    """Outputs of the source in the target's order, new ones left out."""
    at = [index for index in mapping.actions if index is not None]
    times = [t for t, i in zip(mapping.action_factors, mapping.actions, strict=True) if i is not None]
    return outputs[:, at] * (np.array(times) if factors else 1.0)


def kept(outputs, mapping):
    return outputs[:, [at for at, index in enumerate(mapping.actions) if index is not None]]


@given(mapping=mappings(), seed=st.integers(0, 10**6), scaled=st.booleans())
@settings(deadline=None)
def test_actions_on_the_shared_part_are_kept(mapping, seed, scaled):
    layers = network(mapping, seed)
    means = np.random.default_rng(seed + 1).normal(size=mapping.source_observations)
    source, target = both_sides(mapping, means, seed + 2)
    first = surgery.first_layer(layers[0], mapping, means=means, normalised=False)
    last = surgery.last_layer(layers[-1], mapping, choices=False, scaled=scaled)
    after = kept(forward([first, *layers[1:-1], last], target), mapping)
    np.testing.assert_allclose(after, shared(forward(layers, source), mapping, factors=not scaled),
                               atol=TOLERANCE)  # fmt: skip


@given(mapping=mappings(), seed=st.integers(0, 10**6))
@settings(deadline=None)
def test_normalised_observations_are_kept_with_their_clipping(mapping, seed):
    random = np.random.default_rng(seed)
    scaling = Scaling(random.normal(size=mapping.source_observations),
                      random.uniform(0.01, 4, mapping.source_observations))  # fmt: skip
    layers = network(mapping, seed)
    source, target = both_sides(mapping, scaling.mean, seed + 2)

    def acting(scale, first, last, x):
        z = np.clip((x - scale.mean) / np.sqrt(scale.var + FLOOR), -1.5, 1.5)
        return forward([first, *layers[1:-1], last], z)

    refitted = surgery.scaling(scaling, mapping, floor=FLOOR)
    first = surgery.first_layer(layers[0], mapping, means=None, normalised=True)
    last = surgery.last_layer(layers[-1], mapping, choices=False)
    after = kept(acting(refitted, first, last, target), mapping)
    before = shared(acting(scaling, layers[0], layers[-1], source), mapping)
    np.testing.assert_allclose(after, before, atol=TOLERANCE)


@given(mapping=mappings(), seed=st.integers(0, 10**6))
@settings(deadline=None)
def test_the_best_known_choice_stays_the_choice(mapping, seed):
    layers = network(mapping, seed)
    means = np.zeros(mapping.source_observations)
    source, target = both_sides(mapping, means, seed + 2)
    first = surgery.first_layer(layers[0], mapping, means=means, normalised=False)
    last = surgery.last_layer(layers[-1], mapping, choices=True)
    chosen = forward([first, *layers[1:-1], last], target).argmax(1)
    known = [at for at, index in enumerate(mapping.actions) if index is not None]
    best = shared(forward(layers, source), mapping)
    gap = np.sort(best, axis=1)
    clear = (gap[:, -1] - gap[:, -2] > 1e-9) if best.shape[1] > 1 else np.ones(len(best), bool)
    assert (chosen[clear] == np.array(known)[best.argmax(1)][clear]).all()


@given(mapping=mappings(), seed=st.integers(0, 10**6))
@settings(deadline=None)
def test_a_critic_judges_the_shared_part_as_before(mapping, seed):
    layers = network(mapping, seed, inputs=mapping.source_observations + mapping.source_actions, outputs=1)
    random = np.random.default_rng(seed + 3)
    means = random.normal(size=mapping.source_observations)
    source, target = both_sides(mapping, means, seed + 2)
    done = random.normal(size=(len(source), mapping.source_actions))
    done[:, list(mapping.missing_actions)] = 0
    doing = random.normal(size=(len(source), len(mapping.actions)))
    for at, (index, times) in enumerate(zip(mapping.actions, mapping.action_factors, strict=True)):
        if index is not None:
            doing[:, at] = done[:, index] * times
    first = surgery.critic_layer(layers[0], mapping, means=means, normalised=False)
    before = forward(layers, np.hstack([source, done]))
    np.testing.assert_allclose(
        forward([first, *layers[1:]], np.hstack([target, doing])), before, atol=TOLERANCE
    )


def one_to_one(**changes):
    settings = {
        "observations": (0, 1), "observation_factors": (1.0, 1.0), "actions": (0,), "action_factors": (1.0,),
        "source_observations": 2, "source_actions": 1,
    }  # fmt: skip
    return Mapping(**(settings | changes))


def test_where_nothing_differs_nothing_changes_and_types_stay():
    layer = Layer(np.ones((3, 2), np.float32), np.ones(3, np.float32))
    after = surgery.first_layer(layer, one_to_one(), means=None, normalised=False)
    np.testing.assert_array_equal(after.weight, layer.weight)
    assert after.weight.dtype == after.bias.dtype == np.float32


def test_a_new_force_starts_at_its_middle():
    layer = Layer(np.ones((1, 3)), np.ones(1))
    after = surgery.last_layer(layer, one_to_one(actions=(0, None), action_factors=(1.0, 1.0)), choices=False)
    assert not after.weight[1].any()
    assert after.bias[1] == 0


def test_a_missing_observation_whose_mean_is_not_known_is_refused():
    mapping = one_to_one(observations=(0,), observation_factors=(1.0,))
    with pytest.raises(SimulationError, match="on average"):
        surgery.first_layer(Layer(np.ones((3, 2)), np.ones(3)), mapping, means=None, normalised=False)


def test_spaces_that_cannot_be_mapped_are_refused():
    with pytest.raises(SimulationError, match="no observation"):
        surgery.scaling(
            Scaling(np.zeros(2), np.ones(2)), one_to_one(impossible="no observation fits"), floor=0.0
        )
