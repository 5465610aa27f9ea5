"""The parameters together with what the sensors blurred: Gauss–Newton over both.

A window that is restarted from a trembling observation goes astray by itself, and a fit that blames the
parameters for it is biased. So the state that each window truly began in is estimated too (as in bundle
adjustment; Triggs et al., 2000): its observation is one more measurement with the same noise. It is
eliminated window by window (Schur complement), so the cost stays that of the parameters alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from headstart.sim.identification.prediction import Predictor
from headstart.sim.identification.restarts import Array
from headstart.sim.identification.windows import Windows

ROUNDS = 40
SHORTER = 4  # times, after a step that made it no better
NUDGE = 1e-4  # of the range, or of a state's spread: for derivatives
HUBER = 2.0  # typical errors; a window that is further off counts less (Huber, 1964)
PRIOR_SD = 0.25  # of the range: the simulator's values are where it lies as a rule, if nothing else is known
# Of the spread: no sensor and no simulator is better; what derivatives err by must not pass for knowledge.
QUIETEST = 1e-4
ENOUGH = 1e-4  # of the range, some parts in ten thousand of a value: a step that is smaller ends it
ROUGH = 0.01  # of a derivative: where its two sides differ by more, something jumps between them
LARGEST_STEP = 0.15  # of the range


@dataclass(frozen=True, slots=True)
class Fit:
    """Parameters at `place`, and what is needed to say how sure they are.

    Attributes:
        noise: [s] standard deviation of what remains unexplained, by number of a state.
        likelihood: [n] log-likelihood of each window, up to a constant.
        information: [n, p, p], score: [n, p]: of each window, on the cube's scale.
    """

    place: Array
    noise: Array
    likelihood: Array
    information: Array
    score: Array


@dataclass(frozen=True, slots=True)
class _At:
    """A point of the way: where, the windows' starts, what remains, and how it is weighed."""

    place: Array
    start: Array
    after: Array  # [n, h, s] seen minus predicted
    before: Array  # [n, s] seen minus estimated start


@dataclass(frozen=True, slots=True)
class _Slopes:
    """Derivatives of what is predicted: `by_place` [n, h, s, p], `by_start` [n, h, s, s].

    `smooth` [n]: false where a contact comes or goes within the nudge, and the derivative means nothing.
    """

    by_place: Array
    by_start: Array
    smooth: NDArray[np.bool_]


def refine(predictor: Predictor, windows: Windows, place: Array) -> Fit:
    """The nearest optimum to `place`; the states that windows began in are estimated along the way."""
    at = _At(place, windows.start, predictor.apart(place, windows), np.zeros_like(windows.start))
    noise = _noise(at, windows, np.full(windows.start.shape[1], np.inf))
    reach = LARGEST_STEP
    slopes = _derivatives(predictor, windows, at)
    for _ in range(ROUNDS):
        step, shift, _, _ = _solved(predictor, windows, at, noise, slopes, reach)
        new_place = np.clip(at.place + step, 0.0, 1.0)
        start = at.start + shift
        gap = predictor.apart(new_place, windows, start)
        new = _At(new_place, start, gap, predictor.restart.apart(windows.start, start))
        if _cost(new, windows, noise, predictor) <= _cost(at, windows, noise, predictor) * (1 + 1e-9):
            moved = float(np.abs(new.place - at.place).max())
            at, reach = new, min(2 * reach, LARGEST_STEP)
            quieter = _noise(at, windows, noise)
            settled = bool(np.all(np.abs(quieter - noise) < 0.01 * noise))
            noise, slopes = quieter, _derivatives(predictor, windows, at)
            if moved < ENOUGH and settled:
                break
        elif reach < ENOUGH:
            break
        else:
            reach = min(reach, float(np.abs(step).max())) / SHORTER
    _, _, information, score = _solved(predictor, windows, at, noise, slopes, reach)
    return Fit(at.place, noise, _likelihood(at, windows, noise), information, score)


def _derivatives(predictor: Predictor, windows: Windows, at: _At) -> _Slopes:
    """By parameters and by states begun in."""
    jacobian, rough = [], np.zeros(len(windows))
    for index in range(len(at.place)):
        ends = np.stack([at.place, at.place])  # from both sides: what cancels must cancel well
        ends[:, index] = np.clip(ends[:, index] + (-NUDGE, NUDGE), 0.0, 1.0)
        below, above = (predictor.apart(end, windows, at.start) for end in ends)
        slope = (below - above) / (ends[1, index] - ends[0, index])
        bent = np.abs(below + above - 2 * at.after).max((1, 2)) / NUDGE
        inside = NUDGE <= at.place[index] <= 1 - NUDGE
        if inside:
            rough = np.maximum(rough, bent / np.maximum(np.abs(slope).max((1, 2)), 1e-6))
        jacobian.append(slope)
    sensitivity = []
    for index, nudge in enumerate(NUDGE * windows.spread):
        start = at.start.copy()
        start[:, index] += nudge
        sensitivity.append((at.after - predictor.apart(at.place, windows, start)) / nudge)
    smooth = rough <= max(ROUGH, float(np.median(rough)))  # at least half of them are needed
    return _Slopes(np.stack(jacobian, axis=-1), np.stack(sensitivity, axis=-1), smooth)


