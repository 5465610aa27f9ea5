"""What the verbs of ``headstart sim`` print for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headstart.cli.output import columns
from headstart.core.control import Reached
from headstart.core.estimate import Score

if TYPE_CHECKING:
    from headstart.core.policy_development import PolicyDevelopment
    from headstart.core.run import RunRecord
    from headstart.recipes.sim_eval import PolicyScore


def show_development(record: PolicyDevelopment, folder: object) -> None:
    """What was kept, and what it returns."""
    failed = [one for one in record.learners if one.status.startswith("failed")]
    rows = [
        ["kept", f"{record.object.name}@{record.object.version}, {record.object.bytes / 1e6:.1f} MB"],
        ["return", f"{score(record.kept)}  on episodes that nobody chose by"],
        ["learners", f"{len(record.learners)}, {score(record.score)} over all of them"],
        ["steps", f"{record.steps:,} in {record.environment}, {record.violations:g} safety limits broken"],
        ["reuse", f"headstart sim fit ENV --source {record.object.source} --target-steps N"],
        ["record", f"{folder}/develop.json"],
    ]
    if failed:
        rows.append(["failed", f"{len(failed)} learners: {failed[0].status}"])
    if record.stopped:
        rows.append(["stopped", f"by {record.stopped}: this is the best so far"])
    print(columns(rows))


def show_run(record: RunRecord, folder: object) -> None:
    """The verdict, what is handed back, what it cost."""
    verdict, chosen, spent = record.verdict, record.chosen, record.cost
    low, high = verdict.interval.low, verdict.interval.high
    print(record.headline)
    rows = [
        ["handed back", f"{chosen.candidate}: {score(chosen.score)}  on fresh episodes"],
        ["gain", f"{verdict.gain:+.4g} [{low:+.4g}, {high:+.4g}]  over learning from scratch"],
        ["target steps", f"{spent.target_steps:,} in all, {spent.violations:g} safety limits broken"],
    ]
    reached = record.control.reached if record.control else None
    if reached is not None:
        rows.append(
            ["from scratch", f"took {reached.control_steps:,} of them for one learner; {words(reached)}"]
        )
    for one in sorted((*record.controls, *record.candidates), key=lambda one: -(one.score or -1e300)):
        shown = "–"
        if one.score is not None and one.interval is not None:
            shown = score(Score(one.score, one.interval))
        rows.append(["", f"{one.id:<12} {shown}  {one.status}"])
    rows += [["report", f"{folder}/report.html"], ["model", f"{folder}/model"]]
    if record.stopped:
        rows.append(["stopped", f"by {record.stopped}: this is the best so far"])
    print(columns(rows))


def words(reached: Reached) -> str:
    """When what transfers was as good.

    >>> words(Reached(by="zero-shot", steps=1600, control_steps=5400, threshold=-150.0))
    'zero-shot was as good after 1,600'
    """
    if reached.steps is None:
        return "nothing that transfers became as good"
    return f"{reached.by} was as good after {reached.steps:,}"


def show_evaluation(found: PolicyScore) -> None:
    """One line."""
    low, high = found.interval.low, found.interval.high
    print(f"{found.metric} {found.score:.4g} [{low:.4g}, {high:.4g}] on {found.n} episodes")


def score(one: Score) -> str:
    """A return with its interval."""
    return f"{one.estimate:.4g} [{one.interval.low:.4g}, {one.interval.high:.4g}]"
