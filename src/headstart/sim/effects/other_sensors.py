"""Another set of sensors: other order, some gone, some new, other names, other units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gymnasium
import numpy as np

from headstart.core.errors import SimulationError
from headstart.core.seeds import generator
from headstart.sim.contract.names import OBSERVATIONS, Named, names
from headstart.sim.contract.units import factor
from headstart.sim.effects.effect import Effect, register


@register
class OtherSensors(Effect):
    """The same world, seen through other sensors; the environment must know its observations' names.

    `drop`: names that are not seen. `add`: how many numbers of pure noise (mean 0, spread 1) come after the
    others. `units`: the unit that a named number is told in. `rename`: new names. `shuffle`: a seed for
    another order; None keeps it. `observation_names` says what is left, in order.
    """

    name = "other_sensors"

    def __init__(
        self,
        env: gymnasium.Env[Any, Any],
        *,
        drop: Sequence[str] = (),
        add: int = 0,
        units: Mapping[str, str] | None = None,
        rename: Mapping[str, str] | None = None,
        shuffle: int | None = None,
    ) -> None:
        super().__init__(env)
        space = self.row(env.observation_space, "observations")
        known = names(env, OBSERVATIONS, space.shape[0])
        if known is None:
            raise SimulationError("the names of its observations are not known", where=str(env))
        units, rename = units or {}, rename or {}
        unknown = sorted({*drop, *units, *rename} - {one.name for one in known})
        if unknown:
            raise SimulationError(f"there is no observation '{unknown[0]}'", where=str(env))
        kept = [at for at, one in enumerate(known) if one.name not in drop]
        factors = [_factor(known[at], units) for at in kept] + [1.0] * add
        seen = [Named(rename.get(known[at].name, known[at].name), units.get(known[at].name, known[at].unit))
                for at in kept] + [Named(f"new sensor {at}", "") for at in range(add)]  # fmt: skip
        order = np.arange(len(seen))
        if shuffle is not None:
            order = generator(shuffle, self.name).permutation(len(seen))
        self._type: Any = space.dtype
        self._kept, self._factors, self._order, self._added = kept, np.array(factors), order, add
        self.observation_names = tuple(seen[at] for at in order)
        low = (np.append(space.low[kept], np.full(add, -np.inf)) * self._factors)[order]
        high = (np.append(space.high[kept], np.full(add, np.inf)) * self._factors)[order]
        self.observation_space = gymnasium.spaces.Box(
            low.astype(space.dtype), high.astype(space.dtype), dtype=self._type
        )

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """A new episode."""
        observation, info = super().reset(seed=seed, options=options)
        return self._seen(observation), info

    def step(self, action: Any) -> Any:
        """One step."""
        observation, *rest = self.env.step(action)
        return self._seen(observation), *rest

    def _seen(self, observation: Any) -> Any:
        told = np.append(observation[self._kept], self.random.standard_normal(self._added))
        return (told * self._factors)[self._order].astype(self._type)


def _factor(one: Named, units: Mapping[str, str]) -> float:
    wanted = units.get(one.name, one.unit)
    times = factor(one.unit, wanted)
    if times is None:
        raise SimulationError(f"'{one.name}' is in {one.unit}", expected=f"a unit like it, not {wanted}")
    return times
