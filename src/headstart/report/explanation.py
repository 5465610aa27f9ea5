"""`headstart explain RUN`: why, in words and numbers, in the order what, when, how."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from headstart.core.kinds import Kind
from headstart.core.run import RunRecord
from headstart.report import requirements
from headstart.report.earlier import earlier
from headstart.report.headline import headline
from headstart.report.left_out import left_out
from headstart.report.names import (
    candidate_detail,
    candidate_name,
    name_of,
    recipe_of,
    sentences,
    source_name,
)
from headstart.report.quantities import MISSING, about, duration, fixed, percent
from headstart.report.remembering import remembering
from headstart.report.units import unit_of

WIDTH = 96
SOURCES_SHOWN = 5
CONTROLS_SHOWN = 3
EXAMPLES_SHOWN = 5  # of each sort


def explain(run: RunRecord) -> str:
    """Plain text for a terminal: the verdict, then what it rests on."""
    sections = (
        ("", _verdict(run)),
        ("Specification", _specification(run)),
        ("What to transfer", _what(run)),
        ("When to transfer", _when(run)),
        ("How to transfer", _how(run)),
        ("Mistakes", _mistakes(run)),
        ("Findings", _findings(run)),
        ("Next", iter(run.next_steps)),
    )
    blocks = []
    for title, lines in sections:
        wrapped = [_wrap(line) for line in lines]
        if wrapped:
            blocks.append("\n".join(([title] if title else []) + wrapped))
    return "\n\n".join(blocks) + "\n"


def _verdict(run: RunRecord) -> Iterator[str]:
    yield headline(run)
    if run.verdict.reason:
        yield run.verdict.reason
    if run.stopped:
        cause = "by the time limit" if run.stopped == "budget" else "by you"
        yield " ".join([f"Stopped {cause}: this is the best found until then.", *left_out(run)])


def _specification(run: RunRecord) -> Iterator[str]:
    if run.specification:
        yield requirements.sentence(run)
    for requirement, wanted, found, met in requirements.table(run):
        yield ", ".join(filter(None, (requirement, wanted, found and f"found {found}", met))) + "."


def _what(run: RunRecord) -> Iterator[str]:
    unit = unit_of(run.task.metric)
    for ranked in run.ranking[:SOURCES_SHOWN]:
        name = ranked.name or source_name(run, ranked.source)
        why = f": {ranked.reason}" if ranked.reason else ""
        interval = unit.interval(ranked.interval)
        scored = "" if interval == MISSING else f", {unit.score(ranked.score)} ({interval})"
        yield f"{ranked.rank}. {name}{scored}{why}"
    if len(run.ranking) > SOURCES_SHOWN:
        yield f"… and {len(run.ranking) - SOURCES_SHOWN} more"
    if run.depth:
        peak = max(run.depth, key=lambda point: point.score)
        name, depth = source_name(run, peak.source), percent(peak.depth, 0)
        yield (
            f"Highest score of one look: {unit.score(peak.score)}, at {peak.tap} of {name}, {depth} of its "
            f"depth, input size {peak.input_size}."
        )
    if said := earlier(run):
        yield said


def _when(run: RunRecord) -> Iterator[str]:
    verdict, unit = run.verdict, unit_of(run.verdict.metric)
    yield (
        f"Gain over the best control: {unit.label + ' ' if unit.style == 'error' else ''}"
        f"{unit.gain(verdict.gain)} "
        f"({percent(verdict.interval.level, 0)} interval {unit.gain_interval(verdict.interval)}); "
        f"probability of a gain {percent(verdict.probability_of_gain, 0)}."
    )
    yield f"Smallest gain that this much data could show: {unit.amount(verdict.minimum_detectable_gain)}."
    ordered = sorted(
        run.controls, key=lambda one: -float("inf") if one.score is None else one.score, reverse=True
    )
    for control in ordered[:CONTROLS_SHOWN]:
        yield f"Control: {candidate_name(run, control)}, {unit.score(control.score)}."
    worth = verdict.label_equivalents
    if worth:
        if worth.censored == "above":
            yield f"Worth more than {about(worth.value)} labels."
        else:
            yield f"Worth about {about(worth.value)} labels ({about(worth.low)} to {about(worth.high)})."
    far = verdict.distance
    if far:
        seen = far.evidence
        yield (
            f"{far.kind.capitalize()} transfer (distance {fixed(far.value, 2)} of 1): "
            f"best tap at {percent(seen.peak_tap_depth, 0)} of the depth, "
            f"feature shift {fixed(seen.feature_shift, 2)}, label affinity {fixed(seen.label_affinity, 2)}."
        )


def _how(run: RunRecord) -> Iterator[str]:
    unit, chosen = unit_of(run.task.metric), run.chosen
    handed = "the combination with transfer" if run.verdict.gate_passed else "the best model without transfer"
    corrected = ", corrected for selection" if chosen.score.corrected_for_selection else ""
    yield (
        f"Handed back: {handed}; expected {unit.label} {unit.score(chosen.score.estimate)} "
        f"({unit.interval(chosen.score.interval)}{corrected})."
    )
    if chosen.test:
        score, interval = unit.score(chosen.test.estimate), unit.interval(chosen.test.interval)
        yield f"On the test set, touched once: {score} ({interval})."
    if recipe := recipe_of(run):
        yield f"{recipe}, judged anew on these data."
    known = {candidate.id: candidate for candidate in (*run.candidates, *run.controls)}
    for member in sorted(chosen.members, key=lambda one: -one.weight):
        detail = candidate_detail(run, known[member.candidate]) if member.candidate in known else ""
        yield f"{percent(member.weight, 0)} {name_of(run, member.candidate)}" + (
            f" ({detail})" if detail else ""
        )
    yield from remembering(run)
    yield f"It took {duration(run.cost.wall_s)}."


def _mistakes(run: RunRecord) -> Iterator[str]:
    """The worst and the most doubtful training examples, each answered by models that had not seen it."""
    if run.doubtful and run.lineage.options.get("private"):
        yield "Examples are not named: this run was made with --private."
        return
    is_class = run.task.kind is Kind.CLASSIFICATION
    titles = {"wrong": "Confident, and wrong" if is_class else "Largest error", "doubtful": "Most doubtful"}
    for kind, title in titles.items():
        of_kind = [example for example in run.doubtful if example.kind == kind]
        for example in of_kind[:EXAMPLES_SHOWN]:
            sure = f", {percent(example.confidence, 0)} sure" if is_class else ""
            said = f"labelled {example.truth}, answered {example.prediction}{sure}"
            row = "row " if example.example_id.isdigit() else ""
            yield f"{title}: {row}{example.example_id} ({said})"
        if len(of_kind) > EXAMPLES_SHOWN:
            yield f"… and {len(of_kind) - EXAMPLES_SHOWN} more in report.html"


def _findings(run: RunRecord) -> Iterator[str]:
    for finding in run.findings:
        head = f"{finding.code} {finding.severity}: {finding.title}"
        yield sentences(head, finding.detail, finding.remedy)


def _wrap(line: str) -> str:
    return textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
