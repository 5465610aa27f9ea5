"""What the user should do next, the most useful first."""

from __future__ import annotations

from headstart.core.kinds import Decision, Severity
from headstart.core.run import CandidateRecord, RunRecord
from headstart.report import things, unit_of

MOST = 6
IN_REACH = 20  # times the labels at hand; more is no step that anybody takes
WORTH_LABELS = 0.01  # a rise that is worth naming: of the metric's range, or of an error's size


def next_steps(record: RunRecord) -> tuple[str, ...]:
    """Short imperatives, from findings, verdict, curve, what the model costs, and time."""
    steps = [
        f"{finding.title}: {finding.remedy}"
        for finding in record.findings
        if finding.severity is not Severity.INFO and not finding.applied and finding.remedy
    ]
    more = record.verdict.labels_to_settle if record.verdict.decision is Decision.UNDECIDED else None
    if more and more <= IN_REACH * record.task.n_train:
        steps.append(f"Label about {more:,} more examples: that would settle the verdict.")
    if outlook := more_labels(record):
        steps.append(outlook)
    if record.chosen.test is None:
        steps.append("Set aside labelled examples that nobody has used and score the model: headstart eval.")
    if offer := distillation(record):
        steps.append(offer)
    if record.stopped == "budget":
        steps.append(f"The time limit left out {things(record)}: allow more with --time-limit.")
    return tuple(steps[:MOST])


def more_labels(record: RunRecord) -> str:
    """What about twice the labels would do for what is handed back; empty where that is little or unknown."""
    side = "transfer" if record.verdict.gate_passed else "control"
    told = [(p.n_labels, score) for p in record.label_curve if (score := getattr(p, side)) is not None]
    n, unit = record.task.n_train, unit_of(record.task.metric)
    here = [score for labels, score in told if labels == n]
    ahead = [(labels, score) for labels, score in told if labels >= 2 * n]
    if not here or not ahead or ahead[0][1] - here[0] <= least_rise(record, here[0]):
        return ""
    return (
        f"With {ahead[0][0]} labels instead of {n} expect {unit.label} of about {unit.score(ahead[0][1])} "
        f"instead of {unit.score(here[0])}; label examples like those under Mistakes first."
    )


def least_rise(record: RunRecord, here: float) -> float:
    """The smallest rise of the score `here` that is worth labelling for."""
    return WORTH_LABELS * (abs(here) if unit_of(record.task.metric).style == "error" else 1.0)


def distillation(record: RunRecord) -> str:
    """The offer to make one network of several, with what that saves; empty where there is none to make."""
    weights = {member.candidate: member.weight for member in record.chosen.members}
    used = [one for one in record.candidates if one.id in weights and one.source is not None]
    able: dict[str, float] = {}
    for one in used:
        if one.rung <= 2:
            able[str(one.source)] = able.get(str(one.source), 0.0) + weights[one.id]
    networks = {network(one): str(one.source) for one in used}
    if len(networks) < 2 or not able:
        return ""
    heaviest = max(able, key=lambda source: able[source])
    cost_ms = {line.source: 1e3 * line.cost_s / record.task.n_train for line in record.ranking}
    one_ms, all_ms = cost_ms.get(heaviest, 0.0), sum(cost_ms.get(name, 0.0) for name in networks.values())
    saves = f"takes {one_ms:.3g} ms an example where these {len(networks)} take {all_ms:.3g}"
    return (
        f"For faster answers make one network of several: {heaviest} alone {saves}. It learns from examples "
        "that need no labels: `headstart distil RUN DATA --out DIR`."
    )


def network(candidate: CandidateRecord) -> str:
    """What must run for a candidate: a source at an input size, or a tuned network of its own."""
    if candidate.rung > 2:
        return candidate.id
    return f"{candidate.source}@{candidate.settings.get('size')}"
