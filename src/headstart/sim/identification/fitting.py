"""The story of identification: search, refine, and say how sure it is; for each delay, the likeliest kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from headstart.core.control import Identified
from headstart.core.errors import SimulationError
from headstart.core.estimate import Interval
from headstart.core.seeds import derive, generator
from headstart.sim.environment import EnvironmentId
from headstart.sim.identification.identified import DELAY, Identification
from headstart.sim.identification.prediction import Predictor
from headstart.sim.identification.refinement import Fit, joined, refine
from headstart.sim.identification.restarts import restart_for
from headstart.sim.identification.scale import Scale
from headstart.sim.identification.search import search
from headstart.sim.identification.simulator import open_simulator
from headstart.sim.identification.trajectory import Trajectory
from headstart.sim.identification.uncertainty import FEWEST, LEVEL, alike, intervals, likely_delays, told
from headstart.sim.identification.windows import Windows, cut

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
        environment: the simulator, with the parameters that its text says as a beginning.
        names: which parameters; None: all that are declared. Those not named stay as they are.
        longest_delay: delays of actions from 0 to so many steps are tried.
        target: where the trajectories are from, for the record.

    Raises:
        SimulationError: unknown parameters; trajectories that are too short, or of another environment.
    """
    env = open_simulator(environment)
    try:
        scale = Scale(_wanted(names, env.simulator.parameters, environment), env.simulator.parameters)
        restart = restart_for(env)
        if restart is None:
            from headstart.sim.identification import summaries

            return summaries.identify(trajectories, env, scale, environment, seed=seed, target=target)
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
            basin = search(predictor, short[delay], derive(seed, "search"))
            fits[delay] = refine(predictor, long[delay], basin.place)
        likelihoods = {d: joined(fit, long[d].whose).likelihood for d, fit in fits.items()}
        best, lowest, highest = likely_delays(likelihoods, generator(seed, "delays"))
        fit, windows = fits[best], long[best]
        misfit, misfit_before = (np.exp(predictor.loss(place, windows)) for place in (fit.place, scale.place(before)))
        return Identification(
            simulator=environment.text,
            target=target,
            method="prediction",
            parameters=rows(_clustered(fit, windows), scale, before),
            delay=_delay(best, lowest, highest, longest_delay),
            alike=tuple(str(one) for one in alike(fit, scale)),
            misfit=float(misfit),
            misfit_before=float(misfit_before),
            trajectories=len(trajectories),
            target_steps=sum(one.steps for one in trajectories),
            simulated_steps=predictor.simulated,
        )
    finally:
        env.close()


def rows(fit: Fit, scale: Scale, before: dict[str, float]) -> tuple[Identified, ...]:
    """The table: value, interval, what it was before, whether it can be told."""
    values, spans, confounded = scale.values(fit.place), intervals(fit, scale), alike(fit, scale)
    return tuple(
        Identified(
            name=name,
            value=values[name],
            interval=spans[name],
            before=before[name],
            unit=scale.parameters[name].unit,
            what=scale.parameters[name].what,
            told=told(spans[name], name, scale, confounded),
        )
        for name in scale.names
    )


def _clustered(fit: Fit, windows: Windows) -> Fit:
    """By trajectory where there are enough of them, else by window."""
    return joined(fit, windows.whose) if len(np.unique(windows.whose)) >= FEWEST else replace(fit)


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


def _wanted(names: Sequence[str] | None, known: object, environment: EnvironmentId) -> tuple[str, ...]:
    declared = tuple(known)  # type: ignore[call-overload]
    for name in names or ():
        if name not in declared:
            raise SimulationError(
                f"there is no parameter '{name}'", where=environment.text, expected=f"one of {', '.join(declared)}"
            )
    return tuple(names) if names else declared