def _solved(
    predictor: Predictor, windows: Windows, at: _At, noise: Array, slopes: _Slopes, reach: float
) -> tuple[Array, Array, Array, Array]:
    """The step of the parameters, the shifts of the starts, and each window's information and score."""
    count, steps, width = at.after.shape
    rows = steps * width
    by_noise = at.after / noise
    by_place = (slopes.by_place / noise[:, None]).reshape(count, rows, -1)
    by_start = (slopes.by_start * noise / noise[:, None]).reshape(count, rows, width)
    remains, before = by_noise.reshape(count, rows, 1), (at.before / noise)[..., None]
    weight = (_weights(at, windows, noise) * slopes.smooth)[:, None, None]
    across = by_start.transpose(0, 2, 1)
    own = across @ by_start + np.eye(width)
    mixed = across @ by_place
    pull = across @ remains + before
    eliminated = np.linalg.solve(own, np.concatenate([mixed, pull], axis=2))
    turned = by_place.transpose(0, 2, 1)
    information = weight * (turned @ by_place - mixed.transpose(0, 2, 1) @ eliminated[..., :-1])
    score = weight * (turned @ remains - mixed.transpose(0, 2, 1) @ eliminated[..., -1:])
    prior = np.eye(len(at.place)) / PRIOR_SD**2
    whole = information.sum(0) + prior
    towards = prior @ (predictor.scale.defaults - at.place)
    step = np.linalg.solve(whole, score.sum(0)[:, 0] + towards)
    # shortened as a whole, so that its direction stays
    step *= min(1.0, reach / max(float(np.abs(step).max()), 1e-12))
    shift = (eliminated[..., -1] - eliminated[..., :-1] @ step) * noise
    return step, shift, information, score[..., 0]


def _typical(at: _At, windows: Windows, noise: Array) -> Array:
    """[n] typical error of each window, in units of the noise."""
    square = ((at.after / noise) ** 2).sum((1, 2)) + ((at.before / noise) ** 2).sum(1)
    rows = windows.valid.sum(1) * len(noise)  # the start is estimated, which costs as many as it has
    return np.asarray(np.sqrt(square / rows))


def _weights(at: _At, windows: Windows, noise: Array) -> Array:
    """[n] 1, less for windows that are far off."""
    return np.asarray(np.minimum(1.0, HUBER / np.maximum(_typical(at, windows, noise), 1e-12)))


def _cost(at: _At, windows: Windows, noise: Array, predictor: Predictor) -> float:
    """What a step must not raise."""
    typical = _typical(at, windows, noise)
    huber = np.where(typical <= HUBER, typical**2, 2 * HUBER * typical - HUBER**2)
    own = float((huber * windows.valid.sum(1) * len(noise)).sum())
    return own + float((((at.place - predictor.scale.defaults) / PRIOR_SD) ** 2).sum())


def _noise(at: _At, windows: Windows, before: Array) -> Array:
    """[s] root mean square of what remains, windows weighed; never below `QUIETEST`."""
    weight = np.ones(len(windows)) if np.isinf(before).any() else _weights(at, windows, before)
    square = (at.after**2).sum(1) + at.before**2
    mean = (weight[:, None] * square).sum(0) / (weight * windows.valid.sum(1)).sum()
    return np.asarray(np.maximum(np.sqrt(mean), QUIETEST * windows.spread))


def _likelihood(at: _At, windows: Windows, noise: Array) -> Array:
    """[n] log-likelihood of each window under noise of this size, up to a constant."""
    steps, width = windows.valid.sum(1), len(noise)
    return np.asarray(-steps * (0.5 * width * _typical(at, windows, noise) ** 2 + np.log(noise).sum()))


def joined(fit: Fit, whose: NDArray[np.int64]) -> Fit:
    """The same with the windows of one trajectory put together: they share what went wrong in it."""
    groups = [whose == one for one in np.unique(whose)]
    return replace(
        fit,
        likelihood=np.array([fit.likelihood[rows].sum() for rows in groups]),
        information=np.array([fit.information[rows].sum(0) for rows in groups]),
        score=np.array([fit.score[rows].sum(0) for rows in groups]),
    )
