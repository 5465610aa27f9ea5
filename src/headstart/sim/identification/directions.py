"""Directions in which parameters can change together without anything that the trajectories would show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headstart.sim.identification.prediction import Predictor
from headstart.sim.identification.refinement import PRIOR_SD, Fit
from headstart.sim.identification.restarts import Array
from headstart.sim.identification.scale import Scale
from headstart.sim.identification.windows import Windows

VAGUE_SD = PRIOR_SD / 2  # of the range; a direction that is less sure was hardly learned from the data
LEAST_EXPONENT = 0.2  # of the largest in a direction; the rest is left out of its name
AS_GOOD = 0.01  # of the typical error: a place that is worse by less is as good


@dataclass(frozen=True, slots=True)
class Alike:
    """Parameters that can only be told together: multiplying each by k to its exponent changes nothing that
    these trajectories show. One parameter alone is not told at all.

    Attributes:
        exponents: of the parameters that matter in it, by name.
        direction: [p] the same on the cube's scale, of length 1.

    >>> str(Alike((("gravity", 1.0), ("mass", -2.0)), np.ones(2)))
    'gravity x k, mass / k^2'
    """

    exponents: tuple[tuple[str, float], ...]
    direction: Array

    def __str__(self) -> str:
        return ", ".join(f"{name} {_power(exponent)}" for name, exponent in self.exponents)

    def ends(self, place: Array) -> Array:
        """[2, p]: where the line through `place` in this direction leaves the cube."""
        moving = np.abs(self.direction) > 1e-9
        steps = (np.array([[0.0], [1.0]]) - place[moving]) / self.direction[moving]
        back, on = steps.min(0).max(), steps.max(0).min()
        ends = np.stack([place + back * self.direction, place + on * self.direction])
        return np.asarray(np.clip(ends, 0.0, 1.0))


def alike(fit: Fit, scale: Scale) -> tuple[Alike, ...]:
    """The directions that the trajectories say nothing of, the vaguest first."""
    by_factor = fit.information.sum(0) / np.outer(scale.widths, scale.widths)  # by the logarithms of values
    sizes, directions = np.linalg.eigh(by_factor)
    found = []
    for size, direction in zip(sizes, directions.T, strict=True):
        on_cube = direction / scale.widths
        across = float(np.linalg.norm(on_cube))
        if size <= 0 or across / np.sqrt(size) >= VAGUE_SD:
            found.append(Alike(_named(scale.names, direction), on_cube / across))
    return tuple(found)


def nearest_to_usual(predictor: Predictor, windows: Windows, place: Array, vague: tuple[Alike, ...]) -> Array:
    """Of all places that are as good, the one nearest to the simulator's own values."""
    for one in vague:
        wanted = float(one.direction @ (predictor.scale.defaults - place))
        new = place + wanted * one.direction
        fits = bool(np.all((new >= 0) & (new <= 1)))
        if fits and predictor.loss(new, windows) <= predictor.loss(place, windows) + AS_GOOD:
            place = new
    return place


def _named(names: tuple[str, ...], direction: Array) -> tuple[tuple[str, float], ...]:
    exponents = direction / direction[np.abs(direction).argmax()]
    smallest = np.abs(exponents[np.abs(exponents) >= LEAST_EXPONENT]).min()
    return tuple(
        (name, round(float(exponent / smallest), 1))
        for name, exponent in zip(names, exponents, strict=True)
        if abs(exponent) >= LEAST_EXPONENT
    )


def _power(exponent: float) -> str:
    size = abs(exponent)
    return f"{'x' if exponent > 0 else '/'} k{'' if size == 1 else f'^{size:g}'}"
