"""What the user should do next, the most useful first."""

from __future__ import annotations

from headstart.core.kinds import Decision, Severity
from headstart.core.run import RunRecord

MOST = 6


def next_steps(record: RunRecord) -> tuple[str, ...]:
    """Short imperatives, from findings, verdict, curve and time."""
    steps = [
        f"{finding.title}: {finding.remedy}"
        for finding in record.findings
        if finding.severity is not Severity.INFO and not finding.applied and finding.remedy
    ]
    verdict = record.verdict
    if verdict.decision is Decision.UNDECIDED and verdict.labels_to_settle:
        steps.append(f"Label about {verdict.labels_to_settle} more examples: that would settle the verdict.")
    ahead = [point for point in record.label_curve if point.extrapolated]
    if ahead and record.label_curve:
        here = record.label_curve[-len(ahead) - 1]
        double = next((p for p in ahead if p.n_labels >= 2 * record.task.n_train), ahead[-1])
        pair = (here.transfer or here.control, double.transfer or double.control)
        if pair[0] is not None and pair[1] is not None and pair[1] - pair[0] > 0.01:
            steps.append(
                f"With {double.n_labels} labels instead of {record.task.n_train} the score would rise by "
                f"about {pair[1] - pair[0]:.3f}; label the doubtful examples below first."
            )
    if record.chosen.test is None:
        steps.append("Set aside labelled examples that nobody has used and score the model: headstart eval.")
    if record.stopped == "budget":
        steps.append("The time limit cut the search short: allow more with --time-limit.")
    return tuple(steps[:MOST])
