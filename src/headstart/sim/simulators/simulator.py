"""A simulator: an environment, its parameters with the range a source is trained in, and its safety limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import gymnasium

from headstart.core.errors import SimulationError

# Puts a value into an unwrapped environment; the dict keeps what was there at first, for that environment.
Setter = Callable[[Any, float, dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the simulated world.

    Attributes:
        low, high: the range that a source is trained in, where it is randomised at all.
        default: what it is where nobody says anything; within low … high.
        least, most: beyond these the simulation makes no sense; identification searches between them.
        unit: of the value; "" for a factor.
        what: what it is, in a few words.
    """

    low: float
    high: float
    default: float
    least: float
    most: float
    unit: str
    what: str
    put: Setter = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Simulator:
    """What both sides of a pair share.

    Attributes:
        gym_id: the environment below.
        violated: whether the last step broke the safety limit: (unwrapped environment, terminated) to bool.
        limit: what that limit is, in words.
    """

    gym_id: str
    parameters: Mapping[str, Parameter]
    violated: Callable[[Any, bool], bool]
    limit: str

    def check(self, values: Mapping[str, float]) -> None:
        """Refuse a parameter that is not there, or a value that makes no sense.

        Raises:
            SimulationError: which, and what would be right.
        """
        for name, value in values.items():
            if name not in self.parameters:
                expected = "one of " + ", ".join(sorted(self.parameters))
                raise SimulationError(f"there is no parameter '{name}'", where=self.gym_id, expected=expected)
            one = self.parameters[name]
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if not number or not one.least <= value <= one.most:
                raise SimulationError(
                    f"{name} = {value}",
                    where=self.gym_id,
                    expected=f"{one.least:g} to {one.most:g} {one.unit}".strip(),
                )


class Simulated(gymnasium.Wrapper[Any, Any, Any, Any]):
    """An environment whose parameters can be set, and that says in ``info["violation"]`` (0 or 1), step by
    step, whether the safety limit was broken.

    `parameter_values` are those in force.
    """

    def __init__(
        self, env: gymnasium.Env[Any, Any], simulator: Simulator, values: Mapping[str, float]
    ) -> None:
        super().__init__(env)
        self.simulator = simulator
        self.parameter_values: dict[str, float] = {}
        self._first: dict[str, Any] = {}
        defaults = {name: one.default for name, one in simulator.parameters.items()}
        self.set_parameters(**(defaults | dict(values)))

    def set_parameters(self, **values: float) -> None:
        """Put new values in place, from the next `reset` on; those not named stay.

        Raises:
            SimulationError: an unknown name, a value out of bounds (then nothing has changed).
        """
        self.simulator.check(values)
        for name, value in values.items():
            self.simulator.parameters[name].put(self.env.unwrapped, float(value), self._first)
            self.parameter_values[name] = float(value)

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """One step; its info says whether the limit was broken."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        info["violation"] = int(self.simulator.violated(self.env.unwrapped, bool(terminated)))
        return observation, reward, terminated, truncated, info


def attribute(*names: str) -> Setter:
    """A parameter that is an attribute (or several) of the environment."""

    def put(env: Any, value: float, _: dict[str, Any]) -> None:
        for name in names:
            setattr(env, name, value)

    return put
