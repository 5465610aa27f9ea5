"""The source's simulator, changed: other parameters, drawn anew at each reset, actions that come late."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np

from headstart.core.errors import SimulationError
from headstart.sim import simulators
from headstart.sim.effects.action_delay import ActionDelay
from headstart.sim.environment import EnvironmentId, open_environment
from headstart.sim.simulators import Simulated, Simulator

Ranges = Mapping[str, tuple[float, float]]


class Randomised(gym.Wrapper[Any, Any, Any, Any]):
    """Every episode is of another world: parameters drawn evenly from their ranges.

    Tobin et al., "Domain Randomization for Transferring Deep Neural Networks" (IROS 2017).
    """

    def __init__(self, env: gym.Env[Any, Any], ranges: Ranges) -> None:
        super().__init__(env)
        self.ranges = dict(ranges)
        self._rng = np.random.default_rng(0)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """Draw, then begin; a seed seeds the draws too."""
        if seed is not None:
            self._rng = np.random.default_rng(seed)
        drawn = {name: float(self._rng.uniform(*bounds)) for name, bounds in self.ranges.items()}
        self.env.get_wrapper_attr("set_parameters")(**drawn)
        return self.env.reset(seed=seed, options=options)


def simulator_of(identity: EnvironmentId) -> Simulator | None:
    """The simulator whose parameters may be set in this environment; None where none is known."""
    from headstart.sim.pairs import pairs

    if identity.side is not None:
        return next((pair.simulator for pair in pairs() if pair.name == identity.gym_id), None)
    modules = [
        importlib.import_module(f"{simulators.__name__}.{module.name}")
        for module in pkgutil.iter_modules(simulators.__path__)
    ]
    declared = [one for module in modules for one in vars(module).values() if isinstance(one, Simulator)]
    return next((one for one in declared if one.gym_id == identity.gym_id), None)


def simulated(identity: EnvironmentId, **parameters: float) -> Simulated:
    """The environment with `parameters` set, and where others can be.

    Raises:
        SimulationError: nothing is known of its parameters, or a value makes no sense.
    """
    env: gym.Env[Any, Any] = open_environment(identity)
    layer = env
    while isinstance(layer, gym.Wrapper) and not isinstance(layer, Simulated):
        layer = layer.env
    if not isinstance(layer, Simulated):
        simulator = simulator_of(identity)
        if simulator is None:
            env.close()
            raise SimulationError(
                "no parameter of it is known that could be set or identified",
                where=identity.text,
                expected="a built-in pair, or an environment that one is made of",
                remedy="Leave out the strategies 'randomise' and 'identify'.",
            )
        layer = Simulated(env, simulator, {})
    layer.set_parameters(**parameters)
    return layer


def simulation(
    identity: EnvironmentId,
    parameters: Mapping[str, float],
    *,
    ranges: Ranges | None = None,
    delay: int = 0,
) -> gym.Env[Any, Any]:
    """The environment with `parameters` set, `ranges` to draw others from, and actions `delay` steps late.

    Raises:
        SimulationError: nothing is known of its parameters, or a value makes no sense.
    """
    env: gym.Env[Any, Any] = (
        simulated(identity, **parameters) if parameters or ranges else open_environment(identity)
    )
    if ranges:
        env = Randomised(env, ranges)
    if delay:
        env = ActionDelay(env, delay)
    return env
