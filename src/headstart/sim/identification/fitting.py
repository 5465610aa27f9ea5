"""The story of identification: search, refine, and say how sure it is; for each delay, the likeliest kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from headstart.core.control import Identified
from headstart.core.errors import SimulationError
from headstart.core.estimate import Interval
from headstart.core.seeds import derive, generator
from headstart.metrics.intervals import LEVEL
from headstart.sim.environment import EnvironmentId
from headstart.sim.identification.directions import Alike, alike, nearest_to_usual
from headstart.sim.identification.identified import DELAY, Identification
from headstart.sim.identification.prediction import Predictor
from headstart.sim.identification.refinement import Fit, joined, refine
from headstart.sim.identification.restarts import restart_for
from headstart.sim.identification.scale import Scale
from headstart.sim.identification.search import search
from headstart.sim.identification.trajectory import Trajectory
from headstart.sim.identification.uncertainty import FEWEST, intervals, likely_delays, told
from headstart.sim.identification.windows import Windows, cut
from headstart.sim.simulation import simulated, simulator_of
from headstart.sim.simulators import Parameter

SHORT, LONG = 5, 20  # steps of a window: for the search, where long ones are rugged; for the refinement
LONGEST_DELAY = 3  # steps


def identify(
    trajectories: Sequence[Trajectory],
    environment: EnvironmentId,
    *,
    seed: int,
    names: Sequence[str] | None = None,
    longest_delay: int = LONGEST_DELAY,
    target: str = "",
) -> Identification:
    """Fit a simulator's parameters to trajectories of another environment.

    Args:
        trajectories: a few, of some dozens of steps each.
        environment: the simulator, with the parameters that its text says as a beginning.
        names: which parameters; None: all that are declared. Those not named stay as they are.
        seed: of the search and of the bootstrap.
        longest_delay: delays of actions from 0 to so many steps are tried.
        target: where the trajectories are from, for the record.

    Raises:
        SimulationError: unknown parameters; trajectories that are too short, or of another environment.
    """
    env = simulated(environment)
    try:
        scale = Scale(_wanted(names, env.simulator.parameters, environment), env.simulator.parameters)
        restart = restart_for(env)
        if restart is None:
            raise SimulationError(
                "it cannot be put into a state that was observed, so no parameter can be identified",
                where=environment.text,
                expected="observations that show the whole state, in an environment that is known",
                remedy="Leave out the strategies 'randomise' and 'identify'.",
            )
        before = dict(env.parameter_values)
        predictor = Predictor(env, restart, scale)
        delays = range(longest_delay + 1)
        try:
            short, long = (
                [cut(trajectories, restart, steps, delay=d, longest_delay=longest_delay) for d in delays]
                for steps in (SHORT, LONG)
            )
        except (ValueError, IndexError) as error:
            raise SimulationError(
                f"the trajectories cannot be used: {error}",
                where=target or environment.text,
                expected=f"some longer than {longest_delay + 2} steps, with the simulator's observations",
            ) from None
        fits = {}
        for delay in delays:
            begun = search(predictor, short[delay], derive(seed, "search"))
            fits[delay] = refine(predictor, long[delay], begun)
        likelihoods = {d: joined(fit, long[d].whose).likelihood for d, fit in fits.items()}
        best, lowest, highest = likely_delays(likelihoods, generator(seed, "delays"))
        fit, windows = fits[best], long[best]
        vague = alike(fit, scale)
        fit = replace(fit, place=nearest_to_usual(predictor, windows, fit.place, vague))
        misfit, misfit_before = (
            float(np.exp(predictor.loss(place, windows))) for place in (fit.place, scale.place(before))
        )
        table = rows(_clustered(fit, windows), scale, before, vague)
        return Identification(
            simulator=environment.text,
            target=target,
            parameters=table,
            delay=_delay(best, lowest, highest, longest_delay),
            alike=tuple(str(one) for one in vague if len(one.exponents) > 1),
            ranges=ranges(table, scale),
            misfit=misfit,
            misfit_before=misfit_before,
            trajectories=len(trajectories),
            target_steps=sum(one.steps for one in trajectories),
            simulated_steps=predictor.simulated,
        )
    finally:
        env.close()


def can_identify(environment: EnvironmentId) -> bool:
    """Whether this simulator's parameters are declared, and it can be put into observed states."""
    if simulator_of(environment) is None:
        return False
    env = simulated(environment)
    try:
        return restart_for(env) is not None
    finally:
        env.close()


def rows(
    fit: Fit, scale: Scale, before: Mapping[str, float], vague: tuple[Alike, ...]
) -> tuple[Identified, ...]:
    """The table: value, interval, what it was before, whether it can be told."""
    values, spans = scale.values(fit.place), intervals(fit, scale, vague)
    return tuple(
        Identified(
            name=name,
            value=values[name],
            interval=spans[name],
            before=before[name],
            unit=scale.parameters[name].unit,
            what=scale.parameters[name].what,
            told=told(spans[name], name, scale, vague),
        )
        for name in scale.names
    )


def ranges(table: Sequence[Identified], scale: Scale) -> dict[str, tuple[float, float]]:
    """What to draw worlds from: the width of the training range, moved to where the target lies, and the
    interval on top where it tells something.
    """
    found = {}
    for one in table:
        own = scale.parameters[one.name]
        low, high = (one.value * end / own.default for end in (own.low, own.high))
        if one.told:
            low, high = min(low, one.interval.low), max(high, one.interval.high)
        found[one.name] = (max(low, own.least), min(high, own.most))
    return found


def _clustered(fit: Fit, windows: Windows) -> Fit:
    """By trajectory where there are enough of them, else by window."""
    return joined(fit, windows.whose) if len(np.unique(windows.whose)) >= FEWEST else fit


def _delay(best: int, lowest: int, highest: int, longest: int) -> Identified | None:
    if not longest:
        return None
    return Identified(
        name=DELAY,
        value=float(best),
        interval=Interval(float(lowest), float(highest), LEVEL),
        before=0.0,
        unit="steps",
        what="delay of actions",
        told=highest - lowest < longest,
    )


def _wanted(
    names: Sequence[str] | None, declared: Mapping[str, Parameter], environment: EnvironmentId
) -> tuple[str, ...]:
    for name in names or ():
        if name not in declared:
            raise SimulationError(
                f"there is no parameter '{name}'",
                where=environment.text,
                expected=f"one of {', '.join(declared)}",
            )
    return tuple(names or declared)
