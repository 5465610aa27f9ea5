"""Parameters on the scale they are searched on: 0 … 1 between the least and the most, by factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.sim.simulators import Parameter

Array = NDArray[np.float64]
ZERO_FRAC = 0.1  # of the default: below it a parameter that may be 0 is searched evenly, above by factors


@dataclass(frozen=True)
class Scale:
    """The search range of some parameters, as the unit cube.

    >>> from headstart.sim.simulators.pendulum import PENDULUM
    >>> scale = Scale(("mass", "gravity"), PENDULUM.parameters)
    >>> {name: round(value, 3) for name, value in scale.values([0.0, 0.5]).items()}
    {'mass': 0.2, 'gravity': 5.0}
    """

    names: tuple[str, ...]
    parameters: Mapping[str, Parameter]

    def values(self, place: Sequence[float] | Array) -> dict[str, float]:
        """The values at a place of the cube (cut to it)."""
        low, high = self._ends()
        logs = low + np.clip(np.asarray(place, dtype=np.float64), 0.0, 1.0) * (high - low)
        found = np.exp(logs) - self._shift()
        ends = [(self.parameters[name].least, self.parameters[name].most) for name in self.names]
        return {
            name: float(min(max(value, least), most))
            for name, value, (least, most) in zip(self.names, found, ends, strict=True)
        }

    def place(self, values: Mapping[str, float]) -> Array:
        """Where in the cube some values lie."""
        low, high = self._ends()
        logs = np.log(np.array([values[name] for name in self.names]) + self._shift())
        return np.asarray((logs - low) / (high - low))

    @property
    def defaults(self) -> Array:
        """Where the simulator's own values lie."""
        return self.place({name: self.parameters[name].default for name in self.names})

    @property
    def widths(self) -> Array:
        """[p] natural logarithms of most over least: what a step of 1 in the cube is."""
        low, high = self._ends()
        return high - low

    def _shift(self) -> Array:
        own = [self.parameters[name] for name in self.names]
        return np.array([0.0 if one.least > 0 else ZERO_FRAC * one.default for one in own])

    def _ends(self) -> tuple[Array, Array]:
        own, shift = [self.parameters[name] for name in self.names], self._shift()
        return (
            np.log(np.array([one.least for one in own]) + shift),
            np.log(np.array([one.most for one in own]) + shift),
        )
