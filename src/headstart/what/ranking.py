"""Rank sources by their best probe, and lay out score against depth."""

from __future__ import annotations

from collections.abc import Sequence

from headstart.core.run import DepthPoint, RankedSource
from headstart.what.experience import NOTHING, Experience
from headstart.what.probes import Probe
from headstart.what.reading import Reading

PRIOR_ROWS = 10.0  # labelled rows that speak as loud as what is expected


def rank(
    probes: Sequence[Probe],
    scores: Sequence[DepthPoint],
    readings: Sequence[Reading],
    stopped: Sequence[RankedSource],
    earlier: Experience = NOTHING,
) -> tuple[RankedSource, ...]:
    """Best first: by the mean log-likelihood (or squared error) of each source's best probe.

    The score shown is the metric's; the order is by likelihood, which few labels do not shake as much. What
    earlier runs on alike tasks expect of a source counts as PRIOR_ROWS rows would; the reason says so.
    """
    best: dict[str, tuple[float, Probe, DepthPoint]] = {}
    for probe, point in zip(probes, scores, strict=True):
        merit = probe.merit
        held = best.get(point.source)
        if held is None or merit > held[0]:
            best[point.source] = (merit, probe, point)
    cost = dict.fromkeys(best, 0.0)
    for reading in readings:
        cost[reading.card.id] = cost.get(reading.card.id, 0.0) + reading.forward_s
    by_probe = sorted(best, key=lambda source: (-best[source][0], source))
    expected = {
        source: merit + PRIOR_ROWS * earlier.surprise(probe.reading.card) / len(probe.evidence.pooled)
        for source, (merit, probe, _) in best.items()
    }
    ordered = [(source, best[source]) for source in sorted(by_probe, key=lambda source: -expected[source])]
    ranked = [
        RankedSource(
            source=source,
            rank=place,
            score=point.score,
            interval=point.interval,
            cost_s=cost[source],
            input_size=point.input_size,
            distance=1.0 - point.depth if probe.candidate.strategy == "linear" else None,
            reason=_reason(probe, point) + _of_earlier(earlier, source, by_probe.index(source) + 1, place),
            name=probe.reading.card.name,
            licence=probe.reading.card.licence,
        )
        for place, (source, (_, probe, point)) in enumerate(ordered, start=1)
    ]
    behind = [
        one.model_copy(update={"rank": len(ranked) + place}) for place, one in enumerate(stopped, start=1)
    ]
    return tuple(ranked + behind)


def _of_earlier(earlier: Experience, source: str, by_probe: int, place: int) -> str:
    said = earlier.said_of(source)
    moved = f"number {by_probe} by its probe alone; " if by_probe != place else ""
    return f"; {moved}{said}" if said else ""


def _reason(probe: Probe, point: DepthPoint) -> str:
    strategy = probe.candidate.strategy
    if strategy == "multi-tap":
        return (
            f"fits best over {len(probe.candidate.parts.taps)} depths at once, input size {point.input_size}"
        )
    if strategy == "class-names":
        return "fits best by likeness to the class names, without labels"
    how = "nearest neighbours" if strategy == "neighbours" else "a linear probe"
    return f"fits best with {how} at depth {point.depth:.2f} ({point.tap}), input size {point.input_size}"


def depth_profile(probes: Sequence[Probe], scores: Sequence[DepthPoint]) -> tuple[DepthPoint, ...]:
    """Score of the linear probe at each tap of each source, shallow first."""
    linear = [s for p, s in zip(probes, scores, strict=True) if p.candidate.strategy == "linear"]
    return tuple(sorted(linear, key=lambda point: (point.source, point.input_size, point.depth)))
