"""What is inside the model: its networks, heaviest first, each with the probes or heads that read it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from headstart.core.run import CandidateRecord, RunRecord
from headstart.report.charts import parts
from headstart.report.charts.chart import Chart
from headstart.report.names import candidate_detail, meaning, name_of, network_name, strategy_name


@dataclass(frozen=True, slots=True)
class Head:
    """One member's share of the vote (0…1), and what it does."""

    weight: float
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """Members that share one network (a tuned one has its own), or one control."""

    weight: float
    name: str
    is_control: bool
    strip: Chart | None
    heads: tuple[Head, ...]


def groups(run: RunRecord) -> list[Group]:
    """The members of the model by network; without any, the candidate that was chosen."""
    known = {candidate.id: candidate for candidate in (*run.candidates, *run.controls)}
    if not run.chosen.members:
        return [Group(1.0, name_of(run, run.chosen.candidate), not run.verdict.gate_passed, None, ())]
    shared: dict[str, list[tuple[float, CandidateRecord]]] = {}
    for member in sorted(run.chosen.members, key=lambda one: -one.weight):
        if member.candidate in known:
            record = known[member.candidate]
            shared.setdefault(_network(record), []).append((member.weight, record))
    return sorted((_group(run, members) for members in shared.values()), key=lambda one: -one.weight)


def _network(record: CandidateRecord) -> str:
    own = record.source is None or record.rung > 2
    return record.id if own else f"{record.source}@{record.settings.get('size')}"


def _group(run: RunRecord, members: list[tuple[float, CandidateRecord]]) -> Group:
    first = members[0][1]
    heads = [Head(weight, _words(run, record, alone=len(members) == 1)) for weight, record in members]
    taps = tuple(dict.fromkeys(tap for _, record in members for tap in record.parts.taps))
    points = sorted(run.depth, key=lambda point: point.depth)
    segments = tuple(dict.fromkeys(point.tap for point in points if point.source == first.source))
    return Group(
        weight=sum(weight for weight, _ in members),
        name=name_of(run, first.id) if len(members) == 1 else network_name(run, _network(first)),
        is_control=first.source is None,
        strip=parts.draw(replace(first.parts, taps=taps), segments),
        heads=tuple(heads),
    )


def _words(run: RunRecord, record: CandidateRecord, *, alone: bool) -> str:
    if alone:
        return "; ".join(filter(None, (meaning(record), candidate_detail(run, record))))
    settings = {name: value for name, value in record.settings.items() if name != "size"}  # the network's
    detail = candidate_detail(run, record.model_copy(update={"settings": settings}))
    return ", ".join(filter(None, (strategy_name(record.strategy), detail)))
