"""What is handed back of the tuned networks, and what it has forgotten."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.core.run import Remembered, Retention, RetentionPoint
from headstart.how.interpolation import MARK
from headstart.when.forgetting import is_forgotten


def settled(retention: Retention | None, weights: Mapping[str, float]) -> Retention | None:
    """With the share of each point in what is handed back, by candidate id."""
    if retention is None:
        return None

    def share(line: Remembered, point: RetentionPoint) -> RetentionPoint:
        name = line.candidate if point.alpha == 1 else f"{line.candidate}{MARK}{point.alpha:g}"
        return point.model_copy(update={"weight": weights.get(name, 0.0)})

    networks = tuple(
        line.model_copy(update={"curve": tuple(share(line, point) for point in line.curve)})
        for line in retention.networks
    )
    return retention.model_copy(update={"networks": networks})


def findings(retention: Retention | None) -> Sequence[Finding]:
    """What is handed back and forgets beyond chance."""
    if retention is None:
        return []
    task, found = retention.task, []
    for line in retention.networks:
        lost = [point for point in line.curve if point.weight > 0 and is_forgotten(point.interval)]
        for point in lost:
            found.append(
                Finding(
                    code="HS-R01",
                    severity=Severity.WARNING,
                    title="The tuned network forgets the source task",
                    detail=(
                        f"With the old head as it is, the score on {task} falls from {line.before:.3f} to "
                        f"{point.source_score:.3f} (90 % interval of the loss {point.interval.low:.3f} to "
                        f"{point.interval.high:.3f}); a head fitted anew scores {line.refitted:.3f}."
                    ),
                    where=(line.candidate,),
                    remedy=remedy(line),
                )
            )
    return found


def remedy(line: Remembered) -> str:
    """What to do: the point that forgets nothing that could be seen, or both models."""
    both = f"Keep both: {line.source} for the source task, the tuned model for this one"
    holding = [point for point in line.curve if 0 < point.alpha < 1 and not is_forgotten(point.interval)]
    if not holding:
        return f"{both}."
    best = max(holding, key=lambda point: point.alpha)
    return (
        f"{both}; or pass --keep-at-least {held_share(line, best):.2f} to take weights at {best.alpha:g} of "
        f"the way, which score {best.source_score:.3f} there and {best.target_score:.3f} here "
        f"({line.curve[-1].target_score:.3f} all the way)."
    )


def held_share(line: Remembered, point: RetentionPoint) -> float:
    """What `point` holds of the source's score, rounded down to per cents so that it is held indeed."""
    pair = (point.source_score, line.before) if line.before > 0 else (line.before, point.source_score)
    share = pair[0] / pair[1] if pair[1] else 1.0
    return min(max(math.floor(100 * share) / 100, 0.01), 1.0)
