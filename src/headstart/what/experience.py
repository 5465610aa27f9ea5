"""What earlier runs on alike tasks say before the present labels speak: which source, size and strategy.

Each earlier run counts as so many observations as its task is alike (0…1), and the catalogue's standing as
PSEUDO_RUNS of them: the mean of a Dirichlet prior (ADR 0004). Runs on unlike tasks weigh nothing, so without
an alike one everything stays as it is.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from headstart.core.memory import EarlierRun, Memory, Traits
from headstart.core.source import SourceCard
from headstart.what.traits import likenesses

PSEUDO_RUNS = 1.0  # that the catalogue's standing, or an equal share, counts for
MOST_RUNS = 16  # the most alike are heard; more say the same
HALF_ROWS = 40  # labels at which a run counts half: its shares are drawn to equal ones by few labels
ENOUGH_RUNS = 0.8  # of weight, before a source is passed over or a second input size is not tried
# Sources that are looked at all the same: one more than a combination may hold. Of six, on halves of five
# image sets, these four cost .46 of the look and lost nothing; three lost .1 to .5 points (docs/LOG.md).
KEPT = 4


@dataclass(frozen=True)
class Remembered:
    """A run in the store, and how much it counts here: its likeness, less where it had few labels."""

    run: EarlierRun
    memory: Memory

    @property
    def weight(self) -> float:
        """0…1."""
        n = self.memory.traits.n
        return self.run.likeness * n / (n + HALF_ROWS)


@dataclass(frozen=True)
class Experience:
    """The alike runs, the most alike first; nothing, where there is none.

    `is_sparing` says whether sources may be passed over; False where the user wants all of them looked at.
    """

    runs: tuple[Remembered, ...] = ()
    is_sparing: bool = True
    lines: Mapping[str, tuple[tuple[float, float], ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Gather by source: (weight, share) of each run that had it."""
        found = defaultdict(list)
        for one in self.runs:
            for source, memory in one.memory.sources.items():
                if memory.share is not None:
                    found[source].append((one.weight, memory.share))
        object.__setattr__(self, "lines", {name: tuple(pairs) for name, pairs in found.items()})

    @property
    def said(self) -> tuple[EarlierRun, ...]:
        """The runs that speak, for the record."""
        return tuple(one.run for one in self.runs)

    def weight_of(self, source: str) -> float:
        """How many alike runs had it, in whole ones."""
        return sum(weight for weight, _ in self.lines.get(source, ()))

    def share(self, card: SourceCard) -> float:
        """Its expected share of the combination, as a multiple of an equal one."""
        pairs = self.lines.get(card.id, ())
        known = card.standing if card.standing is not None else 1.0
        total = PSEUDO_RUNS * known + sum(weight * share for weight, share in pairs)
        return total / (PSEUDO_RUNS + self.weight_of(card.id))

    def surprise(self, card: SourceCard) -> float:
        """Log of its share, as earlier runs let expect it, over its card's; 0 where they are silent."""
        return math.log(self.share(card) / (card.standing if card.standing is not None else 1.0))

    def order(self, cards: Iterable[SourceCard]) -> list[str]:
        """Source ids, the most expected of first; as they came where no earlier run speaks."""
        given = list(cards)
        if not any(card.id in self.lines for card in given):
            return [card.id for card in given]
        return [card.id for card in sorted(given, key=lambda card: -self.share(card))]

    def passed_over(self, cards: Iterable[SourceCard], costs: Mapping[str, float]) -> list[str]:
        """Sources that need not be looked at: known from enough alike runs, and beyond the KEPT best ones.

        `costs` are seconds of a pass; the best are those of which most is expected for their cost.
        """
        if not self.is_sparing:
            return []
        given = {card.id: card for card in cards}
        ahead = sorted(given, key=lambda name: costs[name] / self.share(given[name]))
        return [name for name in ahead[KEPT:] if self.weight_of(name) >= ENOUGH_RUNS]

    def sizes(self, source: str, to_try: tuple[int, ...]) -> tuple[int, ...]:
        """Of the input sizes to try, the one that all alike runs ended at, if they agree and are enough."""
        seen: dict[int, float] = defaultdict(float)
        for one in self.runs:
            memory = one.memory.sources.get(source)
            if memory is not None and memory.score is not None:
                seen[memory.size] += one.weight
        known = [size for size in to_try if seen.get(size, 0.0) >= ENOUGH_RUNS]
        return tuple(known) if len(seen) == 1 and known else to_try

    def said_of(self, source: str) -> str:
        """What earlier runs say of a source, for its line in the ranking; empty where they do not."""
        pairs = self.lines.get(source, ())
        if not pairs:
            return ""
        won = sum(share >= 1.0 for _, share in pairs)
        return f"carried its part or more in {won} of {len(pairs)} similar runs in your store"

    def gain_of(self, strategy: str, depth: float) -> float | None:
        """Mean gain of a way of tuning over its source's probe; what was dropped gained nothing."""
        tried = [
            (one.weight, max(line.gain or 0.0, 0.0) if line.was_used else 0.0)
            for one in self.runs
            for line in one.memory.tuned
            if (line.strategy, line.depth) == (strategy, depth) and line.status != "out of time"
        ]
        total = sum(weight for weight, _ in tried)
        return sum(weight * gain for weight, gain in tried) / total if total >= ENOUGH_RUNS else None


NOTHING = Experience()


def alike(present: Traits, runs: Iterable[tuple[str, str, Memory]]) -> list[Remembered]:
    """The runs on alike tasks, the most alike first, from (id, content hash, memory), oldest first.

    Of several runs on the same data only the newest is heard.
    """
    newest = {memory.fingerprint: (name, sha256, memory) for name, sha256, memory in runs}
    told = list(newest.values())
    found = [
        Remembered(EarlierRun(name, sha256, float(f"{near:.3g}")), memory)
        for near, (name, sha256, memory) in zip(
            likenesses(present, [memory.traits for *_, memory in told]).tolist(), told, strict=True
        )
        if near > 0.0
    ]
    return sorted(found, key=lambda one: (-one.run.likeness, one.run.sha256))
