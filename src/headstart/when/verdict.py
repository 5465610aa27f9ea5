"""From numbers to a statement of knowledge, in words that say what was handed back and why."""

from __future__ import annotations

import math
from typing import TypedDict

from headstart.core.estimate import Interval
from headstart.core.kinds import Decision, Kind
from headstart.core.task import Task
from headstart.core.verdict import Distance, LabelEquivalents, Verdict
from headstart.metrics.estimates import smallest_step
from headstart.when.belief import Belief, believe, smallest_shown
from headstart.when.judge import Comparison, believed

USEFUL_GAIN = 0.02  # of the metric's range (accuracies), or of the control's error (errors)
MOST_LABELS = 100_000  # named as what would settle it; beyond it the number means "out of reach"


def useful_gain(task: Task, comparison: Comparison) -> float:
    """The smallest gain worth having (> 0): 2 points of an accuracy, 2 % of the control's error."""
    bounded = task.kind is Kind.CLASSIFICATION and task.metric != "neg_log_loss"
    if bounded:
        return USEFUL_GAIN
    return max(USEFUL_GAIN * abs(comparison.control_score.estimate), smallest_step(task))


def decide(comparison: Comparison, task: Task) -> Decision:
    """The word, as the interface defines it."""
    interval = believed(comparison).interval
    passed = comparison.passed
    if passed and interval.low > 0:
        return Decision.TRANSFER
    if not passed and interval.high < useful_gain(task, comparison):
        return Decision.NO_TRANSFER
    return Decision.UNDECIDED


def labels_to_settle(comparison: Comparison, task: Task) -> int:
    """More labels until the interval would exclude 0 (or a useful gain), if the gain is as believed now."""
    belief, useful = believed(comparison), useful_gain(task, comparison)
    reach = (belief.interval.high - belief.interval.low) / 2
    beyond = belief.middle if comparison.passed else max(belief.middle, useful - belief.middle)
    needed = max(len(task) * (reach / max(beyond, useful / 2)) ** 2 - len(task), 1.0)
    step = max(int(10 ** (math.floor(math.log10(needed)) - 1)), 10)  # two figures: no more exact than that
    return min(step * math.ceil(needed / step), MOST_LABELS)


def verdict(
    comparison: Comparison,
    task: Task,
    *,
    distance: Distance | None,
    label_equivalents: LabelEquivalents | None,
    looked_at_sources: int,
) -> Verdict:
    """Put the statement together."""
    decision = decide(comparison, task)
    passed = comparison.passed
    more = labels_to_settle(comparison, task) if decision is Decision.UNDECIDED else None
    said = (reason(comparison, decision, passed, more, looked_at_sources), at_odds(comparison))
    return Verdict(
        decision=decision,
        **_numbers(comparison, task, believed(comparison)),
        label_equivalents=label_equivalents,
        distance=distance,
        reason=" ".join(filter(None, said)),
        gate_passed=passed,
        labels_to_settle=more,
    )


def unread(comparison: Comparison, task: Task) -> Verdict:
    """The statement of a run that was stopped before any source was read: nothing is known."""
    rows = len(comparison.predictions)
    nothing_known = believe(0.0, math.inf, rows, room=comparison.room, is_sound=False)
    return Verdict(
        decision=Decision.UNDECIDED,
        **_numbers(comparison, task, nothing_known),
        label_equivalents=None,
        distance=None,
        reason="Stopped before a source was read, so nothing is known of transfer; the control, which "
        "transfers nothing, is handed back. Run it again, or continue it with --resume.",
        gate_passed=False,
    )


class _Numbers(TypedDict):
    gain: float
    metric: str
    interval: Interval
    probability_of_gain: float
    minimum_detectable_gain: float


def _numbers(comparison: Comparison, task: Task, belief: Belief) -> _Numbers:
    rows = len(comparison.predictions)
    return _Numbers(
        gain=comparison.gain,
        metric=task.metric,
        interval=belief.interval,
        probability_of_gain=belief.probability,
        minimum_detectable_gain=smallest_shown(
            comparison.spread, rows, room=comparison.room, is_sound=comparison.is_sound
        ),
    )


def reason(comparison: Comparison, decision: Decision, passed: bool, more: int | None, sources: int) -> str:
    """One or two sentences for a person."""
    if comparison.gate is None:
        return "No source could be used, so there was nothing to transfer; the control is handed back."
    many = "one source" if sources == 1 else f"{sources} sources"
    back = "the combination that uses transfer" if passed else "the control, which transfers nothing,"
    if decision is Decision.TRANSFER:
        return f"With {many} the gain is clear of zero; {back} is handed back."
    if decision is Decision.NO_TRANSFER:
        return f"{many.capitalize()} added no useful amount to the control; {back} is handed back."
    many_more = f"More than {MOST_LABELS:,}" if more == MOST_LABELS else f"About {more or 0:,}"
    return (
        f"The evidence does not settle it: transfer is {side(comparison, passed)}, so {back} is handed back. "
        f"{many_more} more labels would settle it if things stay as they are."
    )


def at_odds(comparison: Comparison) -> str:
    """Why the probability can be above one half beside a gain that is not above zero; else nothing."""
    chance = believed(comparison).probability
    if comparison.gain > 0 or chance <= 0.5:
        return ""
    return (
        f"The gain is the score on these examples alone; the probability ({100 * chance:.0f}\u202f%) also "
        "counts that sources like these nearly always helped on other tasks, so a gain can be likely where "
        "the score does not show one."
    )


def side(comparison: Comparison, passed: bool) -> str:
    """Where transfer stands when the evidence does not settle it."""
    if not passed:
        return "not reliably ahead of the control"
    if comparison.gain > 0:
        return "ahead, but not by more than chance could do"
    if comparison.is_sound:
        return "level with the control as far as can be told, and its sources have helped elsewhere"
    return "level with the control by the score, though its probabilities fit the examples better"
