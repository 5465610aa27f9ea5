"""From numbers to a statement of knowledge, in words that say what was handed back and why."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from headstart.core.kinds import Decision, Kind
from headstart.core.task import Task
from headstart.core.verdict import Distance, LabelEquivalents, Verdict
from headstart.when.judge import Comparison, believed

USEFUL_GAIN = 0.02  # of the metric's range (accuracies), or of the control's error (errors)
POWER = 0.8  # the smallest gain that would be seen this often is the minimum detectable one


def useful_gain(task: Task, comparison: Comparison) -> float:
    """The smallest gain worth having: 2 points of an accuracy, 2 % of the control's error."""
    bounded = task.kind is Kind.CLASSIFICATION and task.metric != "neg_log_loss"
    return USEFUL_GAIN if bounded else USEFUL_GAIN * abs(comparison.control_score.estimate)


def decide(comparison: Comparison, task: Task) -> Decision:
    """The word, as the interface defines it."""
    interval = believed(comparison).interval
    passed = comparison.gate is not None and comparison.gate.passed
    if passed and interval.low > 0:
        return Decision.TRANSFER
    if not passed and interval.high < useful_gain(task, comparison):
        return Decision.NO_TRANSFER
    return Decision.UNDECIDED


def labels_to_settle(comparison: Comparison, task: Task) -> int | None:
    """More labels until the interval would exclude 0 (or a useful gain), if the gain stays as it is."""
    interval = believed(comparison).interval
    reach = (interval.high - interval.low) / 2
    passed = comparison.gate is not None and comparison.gate.passed
    room = abs(comparison.gain) if passed else useful_gain(task, comparison) - comparison.gain
    room = max(room, useful_gain(task, comparison) / 2)
    needed = len(task) * (reach / room) ** 2
    return int(min(np.ceil(max(needed - len(task), 1) / 10) * 10, 100_000))


def verdict(
    comparison: Comparison,
    task: Task,
    *,
    distance: Distance | None,
    label_equivalents: LabelEquivalents | None,
    looked_at_sources: int,
) -> Verdict:
    """Put the statement together."""
    decision, belief = decide(comparison, task), believed(comparison)
    passed = comparison.gate is not None and comparison.gate.passed
    more = labels_to_settle(comparison, task) if decision is Decision.UNDECIDED else None
    z = norm.ppf(0.95) + norm.ppf(POWER)
    return Verdict(
        decision=decision,
        gain=comparison.gain,
        metric=task.metric,
        interval=belief.interval,
        probability_of_gain=belief.probability,
        minimum_detectable_gain=float(z * comparison.spread),
        label_equivalents=label_equivalents,
        distance=distance,
        reason=" ".join(
            filter(None, (reason(comparison, decision, passed, more, looked_at_sources), at_odds(comparison)))
        ),
        gate_passed=passed,
        labels_to_settle=more,
    )


def reason(comparison: Comparison, decision: Decision, passed: bool, more: int | None, sources: int) -> str:
    """One or two sentences for a person."""
    if comparison.gate is None:
        return "No source could be used, so there was nothing to transfer; the control is handed back."
    many = "the one source at hand" if sources == 1 else f"the {sources} sources at hand"
    back = "the combination that uses transfer" if passed else "the control, which transfers nothing,"
    if decision is Decision.TRANSFER:
        return f"With {many} the gain is clear of zero; {back} is handed back."
    if decision is Decision.NO_TRANSFER:
        return f"{many[0].upper()}{many[1:]} added no useful amount to the control; {back} is handed back."
    return (
        f"The evidence does not settle it: transfer is {side(comparison, passed)}, so {back} is handed back. "
        f"About {more} more labels would settle it if things stay as they are."
    )


def at_odds(comparison: Comparison) -> str:
    """Why the probability can be high beside a gain that is not above zero; else nothing."""
    chance = believed(comparison).probability
    if comparison.gain > 0 or chance <= 0.5:
        return ""
    return (
        f"The gain is the score on these examples alone; the probability ({chance:.0%}) also counts that "
        "sources like these nearly always helped on other tasks, so it can be high beside a gain that is not "
        "above zero."
    )


def side(comparison: Comparison, passed: bool) -> str:
    """Where transfer stands when the evidence does not settle it."""
    if not passed:
        return "not reliably ahead of the control"
    if comparison.gain > 0:
        return "ahead, but not by more than chance could do"
    if believed(comparison).interval.high < 0:
        return "behind by the score, but its probabilities, which decide, fit the examples as well or better"
    return "level with the control as far as can be told, and its sources have helped elsewhere"
