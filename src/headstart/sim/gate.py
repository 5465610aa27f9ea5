"""*When*: which policy is handed back, what is known, and which learners are not worth going on with.

All comparisons are of returns on the same episodes (same start, same noise), so they are paired.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

from headstart.core.estimate import Score
from headstart.core.kinds import Decision
from headstart.metrics import returns

Kept = Literal["tuned", "zero-shot", "control"]
ERROR = 0.05  # chance, over all looks of one arm, that a tuning that does gain is stopped


@dataclass(frozen=True)
class Compared:
    """Returns of the policies that could be handed back, each on the same fresh episodes.

    Attributes:
        zero_shot: [episodes] of the source as it is; None where it cannot act there.
        tuned: [episodes] of the best tuned policy; None where there is none.
        control: [episodes] of the best learner from scratch.
        control_seeds, transfer_seeds: a row of episodes for each learner of the control, and of the best arm.
    """

    zero_shot: tuple[float, ...] | None
    tuned: tuple[float, ...] | None
    control: tuple[float, ...] | None
    control_seeds: tuple[tuple[float, ...], ...]
    transfer_seeds: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Ruling:
    """What is handed back and what is known.

    `gain` (a score with its interval) is of transfer over learning from scratch; `over_source` of tuning over
    the source as it is; `margin` in the return's unit.
    """

    kept: Kept
    decision: Decision
    gain: Score
    probability: float
    over_source: Score | None
    margin: float
    reason: str


def rule(found: Compared, margin_frac: float, seed: int) -> Ruling:
    """The source as it is stays unless tuning is surely better; the control wins where transfer is worse.

    Raises:
        ValueError: there is neither a policy that transfers nor a control.
    """
    over_source = None
    transferred, kept = found.zero_shot, "zero-shot"
    if found.tuned is not None:
        if found.zero_shot is None:
            transferred, kept = found.tuned, "tuned"
        else:
            over_source, _ = returns.paired(found.tuned, found.zero_shot, seed)
            if over_source.interval.low > 0:
                transferred, kept = found.tuned, "tuned"
    if transferred is None and found.control is None:
        raise ValueError("nothing to hand back")
    if transferred is None:
        nothing = returns.score([found.control or ()], seed)
        lost = Score(-math.inf, nothing.interval)
        return Ruling("control", Decision.NO_TRANSFER, lost, 0.0, None, 0.0, "The source cannot act there.")
    ours = float(returns.interquartile_mean(transferred))
    if found.control is None:
        alone = returns.score([transferred], seed)
        why = "No control was learned, so nothing can be said about what transfer is worth."
        return Ruling(kept, Decision.UNDECIDED, alone, 0.5, over_source, margin_frac * abs(ours), why)  # type: ignore[arg-type]
    theirs = float(returns.interquartile_mean(found.control))
    margin = margin_frac * max(abs(ours), abs(theirs))
    rows = found.transfer_seeds if kept == "tuned" and found.transfer_seeds else (transferred,)
    gain, probability = returns.difference(rows, found.control_seeds or (found.control,), seed)
    beside, _ = returns.paired(transferred, found.control, seed)
    if beside.estimate < 0 and (beside.interval.high < 0 or beside.estimate < -margin):
        kept = "control"
    if kept != "control" and gain.interval.low > 0:
        decision = Decision.TRANSFER
    elif gain.interval.high < margin or kept == "control":
        decision = Decision.NO_TRANSFER
    else:
        decision = Decision.UNDECIDED
    reason = _reason(kept, decision, ours, theirs, gain, over_source)  # type: ignore[arg-type]
    return Ruling(kept, decision, gain, probability, over_source, margin, reason)  # type: ignore[arg-type]


def hopeless(ours: Sequence[ArrayLike], reference: ArrayLike, looks: int) -> bool:
    """Whether an arm may be stopped: the source as it is (on the same episodes) is surely better.

    Args:
        ours: a row of episodes for each learner of the arm, at its last look.
        reference: [episodes] of the source as it is.
        looks: how often this is asked in a run at most; the error is shared among them (Bonferroni), so
            that looking often does not stop what would gain.

    >>> hopeless([[-500.0, -510, -490], [-505, -480, -500]], [-100.0, -120, -90], looks=4)
    True
    >>> hopeless([[-110.0, -90, -100]], [-100.0, -120, -90], looks=4)
    False
    """
    gaps = np.array([np.asarray(row, dtype=np.float64) - np.asarray(reference) for row in ours]).mean(1)
    pooled = np.concatenate([np.asarray(row) - np.asarray(reference) for row in ours])
    if len(gaps) < 2:  # one learner tells nothing of the others
        return False
    spread = max(gaps.std(ddof=1) / math.sqrt(len(gaps)), pooled.std(ddof=1) / math.sqrt(len(pooled)))
    reach = float(student.ppf(1 - ERROR / max(looks, 1), len(pooled) - 1)) * spread
    return bool(gaps.mean() + reach < 0)


def _reason(
    kept: Kept, decision: Decision, ours: float, theirs: float, gain: Score, over_source: Score | None
) -> str:
    """In plain words, why."""
    shown = f"{gain.estimate:+.4g} [{gain.interval.low:+.4g}, {gain.interval.high:+.4g}]"
    beside = (
        f"With transfer {ours:.4g}, the best learner from scratch {theirs:.4g} on the same fresh episodes; "
        f"over all learners transfer gains {shown}."
    )
    if kept == "control":
        what = "What was learned from scratch is handed back: nothing that transfers reached it."
    elif kept == "tuned" and over_source is not None:
        what = (
            f"The tuned policy is handed back: on the same episodes it returns {over_source.estimate:.4g} "
            f"more than the source as it is, at least {over_source.interval.low:.4g} with 95 % confidence."
        )
    elif kept == "tuned":
        what = "The tuned policy is handed back; the source as it is cannot act there."
    elif over_source is None:
        what = "The source is handed back as it is: no tuning looked better."
    else:
        low, high = over_source.interval.low, over_source.interval.high
        what = (
            f"The source is handed back as it is: tuning changed its return by {over_source.estimate:+.4g} "
            f"[{low:+.4g}, {high:+.4g}], which is no sure gain."
        )
    knows = {
        Decision.TRANSFER: "Transfer helps here, beyond chance.",
        Decision.NO_TRANSFER: "Transfer gains nothing here that is worth having.",
        Decision.UNDECIDED: "Whether transfer beats learning from scratch is not settled; more --seeds tell.",
    }
    return f"{what} {beside} {knows[decision]}"
