"""What a command prints on stdout: words for people, or one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headstart.core.development import DevelopRecord
    from headstart.core.distillation import Distillation
    from headstart.core.estimate import Score
    from headstart.core.finding import Finding
    from headstart.core.run import RankedSource, RunRecord
    from headstart.core.verdict import Chosen
    from headstart.recipes.evaluate import Evaluation

HEAVIEST = 2  # members named on the command line; the report has them all
TROUBLES = 5  # findings told beside a result


def document(value: Any) -> None:
    """Print `value` (records, lists, plain values) as the one JSON document; not-a-number becomes null."""
    from pydantic_core import to_json

    print(to_json(value, indent=2, inf_nan_mode="null").decode())


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows as aligned columns.

    >>> print(columns([["a", "1"], ["long", "22"]]))
    a     1
    long  22
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def show_run(record: RunRecord, folder: object) -> None:
    """The verdict, the scores, where the report lies."""
    from headstart.report import unit_of

    chosen, verdict, unit = record.chosen, record.verdict, unit_of(record.verdict.metric)

    def scored(score: Score) -> str:
        return f"{unit.label} {unit.score(score.estimate)} ({unit.interval(score.interval)})"

    print(record.headline or f"{verdict.decision.value}: {verdict.reason}")
    rows = [["estimate", f"{scored(chosen.score)}, by cross-validation"]]
    if chosen.test is not None:
        rows.append(["test", f"{scored(chosen.test)}, on data touched once"])
    gain = f"{unit.gain(verdict.gain)} ({unit.gain_interval(verdict.interval)})"
    rows.append(["gain", f"{gain}, over the best model without transfer"])
    rows.append(["handed back", handed_back(chosen)])
    rows.append(["report", f"{folder}/report.html"])
    rows.append(["model", f"{folder}/model"])
    if record.stopped:
        rows.append(["stopped", " ".join(stopped(record))])
    print(columns(rows))
    if record.specification:
        show_specification(record)
    show_troubles(record.findings, f"headstart explain {folder}")


def stopped(record: RunRecord) -> list[str]:
    """By what a run was cut short, and what that left out."""
    from headstart.report import left_out

    if record.stopped == "interrupt":
        return ["by you: this is the best so far"]
    return ["by the time limit: this is the best so far.", *left_out(record)]


def show_specification(record: RunRecord | DevelopRecord) -> None:
    """The specification line by line, those that fail first."""
    from headstart.report import requirements

    print(f"\n{requirements.sentence(record)}")
    print(columns([["", "asked for", "found", "met"], *requirements.table(record)]))


def show_evaluation(found: Evaluation) -> None:
    """The score; where the model was trained on some of the examples, that, and the score on the others."""
    low, high = found.interval.low, found.interval.high
    print(f"{found.metric} {found.score:.3f} [{low:.3f}, {high:.3f}] on {found.n} examples")
    if found.unseen is not None:
        others = found.n - (found.n_seen or 0)
        print(f"{found.metric} {score(found.unseen)} on the {others} that it was not trained on")
    if found.n_seen is None:
        print("Which examples it was trained on is not recorded beside it: none of these may be among them.")
    if found.findings:
        show_findings(found.findings)


def show_distillation(made: Distillation) -> None:
    """How alike teacher and student answer, what each costs, where the student lies."""
    values = made.coding == "values"
    what = "R2 against the teacher's values" if values else "of the answers are the teacher's"
    chance = "" if values else f" (always its most frequent one: {made.by_chance:.3f})"
    rows = [["agreement", f"{score(made.agreement)}  {what}, out of fold{chance}"]]
    for name, one in (("teacher", made.teacher), ("student", made.student)):
        cost = f"{one.ms_per_example:.1f} ms an example, {one.size_bytes / 1e6:.0f} MB"
        scored = f", {made.metric} {score(one.score)}" if one.score else ""
        rows.append([name, f"{cost}{scored}  {', '.join(one.networks)}"])
    if made.difference is not None:
        low, high = made.difference.interval.low, made.difference.interval.high
        gap = f"{made.difference.estimate:+.3f} [{low:+.3f}, {high:+.3f}]"
        rows.append(["difference", f"{gap}  student minus teacher, same labelled rows, out of fold"])
    rows.append(["learned on", f"{made.data.n} examples, {made.coding}, no labels"])
    rows.append(["model", made.student.folder])
    print(columns(rows))
    for note in made.notes:
        print(note)


def handed_back(chosen: Chosen) -> str:
    """What the model is made of, the heaviest members by name."""
    members = sorted(chosen.members, key=lambda member: -member.weight)
    named = [f"{member.candidate} ({member.weight:.0%})" for member in members[:HEAVIEST]]
    rest = len(members) - len(named)
    return ", ".join(named) + (f" and {rest} more" if rest else "") if named else chosen.candidate


def score(value: Score) -> str:
    """A score with its interval."""
    return f"{value.estimate:.3f} [{value.interval.low:.3f}, {value.interval.high:.3f}]"


def show_findings(findings: Sequence[Finding]) -> None:
    """Each finding with its remedy, the gravest first (that is the order they come in)."""
    if not findings:
        print("Nothing to complain about.")
    for finding in findings:
        print(f"{finding.severity.value} {finding.code}: {finding.title}")
        print(f"  {finding.detail}")
        if finding.where:
            more = f" and {len(finding.where) - 3} more" if len(finding.where) > 3 else ""
            print(f"  where: {', '.join(finding.where[:3])}{more}")
        if finding.applied:
            print(f"  done:  {finding.applied}")
        if finding.remedy:
            print(f"  to do: {finding.remedy}")


def show_troubles(findings: Sequence[Finding], report: str) -> None:
    """Errors and warnings that came with a result, the gravest first; `report` says where all of them are."""
    from headstart.report import sentences

    grave = [finding for finding in findings if finding.severity.value != "info"]
    for finding in grave[:TROUBLES]:
        words = sentences(finding.title, finding.detail, finding.applied and f"Done: {finding.applied}")
        print(f"{finding.severity.value} {finding.code}: {words}")
    if grave:
        more = f"{len(grave) - TROUBLES} more, and what" if len(grave) > TROUBLES else "What"
        print(f"{more} to do: {report}")


def show_ranking(ranking: Sequence[RankedSource]) -> None:
    """The sources, best first."""
    head = ["", "source", "score", "", "input", "seconds", "why"]
    rows = [
        [
            str(line.rank),
            line.source,
            f"{line.score:.3f}",
            f"[{line.interval.low:.3f}, {line.interval.high:.3f}]",
            str(line.input_size),
            f"{line.cost_s:.1f}",
            line.reason,
        ]
        for line in ranking
    ]
    print(columns([head, *rows]))
