"""The record of a development: what `develop.json` holds, field by field (see docs/develop.schema.json)."""

from __future__ import annotations

from typing import Any, Literal

from headstart.core.estimate import Interval
from headstart.core.finding import Finding
from headstart.core.kinds import Modality
from headstart.core.ranked_task import RankedTask
from headstart.core.record import Record
from headstart.core.run import Cost, Lineage, RankedSource, TaskRecord
from headstart.core.specification import SpecLine

SCHEMA_VERSION = 1


class KeptAs(Record):
    """The version in the store that a development ended with."""

    name: str
    version: int
    sha256: str
    bytes: int

    @property
    def source(self) -> str:
        """The id to reuse it by: ``store:NAME@VERSION``."""
        return f"store:{self.name}@{self.version}"


class Alternative(Record):
    """One way to begin, and how it did on the part that is held out to stop by.

    `score` is in the task's metric, larger is better; None where there is none. `rows` it learned from,
    `epochs` passes over them; `status`: ``chosen``, ``behind``, or why it came to nothing.
    """

    start: str
    parent: str | None
    architecture: str
    score: float | None
    loss: float | None
    cost_s: float
    rows: int
    epochs: int
    status: str


class Choice(Record):
    """What was developed from what, and why; `best_epoch` is the one whose weights were kept."""

    method: Literal["supervised", "self-supervised"]
    start: str
    parent: str | None
    architecture: str
    parameters: int
    input_size: int
    frozen_blocks: int
    blocks: int
    mirrored: bool
    best_epoch: int
    epochs: int
    reason: str
    alternatives: tuple[Alternative, ...]


class EpochPoint(Record):
    """One pass over the rows: losses (nats, or squared standardised errors) fall, the score rises.

    Without labels `train_loss` is the pretext's, and on pairs that of telling them, each in a unit of its
    own; without labels nothing is held out to stop by.
    """

    epoch: int
    train_loss: float
    held_out_loss: float | None
    held_out_score: float | None


class Examples(Record):
    """What was developed on without labels; as a `TaskRecord`, with nothing asked."""

    id: str
    modality: Modality
    kind: None = None
    n_train: int
    n_classes: Literal[0] = 0
    classes: tuple[str, ...] = ()
    metric: Literal[""] = ""
    fingerprint: str
    class_counts: tuple[int, ...] = ()


class Pretext(Record):
    """What learning without labels is known to have done, on the `n` examples that it did not learn from.

    `before` and `after`: how often two altered views of an example find each other among all, 0…1; `gain`:
    90 % interval of what that rose by.
    `likeness`: of the examples' kernel with the one before, -1…1 (1: the same are told apart).
    """

    method: str
    before: float
    after: float
    likeness: float
    n: int
    gain: Interval | None = None


class HeldOut(Record):
    """The score on the n rows that nothing was learned from and nothing was chosen by."""

    metric: str
    score: float
    interval: Interval
    n: int


class Baseline(Record):
    """What can be had without developing anything, on the same held-out rows; it learned from `n_learned`."""

    name: str
    score: float
    interval: Interval
    n_learned: int


class Rows(Record):
    """How the examples were used: to learn, to stop by, to look at once; `left_out` for want of time."""

    learn: int
    stop: int
    test: int
    left_out: int


class DevelopRecord(Record):
    """Everything that `develop` found; written to `develop.json`."""

    schema_version: int = SCHEMA_VERSION
    name: str
    object: KeptAs
    task: TaskRecord | Examples
    selection: tuple[RankedTask, ...]
    choice: Choice
    rows: Rows
    curve: tuple[EpochPoint, ...]
    held_out: HeldOut | None
    baseline: Baseline | None
    findings: tuple[Finding, ...]
    cost: Cost
    lineage: Lineage
    stopped: Literal["budget", "interrupt"] | None
    card: dict[str, Any]
    pretext: Pretext | None = None
    specification: tuple[SpecLine, ...] = ()
    looked: tuple[RankedSource, ...] = ()  # the sources at hand, as the first look saw them
    reuse: tuple[RankedSource, ...] = ()  # the developed source beside its parent, as the target sees them
    confusion: tuple[tuple[int, ...], ...] = ()
    predicted: tuple[tuple[float, float], ...] = ()  # (truth, prediction) of held-out values
    next_steps: tuple[str, ...] = ()
    headline: str = ""
    created: str = ""
