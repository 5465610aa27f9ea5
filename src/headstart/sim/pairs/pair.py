"""A pair: a source, a target, and in one line why a policy has to be transferred between them."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from headstart.core.errors import SimulationError
from headstart.core.registry import Registry
from headstart.sim.simulators import Parameter, Simulated, Simulator

if TYPE_CHECKING:
    import gymnasium


@dataclass(frozen=True, slots=True)
class Pair:
    """Two environments of one simulator.

    Attributes:
        distance: near: a policy of the source is of some use in the target as it is; far: it is not.
        reason: why the two differ, in one line.
        target: parameters of the target that lie outside the source's training range.
        effects: what the simulator does not model, by name with settings, the innermost first.
        learner: what learns the source well: sac for forces, dqn or ppo for choices.
        source_steps: steps in which it does.
        seed: of everything that is measured on the pair.
        hidden: keyword arguments of the target's environment that the source's side does not know.
    """

    name: str
    family: Literal["robot", "driving", "game"]
    distance: Literal["near", "far"]
    reason: str
    simulator: Simulator
    target: Mapping[str, float]
    effects: tuple[tuple[str, Mapping[str, Any]], ...]
    learner: Literal["sac", "ppo", "dqn"]
    source_steps: int
    seed: int = 0
    hidden: Mapping[str, Any] = field(default_factory=dict)

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """What may be set, randomised and identified in the source, with the range it is trained in."""
        return self.simulator.parameters


PAIRS: Registry[Pair] = Registry("pair")


def register(pair: Pair) -> Pair:
    """Make a pair known under its name."""
    return PAIRS.add(pair.name, pair)


def pairs() -> tuple[Pair, ...]:
    """The whole suite, in the order of the names."""
    from headstart.sim import pairs as folder

    for module in pkgutil.iter_modules(folder.__path__):
        importlib.import_module(f"{folder.__name__}.{module.name}")
    return tuple(PAIRS[name] for name in PAIRS)


def open_pair(
    name: str, side: str, *, render_mode: str | None = None, **parameters: float
) -> gymnasium.Env[Any, Any]:
    """One side of a pair, with its time limit and ``info["violation"]`` at every step.

    Args:
        name: of the pair.
        side: ``source`` or ``target``.
        render_mode: as in Gymnasium.
        parameters: values of `Pair.parameters`; in the target they replace those of the pair.

    Raises:
        SimulationError: no such pair or side (near names are said), no such parameter, a value out of bounds.
        MachineError: a package is missing.

    >>> open_pair("pendulum-heavy", "source", mass=1.05).unwrapped.m
    1.05
    """
    from headstart.sim.effects import every_effect
    from headstart.sim.making import make

    pair = find(name)
    if side not in ("source", "target"):
        raise SimulationError(f"a pair has no side '{side}'", where=name, expected="source or target")
    there = side == "target"
    pair.simulator.check(parameters)
    env = make(pair.simulator.gym_id, render_mode=render_mode, **(pair.hidden if there else {}))
    env = Simulated(env, pair.simulator, {**(pair.target if there else {}), **parameters})
    for effect, settings in pair.effects if there else ():
        env = every_effect()[effect](env, **settings)
    return env


def find(name: str) -> Pair:
    """The pair of that name.

    Raises:
        SimulationError: there is none.
    """
    known = {pair.name: pair for pair in pairs()}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or sorted(known)
        raise SimulationError(
            f"there is no pair '{name}'",
            expected=f"perhaps {' or '.join(near)}",
            remedy="Correct the name after pair:.",
        )
    return known[name]
