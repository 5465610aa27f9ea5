"""What a finished run is worth to later ones: small enough that ten thousand are read in a second."""

from __future__ import annotations

from dataclasses import dataclass

from headstart.core.kinds import Kind, Modality


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a task without its labels and before any source has seen it.

    Attributes:
        n_classes: 0 for a quantity.
        side: median of the longer sides in pixels, or of the lengths in characters.
        sketch: means of a few plain measures of the examples; `spread` their standard deviations.
        sampled: on how many examples the sketch rests.
    """

    modality: Modality
    kind: Kind
    n: int
    n_classes: int
    side: float
    sketch: tuple[float, ...]
    spread: tuple[float, ...]
    sampled: int


@dataclass(frozen=True, slots=True)
class SourceMemory:
    """How one source did in a run.

    Attributes:
        share: its part of the combination's weight, as a multiple of an equal one, with nothing known of
            any source beforehand; None where the run had no combination.
        score: of its best probe, 0 always the commonest answer, 1 the best that can be.
        depth: where on the way through it (0…1) a single tap is read best.
        size: its input size; `ms_per_example` what an example cost there, on that machine.
        aligned: its alignment with plain features (-1…1); None where it was not looked at.
    """

    share: float | None
    score: float | None
    depth: float | None
    size: int
    ms_per_example: float
    aligned: float | None = None


@dataclass(frozen=True, slots=True)
class TunedMemory:
    """How one way of tuning did: `gain` over the best probe of its source (same unit as `score`)."""

    source: str
    strategy: str
    depth: float
    was_used: bool
    gain: float | None
    cost_s: float
    status: str


@dataclass(frozen=True, slots=True)
class Memory:
    """A finished run in short. Nothing in it was learned from its test data.

    `fingerprint` is that of its training data: two runs on the same data say nothing twice.
    """

    fingerprint: str
    traits: Traits
    control: float | None
    sources: dict[str, SourceMemory]
    tuned: tuple[TunedMemory, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """A run in the store that spoke: its id there, content hash, and how alike its task is (0…1)."""

    id: str
    sha256: str
    likeness: float
