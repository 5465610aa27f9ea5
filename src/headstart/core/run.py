"""The record of a run: what `run.json` holds, field by field (see docs/run.schema.json)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from headstart.core.candidate import Parts, Scalar
from headstart.core.control import ControlRecord
from headstart.core.estimate import Interval
from headstart.core.finding import Finding
from headstart.core.inheritance import Inherited
from headstart.core.kinds import Kind, Modality
from headstart.core.memory import EarlierRun, Traits
from headstart.core.record import Record
from headstart.core.shortfall import Shortfall
from headstart.core.specification import SpecLine
from headstart.core.verdict import Chosen, Verdict

SCHEMA_VERSION = 1


class TaskRecord(Record):
    """What was asked."""

    id: str
    modality: Modality
    kind: Kind
    n_train: int
    n_classes: int
    classes: tuple[str, ...]
    metric: str
    fingerprint: str
    class_counts: tuple[int, ...] = ()


class RankedSource(Record):
    """One line of *what*: a source, how good it looks, what it costs (seconds), and why it stands there.

    `share` is its part (0…1) of what the combination gives to sources, were nothing known of any source
    beforehand; `aligned` says how far its features go with plain ones (-1…1).
    """

    source: str
    rank: int
    score: float
    interval: Interval
    cost_s: float
    input_size: int
    distance: float | None
    reason: str
    name: str = ""
    licence: str = ""
    share: float | None = None
    aligned: float | None = None


class DepthPoint(Record):
    """Score of the probe at one tap: depth in 0…1."""

    source: str
    tap: str
    depth: float
    input_size: int
    score: float
    interval: Interval


class CandidateRecord(Record):
    """One candidate or control with its score on the pooled out-of-fold predictions."""

    id: str
    source: str | None
    parts: Parts
    strategy: str
    settings: dict[str, Scalar]
    score: float | None
    interval: Interval | None
    rung: int
    cost_s: float
    status: str
    weight: float = 0.0


class CurvePoint(Record):
    """One point of the label-budget curve: expected score with n labels, with and without transfer."""

    n_labels: int
    transfer: float | None
    control: float | None
    extrapolated: bool = False


class DoubtfulExample(Record):
    """A training example that the model, fitted without it, got wrong or is unsure about."""

    example_id: str
    row: int
    truth: str
    prediction: str
    confidence: float
    kind: Literal["wrong", "doubtful"]


class TradeOff(Record):
    """The combination pruned to its m heaviest networks: what it scores and costs per example."""

    networks: tuple[str, ...]
    score: float
    ms_per_example: float


class RetentionPoint(Record):
    """Weights at `alpha` between source (0) and tuned (1), and what they score on the two tasks.

    `target_score` is out of fold, of this network alone; `forgetting` is what the score on the source task
    fell by (metric's unit, positive: forgotten), with a paired 90 % interval; `weight` is the share that
    these weights have in what is handed back.
    """

    alpha: float
    target_score: float
    source_score: float
    forgetting: float
    interval: Interval
    weight: float = 0.0


class Remembered(Record):
    """What one tuned network still knows of the source task.

    `before` and `after` are scores of the old head, left as it is, on the source's and on the tuned features;
    `refitted_before` and `refitted` those of a head fitted anew. `head`: the one kept with a stored source,
    or a ridge on the source's own features. `n` rows are scored; `seen`: the source learned from them, so
    that `before` flatters it.
    """

    candidate: str
    source: str
    head: Literal["stored", "ridge"]
    n: int
    seen: bool
    before: float
    before_interval: Interval
    after: float
    after_interval: Interval
    refitted_before: float
    refitted: float
    curve: tuple[RetentionPoint, ...]


class Retention(Record):
    """Forgetting of the source task that ``--keep`` names; no network where nothing was tuned.

    `left_out` counts rows that the target's data has too; `reason` says why nothing could be measured.
    """

    task: str
    metric: str
    fingerprint: str
    left_out: int
    networks: tuple[Remembered, ...]
    reason: str = ""


class Cost(Record):
    """What the run cost (seconds, bytes); downloads are apart.

    `stages_s`: seconds of each stage, downloads among them, up to the writing of this record. Of control
    only: `target_steps` of all arms and all evaluations, and `violations` of safety limits in them.
    """

    wall_s: float
    forward_pass_s: float
    peak_rss_bytes: int
    examples_per_s: float
    download_s: float = 0.0
    stages_s: dict[str, float] = Field(default={})
    target_steps: int | None = None
    violations: float | None = None


class Lineage(Record):
    """Where the result comes from, by content hash, and how to repeat it."""

    data: dict[str, str]
    sources: dict[str, str]
    parents: tuple[str, ...]
    code_version: str
    environment: dict[str, str]
    threads: int
    seed: int
    options: dict[str, Any] = Field(default={})


class RunRecord(Record):
    """Everything a run found; written to `run.json`."""

    schema_version: int = SCHEMA_VERSION
    task: TaskRecord
    findings: tuple[Finding, ...]
    ranking: tuple[RankedSource, ...]
    candidates: tuple[CandidateRecord, ...]
    controls: tuple[CandidateRecord, ...]
    verdict: Verdict
    chosen: Chosen
    cost: Cost
    lineage: Lineage
    stopped: Literal["budget", "interrupt"] | None
    left_out: tuple[Shortfall, ...] = ()  # what the time limit left out; something, where it stopped the run
    depth: tuple[DepthPoint, ...] = ()
    label_curve: tuple[CurvePoint, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()
    doubtful: tuple[DoubtfulExample, ...] = ()
    predicted: tuple[tuple[float, float], ...] = ()  # (truth, out-of-fold prediction) of a regression
    trade_off: tuple[TradeOff, ...] = ()
    inherited: Inherited | None = None
    retention: Retention | None = None
    specification: tuple[SpecLine, ...] = ()
    traits: Traits | None = None
    earlier: tuple[EarlierRun, ...] = ()  # runs of the store that spoke, the most alike first
    control: ControlRecord | None = None
    next_steps: tuple[str, ...] = ()
    created: str = ""
    headline: str = ""
