"""Surgery: the layers of a policy that meet the world, refitted to another environment's spaces.

Arrays in, arrays out. What a policy does on what both environments share is kept exactly (to rounding):
columns of the first layer and rows of the last are permuted, a missing observation is replaced by its
training mean (folded into the bias), a new one starts with weights of zero, unit factors are folded in. The
layers between are not touched. It is function-preserving growth (Net2Net, Chen et al., ICLR 2016), and its
reverse.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import SimulationError
from headstart.sim.contract.mapping import Mapping

Array = NDArray[np.floating]
MARGIN = 0.1  # a new choice's value lies this far below that of the choice it is copied from


class Layer(NamedTuple):
    """Weights [outputs, inputs] and bias [outputs]."""

    weight: Array
    bias: Array


class Scaling(NamedTuple):
    """Running mean and variance of observations, each [observations]."""

    mean: Array
    var: Array


def first_layer(layer: Layer, mapping: Mapping, *, means: Array | None, normalised: bool) -> Layer:
    """The first layer [hidden, source observations] for the target's observations.

    Args:
        layer: of the source's policy.
        mapping: as `headstart.sim.contract.mapping` gives it.
        means: [source observations] what the policy read on average in training; None is enough where nothing
            is missing, or where observations are normalised (there the mean is 0).
        normalised: `scaling` refits the normalisation before this layer, and has the factors in it.

    Raises:
        SimulationError: the spaces cannot be mapped; an observation is missing and its mean is not given.
    """
    _possible(mapping)
    factors = [1.0] * len(mapping.observations) if normalised else list(mapping.observation_factors)
    if normalised:
        means = np.zeros(mapping.source_observations)
    return inputs(layer, mapping.observations, factors, means)


def critic_layer(layer: Layer, mapping: Mapping, *, means: Array | None, normalised: bool) -> Layer:
    """The first layer of a critic [hidden, source observations + actions], which reads both.

    A missing action is taken to be 0. The arguments are those of `first_layer`.
    """
    split = mapping.source_observations
    seen = Layer(layer.weight[:, :split], layer.bias)
    refitted = first_layer(seen, mapping, means=means, normalised=normalised)
    factors = [1.0 / times for times in mapping.action_factors]
    rest = Layer(layer.weight[:, split:], refitted.bias)
    acting = inputs(rest, mapping.actions, factors, np.zeros(mapping.source_actions))
    return Layer(np.concatenate([refitted.weight, acting.weight], axis=1), acting.bias)


def scaling(source: Scaling, mapping: Mapping, *, floor: float) -> Scaling:
    """The normalisation (x - mean) / sqrt(var + floor) for the target's observations.

    A new observation gets mean 0 and variance 1. Where units differ the variance is such that the normalised
    value stays the same with `floor` in it, so it may lie a hair below 0.
    """
    _possible(mapping)
    mean, var = np.zeros(len(mapping.observations)), np.ones(len(mapping.observations))
    for at, (index, times) in enumerate(zip(mapping.observations, mapping.observation_factors, strict=True)):
        if index is not None:
            mean[at] = source.mean[index] / times
            var[at] = source.var[index] if times == 1.0 else (source.var[index] + floor) / times**2 - floor
    return Scaling(mean.astype(source.mean.dtype), var.astype(source.var.dtype))


def last_layer(layer: Layer, mapping: Mapping, *, choices: bool, scaled: bool = True) -> Layer:
    """The last layer [source actions, hidden] for the target's actions.

    Args:
        layer: of the source's policy (its values of choices or logits, its means, its log deviations).
        mapping: as `headstart.sim.contract.mapping` gives it.
        choices: the largest output is the choice: a new one is a copy of a known one, `MARGIN` behind it, so
            that it is not taken before tuning. Else a new action has weights and bias 0.
        scaled: outputs are scaled to the limits of the actions afterwards, which have the units in them;
            False where they are the actions themselves: the factors are folded in here.
    """
    _possible(mapping)
    known = next(index for index in mapping.actions if index is not None)
    weight = np.zeros((len(mapping.actions), layer.weight.shape[1]))
    bias = np.zeros(len(mapping.actions))
    for at, (index, times) in enumerate(zip(mapping.actions, mapping.action_factors, strict=True)):
        factor = 1.0 if scaled or choices else times
        if index is not None:
            weight[at], bias[at] = layer.weight[index] * factor, layer.bias[index] * factor
        elif choices:
            weight[at], bias[at] = layer.weight[known], layer.bias[known] - MARGIN
    return Layer(weight.astype(layer.weight.dtype), bias.astype(layer.bias.dtype))


def inputs(
    layer: Layer, sources: Sequence[int | None], factors: Sequence[float], fill: Array | None
) -> Layer:
    """Columns of `layer` for other inputs: for each the old index or None, and the factor to its old unit.

    An old input that is used no more is held at its value in `fill`, folded into the bias.

    >>> old = Layer(np.array([[1.0, 2.0]]), np.array([0.5]))
    >>> inputs(old, [None, 0], [1.0, 10.0], np.array([0.0, 3.0]))
    Layer(weight=array([[ 0., 10.]]), bias=array([6.5]))
    """
    weight = np.zeros((len(layer.weight), len(sources)))
    for at, (index, times) in enumerate(zip(sources, factors, strict=True)):
        if index is not None:
            weight[:, at] = layer.weight[:, index].astype(np.float64) * times
    unused = sorted(set(range(layer.weight.shape[1])) - set(sources))
    if unused and fill is None:
        raise SimulationError(
            f"{len(unused)} inputs of the policy are missing, and what it read there on average is not known",
            expected="the mean of each observation in training",
        )
    bias = layer.bias.astype(np.float64)
    if unused and fill is not None:
        bias = bias + layer.weight[:, unused].astype(np.float64) @ np.asarray(fill, np.float64)[unused]
    return Layer(weight.astype(layer.weight.dtype), bias.astype(layer.bias.dtype))


def _possible(mapping: Mapping) -> None:
    if mapping.impossible:
        raise SimulationError(mapping.impossible, remedy="`headstart sim inspect A B` says what would help.")
