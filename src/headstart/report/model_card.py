"""The model card: Markdown with a YAML head that model hubs read (`base_model`, licence, hashes, limits)."""

from __future__ import annotations

from collections.abc import Iterator

from headstart.core.kinds import Kind, Modality
from headstart.core.run import CandidateRecord, RunRecord
from headstart.report.headline import headline
from headstart.report.left_out import things
from headstart.report.names import candidate_detail, candidate_name, meaning, name_of, recipe_of
from headstart.report.quantities import count, percent
from headstart.report.units import unit_of

_PIPELINES = {
    (Modality.IMAGE, Kind.CLASSIFICATION): "image-classification",
    (Modality.TEXT, Kind.CLASSIFICATION): "text-classification",
    (Modality.SOUND, Kind.CLASSIFICATION): "audio-classification",
    (Modality.TABLE, Kind.CLASSIFICATION): "tabular-classification",
    (Modality.TABLE, Kind.REGRESSION): "tabular-regression",
}


def model_card(run: RunRecord) -> str:
    """The README.md of a model folder."""
    import yaml

    head = yaml.safe_dump(_head(run), sort_keys=False, allow_unicode=True, width=1000)
    sections = [
        f"# {run.task.id}",
        headline(run),
        "## What it is\n\n" + "\n".join(_what(run)),
        "## How good it is\n\n" + "\n".join(_quality(run)),
        "## Known limits\n\n" + "\n".join(f"- {limit}" for limit in _limits(run)),
        "## How to use it\n\n```python\nimport headstart as hs\n\n"
        'model = hs.load(".")  # this folder\nmodel.predict(["new example"])\n```\n\n'
        "It loads in a fresh process without network; nothing in it is code or pickle.",
        "## Where it comes from\n\n" + "\n".join(_lineage(run)),
    ]
    return f"---\n{head}---\n\n" + "\n\n".join(sections) + "\n"


def _head(run: RunRecord) -> dict[str, object]:
    licences = sorted(
        {source.licence for source in run.ranking if source.licence and source.source in _bases(run)}
    )
    head: dict[str, object] = {
        "library_name": "headstart",
        "base_model": _bases(run),
        "license": licences[0].lower() if len(licences) == 1 else "other",
        "tags": ["transfer-learning", str(run.task.modality), str(run.task.kind)],
        "metrics": [run.task.metric],
        "data_sha256": dict(run.lineage.data),
        "task_fingerprint": run.task.fingerprint,
        "verdict": {
            "decision": str(run.verdict.decision),
            "gain": run.verdict.gain,
            "interval": [run.verdict.interval.low, run.verdict.interval.high],
            "level": run.verdict.interval.level,
        },
    }
    if len(licences) > 1:
        head["license_name"] = " AND ".join(licences)
    pipeline = _PIPELINES.get((run.task.modality, run.task.kind))
    return head | ({"pipeline_tag": pipeline} if pipeline else {})


def _members(run: RunRecord) -> list[tuple[float, CandidateRecord]]:
    known = {candidate.id: candidate for candidate in (*run.candidates, *run.controls)}
    members = sorted(run.chosen.members, key=lambda one: -one.weight)
    return [(member.weight, known[member.candidate]) for member in members if member.candidate in known]


def _bases(run: RunRecord) -> list[str]:
    return list(dict.fromkeys(member.source for _, member in _members(run) if member.source))


def _what(run: RunRecord) -> Iterator[str]:
    task = run.task
    asked = f"one of {task.n_classes} classes" if task.kind is Kind.CLASSIFICATION else "a number"
    learned = f"learned from {count(task.n_train)} labelled examples"
    yield f"It answers with {asked} for one {task.modality}, {learned}."
    if task.classes:
        shown = ", ".join(f"`{name}`" for name in task.classes[:20])
        yield f"\nClasses: {shown}{', …' if len(task.classes) > 20 else ''}."
    yield "\n| weight | member | how |\n|---:|---|---|"
    for weight, member in _members(run):
        how = "; ".join(filter(None, (meaning(member), candidate_detail(run, member))))
        yield f"| {percent(weight, 0)} | {_cell(candidate_name(run, member))} | {_cell(how)} |"
    if not _members(run):
        yield f"| {percent(1.0, 0)} | {_cell(name_of(run, run.chosen.candidate))} | |"


def _quality(run: RunRecord) -> Iterator[str]:
    unit, score, verdict = unit_of(run.task.metric), run.chosen.score, run.verdict
    how = "corrected for having been chosen" if score.corrected_for_selection else "cross-validated"
    yield (
        f"- Expected {unit.label}: **{unit.score(score.estimate)}** "
        f"({percent(score.interval.level, 0)} interval {unit.interval(score.interval)}; {how})."
    )
    if run.chosen.test:
        yield f"- On the test set, touched once: {unit.score(run.chosen.test.estimate)}."
    yield (
        f"- Verdict: {verdict.decision}. Gain of transfer over the best model without it: "
        f"{unit.gain(verdict.gain)} ({unit.gain_interval(verdict.interval)})."
    )
    if verdict.reason:
        yield f"- {verdict.reason}"


def _limits(run: RunRecord) -> Iterator[str]:
    yield (
        f"It was measured on examples like its {count(run.task.n_train)} training examples; where the inputs "
        "change, so may the score. `predict` marks what looks unfamiliar."
    )
    if run.chosen.test is None:
        yield "No test set was given: the score is an estimate from the training examples, made out of fold."
    if run.stopped:
        why = f" (the time limit left out {things(run)})" if run.left_out else ""
        yield f"The run was stopped before it had finished{why}; a longer one may find better."
    for finding in run.findings:
        if str(finding.severity) != "info":
            yield f"{finding.title} ({finding.code}). {finding.applied or finding.remedy}"


def _lineage(run: RunRecord) -> Iterator[str]:
    for name, digest in run.lineage.data.items():
        yield f"- data `{name}`: `{digest}`"
    for source in _bases(run):
        yield f"- source `{source}`: `{run.lineage.sources.get(source, 'unknown')}`"
    if recipe := recipe_of(run):
        yield f"- {recipe[0].lower()}{recipe[1:]}: `{', '.join(run.lineage.parents)}`"
    yield f"- headstart {run.lineage.code_version}, seed {run.lineage.seed}, {run.lineage.threads} threads"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
