"""From the record of a run to what later runs want to know of it."""

from __future__ import annotations

import math
from collections.abc import Iterable

from headstart.core.kinds import Kind
from headstart.core.memory import Memory, SourceMemory, TunedMemory
from headstart.core.run import CandidateRecord, RankedSource, RunRecord

TUNED_FROM = 3  # rung of the ladder


def memory_of(run: RunRecord) -> Memory | None:
    """The run in short; None where the record is of a version that did not describe its task.

    The test score is left out: what was learned from test data would not be touched once any more.
    """
    if run.traits is None:
        return None
    floor, top = _scale(run)
    unit = top - floor if top > floor else math.nan

    def on_scale(score: float | None) -> float | None:
        return _short((score - floor) / unit) if score is not None else None

    best = {line.source: line.score for line in run.ranking if math.isfinite(line.score)}
    return Memory(
        fingerprint=run.task.fingerprint,
        traits=run.traits,
        control=on_scale(_best(run.controls)),
        sources={line.source: _source(line, run, on_scale(best.get(line.source))) for line in run.ranking},
        tuned=tuple(
            _tuned(line, on_scale(line.score), on_scale(best.get(line.source)))
            for line in run.candidates
            if line.rung >= TUNED_FROM and line.source is not None
        ),
    )


def _source(line: RankedSource, run: RunRecord, score: float | None) -> SourceMemory:
    points = [point for point in run.depth if point.source == line.source]
    peak = max(points, key=lambda point: point.score).depth if points else None
    return SourceMemory(
        share=_short(_multiple(line, run)),
        score=score,
        depth=_short(peak),
        size=line.input_size,
        ms_per_example=_short(1e3 * line.cost_s / run.task.n_train) or 0.0,
        aligned=_short(line.aligned),
    )


def _multiple(line: RankedSource, run: RunRecord) -> float | None:
    """A source's share as a multiple of an equal one: runs with few sources and with many are comparable."""
    shares = [one.share for one in run.ranking if one.share is not None]
    total = sum(shares)
    return line.share * len(shares) / total if line.share is not None and total > 0 else None


def _tuned(line: CandidateRecord, score: float | None, look: float | None) -> TunedMemory:
    depth = line.settings.get("depth")
    return TunedMemory(
        source=str(line.source),
        strategy=line.strategy,
        depth=float(depth) if isinstance(depth, int | float) else 0.0,
        was_used=line.weight > 0.0,
        gain=_short(score - look) if score is not None and look is not None else None,
        cost_s=_short(line.cost_s) or 0.0,
        status=line.status.partition(":")[0],
    )


def _scale(run: RunRecord) -> tuple[float, float]:
    """The score of the commonest answer, and the best that can be."""
    majority = [one for one in run.controls if one.strategy == "majority"]
    is_bounded = run.task.kind is Kind.CLASSIFICATION and run.task.metric != "neg_log_loss"
    top = 1.0 if is_bounded or run.task.metric == "r2" else 0.0
    floor = _best(majority)
    return (floor if floor is not None else math.nan), top


def _best(lines: Iterable[CandidateRecord]) -> float | None:
    return max((line.score for line in lines if line.score is not None), default=None)


def _short(value: float | None) -> float | None:
    """Four digits are plenty; what is no number is nothing."""
    return float(f"{value:.4g}") if value is not None and math.isfinite(value) else None
