"""The base of all effects: a wrapper with its own seeded randomness."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any, ClassVar

import gymnasium
import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import SimulationError
from headstart.core.registry import Registry
from headstart.core.seeds import generator


class Effect(gymnasium.Wrapper[Any, Any, Any, Any]):
    """One thing that is otherwise than in the simulator.

    `reset(seed=…)` seeds its randomness too, apart from that of the environment below; `reset()` goes on.

    Attributes:
        name: what it is called in a pair.
        neutral: settings with which it changes nothing at all; {} for one that always does something.
    """

    name: ClassVar[str]
    neutral: ClassVar[dict[str, Any]] = {}

    def __init__(self, env: gymnasium.Env[Any, Any]) -> None:
        super().__init__(env)
        self.random = generator(0, "effect", self.name)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """A new episode."""
        if seed is not None:
            self.random = generator(seed, "effect", self.name)
        return self.env.reset(seed=seed, options=options)

    def row(self, space: gymnasium.Space[Any], what: str) -> gymnasium.spaces.Box:
        """The space as one row of numbers.

        Raises:
            SimulationError: it is not one row of numbers, so this effect cannot be applied.
        """
        if not isinstance(space, gymnasium.spaces.Box) or len(space.shape) != 1:
            raise SimulationError(
                f"the effect '{self.name}' needs {what} that are one row of numbers",
                where=str(self.env),
                expected=f"Box({what})",
            )
        return space


def per_number(value: Any, count: int, where: str) -> NDArray[np.float64]:
    """[count] from one number for all, or one for each."""
    array = np.asarray(value, dtype=np.float64)
    if array.shape not in ((), (count,)):
        raise SimulationError(f"{array.size} numbers", where=where, expected=f"one, or {count}")
    return np.broadcast_to(array, (count,)).copy()


EFFECTS: Registry[type[Effect]] = Registry("effect")


def register(effect: type[Effect]) -> type[Effect]:
    """Make an effect known under its name."""
    return EFFECTS.add(effect.name, effect)


def every_effect() -> Registry[type[Effect]]:
    """All effects of this folder."""
    from headstart.sim import effects

    for module in pkgutil.iter_modules(effects.__path__):
        importlib.import_module(f"{effects.__name__}.{module.name}")
    return EFFECTS
