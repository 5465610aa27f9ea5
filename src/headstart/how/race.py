"""The race: every candidate buys one fit, the promising ones buy the rest, what is whole is handed back.

Successive halving on folds (Jamieson & Talwalkar, AISTATS 2016; racing: Maron & Moore 1994): the first
fold of one repeat decides whether the others are bought. Fold models are handed back, voting, instead of
paying for a refit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from headstart.core.candidate import Candidate
from headstart.core.errors import SourceError
from headstart.core.evidence import Evidence
from headstart.core.kinds import Preset
from headstart.how import strategies  # noqa: F401  registers them
from headstart.how.context import Context
from headstart.how.handing_back import handed_back, out_of_fold
from headstart.how.predictor import TunedNetwork
from headstart.how.targets import losses
from headstart.how.trial import Trial, Unfinished
from headstart.sources import cost
from headstart.training.diverged import Diverged

# A candidate is behind when its first fold's loss exceeds the look's by more than one standard error of
# the difference. It need not be ahead: the combination uses what is different as well as what is better.
BEHIND_Z = 1.0
# How many candidates buy all their fits: work, not seconds, so that the same seed gives the same plan.
BOUGHT_WHOLE = {Preset.FAST: 1, Preset.BALANCED: 2, Preset.BEST: 4}
MARGIN = 1.15  # on predicted seconds: steps slow down when the machine is shared
LEAST_FRAC = 0.5  # of another candidate's cost: what one that was not timed may cost at least
LEAST_SIDE = 96  # pixels; where time is short 96 instead of 128 kept most of the gain (DESIGN, traps)
FEWEST_FITS = 3  # where time is short; each is fitted on less, so they err on the modest side (docs/how.md)


@dataclass(frozen=True)
class Race:
    """Evidence of every candidate, dropped ones too, and the fitted members of the whole ones."""

    evidence: tuple[Evidence, ...]
    members: dict[str, TunedNetwork]


def race(plan: Sequence[Candidate], context: Context) -> Race:
    """Adapt the candidates of `plan` (the most promising first) under the budget.

    Stopped by the budget or by the user, it returns what is whole. A candidate never makes the race fail:
    its status says ``dropped``, ``out of time`` or ``failed: …``.
    """
    context.watch.stage("adapting", total=len(plan))
    trials: list[Trial] = []
    refused: list[Evidence] = []
    for candidate in plan:
        try:
            trials.append(Trial(candidate, context))
        except SourceError as refusal:
            refused.append(Evidence(candidate, _nothing(context), status=f"failed: {refusal.found}"))
    qualified = _first_fits(trials, context)
    ahead = qualified[: BOUGHT_WHOLE[context.budget.preset]]
    if rest := sum(trial.to_buy() for trial in ahead):
        context.watch.stage("adapting on every fold", total=rest)
    for trial in ahead:
        _buy_rest(trial, context)
    members: dict[str, TunedNetwork] = {}
    for trial in trials:
        if trial.is_whole:
            trial.status = "complete"
            members[trial.candidate.id] = handed_back(trial)
        trial.release()
    return Race((*(_evidence(trial) for trial in trials), *refused), members)


def _first_fits(trials: list[Trial], context: Context) -> list[Trial]:
    """Buy one fit each while the best so far could still be finished; the survivors, best first."""
    ahead: list[tuple[float, Trial]] = []
    reserved_s = 0.0
    for place, planned in enumerate(trials):
        if ahead and _is_hopeless(planned, ahead[0][1], context, reserved_s):
            planned.run_out(None, context.budget.left_s() - reserved_s, begun=False)
            continue
        trial = trials[place] = _within_means(planned, context, reserved_s)
        if trial.status or not _bought(trial):
            continue
        context.watch.advance()
        if _is_behind(trial, context):
            trial.status = "dropped"
            trial.release()
            continue
        ahead.append((float(trial.losses(trial.held[0]).mean()), trial))
        ahead.sort(key=lambda entry: entry[0])
        reserved_s = _rest_s(ahead[0][1])
    for _, trial in ahead[BOUGHT_WHOLE[context.budget.preset] :]:
        trial.status = "dropped"
    return [trial for _, trial in ahead]


def _is_hopeless(planned: Trial, best: Trial, context: Context, reserved_s: float) -> bool:
    """Whether timing it would only cost time that the best still needs.

    It would, where not even LEAST_FRAC of what the best costs, scaled to its source and size, is left.
    """
    spare_s = context.budget.left_s() - reserved_s
    if not np.isfinite(spare_s):
        return False
    n, threads = len(context.task), context.budget.threads
    ours, theirs = (cost.predict(t.network.card, n, t.size, threads=threads) for t in (planned, best))
    relative = min(ours / theirs, 1.0) if theirs > 0 else 1.0
    least_s = LEAST_FRAC * FEWEST_FITS * relative * best.cost_s / len(best.models)
    return bool(spare_s < least_s and planned.to_buy())


def _rest_s(trial: Trial) -> float:
    """Seconds for the fits that it still has to buy, by those that it has bought."""
    return trial.cost_s / len(trial.models) * trial.to_buy() * MARGIN


def _buy_rest(trial: Trial, context: Context) -> None:
    rest_s = _rest_s(trial)
    if context.budget.left_s() < rest_s:
        trial.run_out(rest_s, context.budget.left_s(), begun=True)
    while not trial.is_whole and not trial.status and _bought(trial):
        context.watch.advance()


def _within_means(trial: Trial, context: Context, reserved_s: float) -> Trial:
    """The trial in a form that can be paid beside what is reserved, or with a status that says why not.

    Tried in turn: as planned, with FEWEST_FITS on larger parts, the same on smaller pictures. Without a
    limit nothing is timed.
    """
    if context.watch.stop_requested or context.budget.left_s() <= reserved_s:
        trial.run_out(None, context.budget.left_s() - reserved_s, begun=False)
    elif np.isfinite(context.budget.left_s()) and not _affordable(trial, context, reserved_s):
        smaller = trial.smaller(LEAST_SIDE) if trial.status == "out of time" else None
        if smaller is not None and _affordable(smaller, context, reserved_s):
            trial.release()
            return smaller
        if smaller is not None and smaller.shortfall is not None:  # what its cheapest form lacked
            trial.shortfall = smaller.shortfall.model_copy(update={"what": trial.candidate.id})
    return trial


def _affordable(trial: Trial, context: Context, reserved_s: float) -> bool:
    """Whether its fits can be paid, or fewer of them; its status says why not. Kept fits are free."""
    try:
        if not trial.to_buy():
            return True
        fit_s = trial.predicted_fit_s() * MARGIN
    except FAILURES as failure:
        trial.status = f"failed: {_said(failure)}"
        return False
    left_s = context.budget.left_s() - reserved_s
    if fit_s * trial.to_buy() > left_s:
        trial.divide(min(FEWEST_FITS, len(trial.held)))
    if fit_s * trial.to_buy() > left_s:
        trial.run_out(fit_s * trial.to_buy(), left_s, begun=False)
    return not trial.status


# What a candidate may die of without taking the race with it.
FAILURES = (Diverged, SourceError, MemoryError, RuntimeError, np.linalg.LinAlgError)


def _bought(trial: Trial) -> bool:
    """One more fit; False, with the reason as status, where it came to nothing."""
    try:
        trial.fit_next()
    except Unfinished:
        trial.run_out(None, trial.context.budget.left_s(), begun=True)
    except FAILURES as failure:
        trial.status = f"failed: {_said(failure)}"
    else:
        return True
    return False


def _said(failure: BaseException) -> str:
    if isinstance(failure, SourceError):
        return failure.found
    return str(failure).splitlines()[0] if str(failure) else type(failure).__name__


def _is_behind(trial: Trial, context: Context) -> bool:
    """Whether the look's own model of the same source does clearly better on the first held-out rows."""
    reference = context.reference.get(str(trial.candidate.source))
    if reference is None:
        return False
    held = trial.held[0]
    theirs = losses(reference[0][held], context.task, held, are_logits=False)
    worse = trial.losses(held) - theirs
    return bool(worse.mean() > BEHIND_Z * worse.std() / np.sqrt(len(held)))


def _nothing(context: Context) -> np.ndarray:
    return np.full((context.folds.n_repeats, len(context.task), context.task.n_outputs), np.nan)


def _evidence(trial: Trial) -> Evidence:
    """Repeat 0 holds what was bought, calibrated by the other holdouts where it is whole."""
    predictions = _nothing(trial.context)
    if trial.is_whole:
        predictions = out_of_fold(trial.scores, trial.held, trial.context.task, trial.context.folds)
    status = trial.status or "out of time"
    return Evidence(trial.candidate, predictions, trial.cost_s, status, shortfall=trial.shortfall)
