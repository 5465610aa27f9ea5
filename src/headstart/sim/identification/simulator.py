"""The simulator that a source was trained in, with parameters that can be set."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Any

import gymnasium

from headstart.core.errors import SimulationError
from headstart.sim import simulators
from headstart.sim.environment import EnvironmentId, open_environment
from headstart.sim.simulators import Simulated, Simulator


def open_simulator(environment: EnvironmentId, **values: float) -> Simulated:
    """Open it; `values` replace those that its text says.

    A plain Gymnasium id (``Hopper-v5``) is taken as the built-in simulator of the same id.

    Raises:
        SimulationError: it has no declared parameters, or not these.
    """
    env: gymnasium.Env[Any, Any] = open_environment(environment)
    found = _simulated(env)
    if found is None:
        known = declared_simulators()
        gym_id = env.spec.id if env.spec else ""
        if gym_id not in known:
            env.close()
            raise SimulationError(
                "nobody has said which of its parameters may be set, so none can be identified",
                where=environment.text,
                expected=f"the source of a built-in pair, or one of {', '.join(sorted(known))}",
            )
        found = Simulated(env, known[gym_id], {})
    found.set_parameters(**values)
    return found


def declared_simulators() -> Mapping[str, Simulator]:
    """Every simulator of the suite, by its Gymnasium id."""
    modules = [
        importlib.import_module(f"{simulators.__name__}.{module.name}")
        for module in pkgutil.iter_modules(simulators.__path__)
    ]
    found = [one for module in modules for one in vars(module).values() if isinstance(one, Simulator)]
    return {one.gym_id: one for one in found}


def late(env: gymnasium.Env[Any, Any], delay: int) -> gymnasium.Env[Any, Any]:
    """The environment with actions that arrive `delay` steps late."""
    from headstart.sim.effects import every_effect

    return every_effect()["action_delay"](env, steps=delay) if delay else env


def ranges(env: Simulated) -> Mapping[str, tuple[float, float]]:
    """The range that a source of this simulator is trained in, parameter by parameter."""
    return {name: (one.low, one.high) for name, one in env.simulator.parameters.items()}


def _simulated(env: gymnasium.Env[Any, Any]) -> Simulated | None:
    layer: Any = env
    while isinstance(layer, gymnasium.Wrapper):
        if isinstance(layer, Simulated):
            return layer
        layer = layer.env
    return None
