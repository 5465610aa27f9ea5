"""From a decision to the model that is handed back, and its folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from headstart.core.kinds import Kind
from headstart.core.run import RunRecord
from headstart.core.seeds import generator
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.how.race import Race
from headstart.metrics.estimates import class_shares
from headstart.recipes.deciding import Decision, residual_quantiles
from headstart.report import model_card
from headstart.report.whole_file import write_text
from headstart.serve import AdaptedModel, Signature, WeightedMember
from headstart.what.familiarity import Familiarity
from headstart.what.look import Look
from headstart.what.probed_source import ProbedSource
from headstart.what.probes import Probe
from headstart.when.controls import FittedControl


def model(
    task: Task,
    decision: Decision,
    plain: Sequence[FittedControl],
    look: Look,
    race: Race,
    networks: Mapping[str, Network],
) -> AdaptedModel:
    """Put the chosen pieces together; probes on one reading share one forward pass."""
    weights = {candidate.id: weight for candidate, weight in decision.weights}
    members = [
        WeightedMember((c.candidate.id,), weights[c.candidate.id], c.predictor)
        for c in plain
        if c.candidate.id in weights
    ]
    members += [
        WeightedMember((name,), weights[name], race.members[name]) for name in race.members if name in weights
    ]
    for reading in look.readings:
        probes = [p for p in look.probes if p.reading is reading and p.candidate.id in weights]
        if probes:
            members.append(_probed(probes, weights, networks[reading.card.id], task))
    ordered = sorted(members, key=lambda member: (-member.weight, member.candidates))
    return AdaptedModel(signature(task, decision), ordered)


def _probed(
    probes: Sequence[Probe], weights: Mapping[str, float], network: Network, task: Task
) -> WeightedMember:
    reading = probes[0].reading
    mass = sum(weights[probe.candidate.id] for probe in probes)
    heads = tuple((weights[probe.candidate.id] / mass, probe.head) for probe in probes)
    tap = reading.last.name
    familiarity = Familiarity.of(tap, reading.features[tap], generator(task.seed, "familiarity"))
    predictor = ProbedSource(reading.card.id, reading.size, reading.precision, heads, familiarity, network)
    return WeightedMember(tuple(probe.candidate.id for probe in probes), mass, predictor)


def signature(task: Task, decision: Decision) -> Signature:
    """What the model takes and gives."""
    is_class = task.kind is Kind.CLASSIFICATION
    return Signature(
        modality=task.modality,
        kind=task.kind,
        classes=task.classes,
        metric=task.metric,
        shares=tuple(float(share) for share in class_shares(task)) if is_class else (),
        residuals=residual_quantiles(decision, task),
        columns=dict(task.resources),
    )


def keep(model: AdaptedModel, record: RunRecord, folder: Path) -> None:
    """Write the model's folder."""
    model.about = {"task": record.task.id, "fingerprint": record.task.fingerprint}
    model.save(folder)


def describe(record: RunRecord, folder: Path) -> None:
    """Add the model's card to its folder."""
    write_text(folder / "README.md", model_card(record))
