"""System identification: which parameters make the simulator move like a few trajectories of the target.

From observations of the target, short stretches are predicted with the target's own actions; what is left
unexplained is made small by CMA-ES (Hansen & Ostermeier 2001), for every delay that is tried. Often only
combinations of parameters show (a pendulum's gravity over its length): among worlds that fit alike, the one
in which the fewest parameters differ is taken. Uncertainty: the residuals' curvature at the end, with
stretches of one episode taken as dependent (a sandwich estimate), and a wide prior, so that a parameter which
cannot be told from others has a wide interval.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from headstart.core.errors import SimulationError
from headstart.core.estimate import Interval
from headstart.core.seeds import derive, generator
from headstart.metrics.intervals import LEVEL
from headstart.sim.environment import EnvironmentId
from headstart.sim.simulation import simulation, simulator_of
from headstart.sim.states import Setter, setter_of

Array = NDArray[np.float64]
Episodes = Sequence[Mapping[str, NDArray[Any]]]

HORIZON = 3  # steps predicted at a time: more than one, so that a delay shows; few, so that noise stays small
STRETCHES = 240  # drawn from all episodes
MOST_DELAY = 3  # steps
ROUNDS = 60  # generations of CMA-ES for the best delay; three parameters settle in half of them
FIRST_ROUNDS = 12  # for each delay, to find the best one
FEW = 1e-3  # unexplained share for which a parameter may change by a factor e: only breaks ties
PRIOR = 0.5  # standard deviation of a parameter's logarithm before anything is seen
FLOOR = (
    1e-6  # of the mean squared residual: a simulator that fits exactly does not know its parameters exactly
)
NUDGE = 1e-3  # relative step of the finite differences


@dataclass(frozen=True)
class Identification:
    """Parameters with their intervals, the delay in steps, and how much is left unexplained.

    `unexplained`: squared error of the prediction as a share of what happened (0 perfect, 1 as good as
    predicting that nothing changes); `before` the same with the simulator as it was.
    """

    values: Mapping[str, float]
    intervals: Mapping[str, Interval]
    defaults: Mapping[str, float]
    delay: int
    unexplained: float
    before: float


def can_identify(source: EnvironmentId) -> bool:
    """Whether parameters and states of this simulator are known."""
    simulator = simulator_of(source)
    return simulator is not None and setter_of(simulator.gym_id) is not None


def identify(source: EnvironmentId, episodes: Episodes, seed: int) -> Identification:
    """Fit the simulator `source` to episodes (`observations` [t + 1, obs], `actions` [t, …]) of the target.

    Raises:
        SimulationError: parameters or states of this simulator are not known.
    """
    simulator = simulator_of(source)
    put = setter_of(simulator.gym_id) if simulator else None
    if simulator is None or put is None:
        raise SimulationError(
            "what its parameters or its state are is not known",
            where=source.text,
            expected="a built-in pair of a pendulum, a cart, or a MuJoCo robot",
        )
    problem = _Problem(source, put, episodes, seed)
    names = tuple(simulator.parameters)
    low = np.array([math.log(simulator.parameters[name].least) for name in names])
    high = np.array([math.log(simulator.parameters[name].most) for name in names])
    start = np.array([math.log(simulator.parameters[name].default) for name in names])
    try:
        before = problem.loss(names, start, 0)
        bounds = (start, low, high)
        first = [_fit(problem, names, bounds, at, seed, FIRST_ROUNDS) for at in range(MOST_DELAY + 1)]
        delay = int(np.argmin([problem.loss(names, one, at) for at, one in enumerate(first)]))
        found = _fit(problem, names, bounds, delay, seed, ROUNDS)
        loss = problem.loss(names, found, delay)
        spread = _spread(problem, names, found, delay)
    finally:
        problem.env.close()
    reach = float(student.ppf(0.5 + LEVEL / 2, max(len(episodes) - 1, 1))) * spread
    return Identification(
        {name: float(math.exp(value)) for name, value in zip(names, found, strict=True)},
        {
            name: Interval(math.exp(max(at - by, lo)), math.exp(min(at + by, hi)), LEVEL)
            for name, at, by, lo, hi in zip(names, found, reach, low, high, strict=True)
        },
        {name: simulator.parameters[name].default for name in names},
        delay,
        loss,
        before,
    )


class _Problem:
    """Stretches of the target's episodes, and the simulator that is to follow them."""

    def __init__(self, source: EnvironmentId, put: Setter, episodes: Episodes, seed: int) -> None:
        self.put = put
        self.env = simulation(source, {})
        if not self.env.has_wrapper_attr("set_parameters"):
            from headstart.sim.simulators import Simulated

            simulator = simulator_of(source)
            assert simulator is not None
            self.env = Simulated(self.env, simulator, {})
        self.env.reset(seed=0)
        self.inner = self.env.unwrapped
        places = [
            (number, at)
            for number, episode in enumerate(episodes)
            for at in range(MOST_DELAY, len(episode["actions"]) - HORIZON)
        ]
        rng = generator(seed, "identification")
        chosen = np.sort(rng.permutation(len(places))[:STRETCHES])
        self.places = [places[index] for index in chosen]
        self.episode = np.array([number for number, _ in self.places])
        self.episodes = episodes
        self.truth = np.array(
            [episodes[n]["observations"][at + 1 : at + 1 + HORIZON] for n, at in self.places],
            dtype=np.float64,
        )
        starts = np.array([episodes[n]["observations"][at] for n, at in self.places], dtype=np.float64)
        self.changes = self.truth - starts[:, None]
        self.scale = np.sqrt((self.changes**2).mean((0, 1))) + 1e-9

    def residuals(self, names: Sequence[str], logs: Array, delay: int) -> Array:
        """[stretches, HORIZON * obs] of prediction minus truth, in units of what usually changes."""
        values = {name: float(value) for name, value in zip(names, np.exp(logs), strict=True)}
        self.env.get_wrapper_attr("set_parameters")(**values)
        found = np.empty_like(self.truth)
        for row, (number, at) in enumerate(self.places):
            episode = self.episodes[number]
            self.put(self.inner, np.asarray(episode["observations"][at], dtype=np.float64))
            for step in range(HORIZON):
                action = episode["actions"][at + step - delay]
                seen, _, ended, _, _ = self.inner.step(action)
                found[row, step] = seen
                if ended:
                    found[row, step + 1 :] = self.truth[row, step + 1 :]
                    break
        gaps = (found - self.truth) / self.scale
        return np.asarray(np.nan_to_num(gaps, nan=1e3, posinf=1e3, neginf=-1e3)).reshape(len(gaps), -1)

    def loss(self, names: Sequence[str], logs: Array, delay: int) -> float:
        """Mean squared residual: 1 is as good as to predict that nothing changes."""
        return float((np.clip(self.residuals(names, logs, delay), -10, 10) ** 2).mean())


