"""The model card of a student: what it was distilled from, on what, and how alike the two answer."""

from __future__ import annotations

from collections.abc import Iterator

from headstart import __version__
from headstart.core.distillation import Distillation
from headstart.core.estimate import Score
from headstart.core.kinds import Kind, Modality
from headstart.core.source import SourceCard
from headstart.report.quantities import count, fixed, percent, size
from headstart.report.units import unit_of


def distilled_card(made: Distillation, modality: Modality, kind: Kind, source: SourceCard) -> str:
    """The README.md of a distilled model's folder."""
    import yaml

    head = yaml.safe_dump(
        _head(made, modality, kind, source), sort_keys=False, allow_unicode=True, width=1000
    )
    sections = [
        f"# {made.task or 'Distilled model'}",
        f"One network that answers like a combination of {len(made.teacher.networks)}: "
        f"{agreement_in_words(made, kind)}.",
        "## What it is\n\n" + "\n".join(_what(made, source)),
        "## How good it is\n\n" + "\n".join(f"- {line}" for line in _quality(made, kind)),
        "## Known limits\n\n" + "\n".join(f"- {line}" for line in _limits(made)),
        "## How to use it\n\n```python\nimport headstart as hs\n\n"
        'model = hs.load(".")  # this folder\nmodel.predict(["new example"])\n```',
        "## Where it comes from\n\n" + "\n".join(f"- {line}" for line in _lineage(made, source)),
    ]
    return f"---\n{head}---\n\n" + "\n\n".join(sections) + "\n"


def agreement_in_words(made: Distillation, kind: Kind) -> str:
    """Agreement with its interval, in one clause."""
    found = made.agreement
    low, high = found.interval.low, found.interval.high
    if kind is Kind.REGRESSION:
        shown = f"R² {fixed(found.estimate, 3)} ({fixed(low, 3)} to {fixed(high, 3)})"
        return f"its values follow the combination's with {shown}, out of fold"
    return (
        f"{percent(found.estimate)} of its answers are the combination's "
        f"({percent(low)} to {percent(high)}), out of fold"
    )


def _head(made: Distillation, modality: Modality, kind: Kind, source: SourceCard) -> dict[str, object]:
    return {
        "library_name": "headstart",
        "base_model": [made.source],
        "license": source.licence.lower() or "other",
        "tags": ["transfer-learning", "distillation", str(modality), str(kind)],
        "metrics": [made.metric],
        "data_sha256": {"transfer set": made.data.fingerprint},
        "distilled_from": {"sha256": made.teacher.sha256, "networks": list(made.teacher.networks)},
        "agreement": made.agreement.estimate,
    }


def _what(made: Distillation, source: SourceCard) -> Iterator[str]:
    yield (
        f"A closed-form head over {count(len(made.taps))} depths of {source.name or made.source}, "
        f"fitted on the {made.coding} that the combination gave for {count(made.data.n)} examples. "
        "The network itself stays as it is; no label was used."
    )
    yield "\n| | networks | an example | size |\n|---|---|---:|---:|"
    for name, one in (("teacher", made.teacher), ("this student", made.student)):
        networks = ", ".join(one.networks)
        yield f"| {name} | {networks} | {one.ms_per_example:.1f} ms | {size(one.size_bytes)} |"


def _quality(made: Distillation, kind: Kind) -> Iterator[str]:
    words = agreement_in_words(made, kind)
    yield words[0].upper() + words[1:] + "."
    if made.divergence is not None:
        yield (
            f"A model that always gave the combination's most frequent answer would reach "
            f"{percent(made.by_chance)}; the probabilities diverge by {fixed(made.divergence, 3)} nats."
        )
    unit, pair = unit_of(made.metric), (made.student.score, made.teacher.score)
    if isinstance(pair[0], Score) and isinstance(pair[1], Score) and made.difference is not None:
        yield (
            f"On labelled examples new to both: {unit.label} {unit.score(pair[0].estimate)}, the combination "
            f"{unit.score(pair[1].estimate)}; difference {unit.gain(made.difference.estimate)} "
            f"({unit.gain_interval(made.difference.interval)})."
        )


def _limits(made: Distillation) -> Iterator[str]:
    yield (
        "It imitates the combination, mistakes included; agreement says nothing about being right. "
        "Score it on labelled examples that nobody has used: `headstart eval`."
    )
    yield "It was measured on examples like those that it was fitted on; on others it may differ more."
    yield from made.notes


def _lineage(made: Distillation, source: SourceCard) -> Iterator[str]:
    yield f"teacher: `{made.teacher.sha256}` (model.json)"
    yield f"examples, {count(made.data.n)} of {made.data.name}: `{made.data.fingerprint}`"
    yield f"source `{made.source}`: `{source.weights_sha256 or 'unknown'}`"
    yield f"headstart {__version__}"