def _fit(
    problem: _Problem,
    names: Sequence[str],
    bounds: tuple[Array, Array, Array],
    delay: int,
    seed: int,
    rounds: int,
) -> Array:
    """Logarithms of the parameters; `bounds`: where they are by default, least and most."""
    import cma

    start, low, high = bounds
    options = {
        "bounds": [low.tolist(), high.tolist()],
        "seed": derive(seed, "cma", delay) % 2**31 + 1,
        "verbose": -9,
        "maxiter": rounds,
        "tolfun": 1e-9,
    }

    def badness(logs: Array) -> float:
        return problem.loss(names, logs, delay) + FEW * float(np.abs(logs - start).sum())

    search = cma.CMAEvolutionStrategy(start.tolist(), 0.3, options)
    while not search.stop():
        asked = search.ask()
        search.tell(asked, [badness(np.array(one)) for one in asked])
    return np.array(search.result.xbest)


def _spread(problem: _Problem, names: Sequence[str], at: Array, delay: int) -> Array:
    """Standard errors of the logarithms; stretches of one episode count together."""
    here = problem.residuals(names, at, delay)
    slopes = []
    for index in range(len(at)):
        nudged = at.copy()
        nudged[index] += NUDGE
        slopes.append((problem.residuals(names, nudged, delay) - here) / NUDGE)
    jacobian = np.stack(slopes, axis=-1)  # [stretches, residuals, parameters]
    noise = max(float((here**2).mean()), FLOOR)
    prior = np.eye(len(at)) / PRIOR**2
    bread = np.linalg.inv(np.einsum("nrp,nrq->pq", jacobian, jacobian) / noise + prior)
    scores = np.einsum("nrp,nr->np", jacobian, here)
    whole = np.array([scores[problem.episode == number].sum(0) for number in np.unique(problem.episode)])
    n = len(whole)
    meat = whole.T @ whole * (n / max(n - 1, 1)) / noise**2 + prior
    return np.sqrt(np.diag(bread @ meat @ bread))
