"""The record of a distillation: what taught, what learned, on what, and how alike they answer."""

from __future__ import annotations

from dataclasses import dataclass

from headstart.core.estimate import Score


@dataclass(frozen=True, slots=True)
class Contender:
    """Teacher or student.

    Attributes:
        folder: the model folder; `size_bytes` is what its files take.
        sha256: of its ``model.json``, which holds the hash of every other file.
        networks: what must run for an answer: ``source@input size``, or a tuned candidate of its own.
        ms_per_example: measured here, by answering the same examples (milliseconds).
        score: in the task's metric, on labelled rows; None where there are none that may be used.
    """

    folder: str
    sha256: str
    networks: tuple[str, ...]
    ms_per_example: float
    size_bytes: int
    score: Score | None = None


@dataclass(frozen=True, slots=True)
class TransferData:
    """The examples that the teacher answered.

    Attributes:
        fingerprint: hex hash of their contents, order-free; labels have no part in it.
        n: rows that were used; `n_given` of them were there.
        n_known: rows that the teacher was trained on, or near copies of such; `n_labelled` have a label.
    """

    name: str
    fingerprint: str
    n: int
    n_given: int
    n_known: int
    n_labelled: int


@dataclass(frozen=True, slots=True)
class Distillation:
    """One network that answers like a combination, and how well it does.

    Attributes:
        source: id of the student's source; `taps` are read by its head.
        coding: what the head was fitted on, ``log-probabilities``, ``probabilities`` or ``values``.
        agreement: share of equal answers (R2 of the values for regression), out of fold.
        by_chance: share of equal answers of a model that always gives the teacher's most frequent one.
        divergence: mean Kullback-Leibler divergence of the student's probabilities from the teacher's,
            out of fold (nats); None for regression.
        difference: student's score minus teacher's on the same rows; None where there is no score.
        notes: what a reader must know about these numbers.
    """

    task: str
    metric: str
    source: str
    taps: tuple[str, ...]
    coding: str
    penalty: float
    sharpness: float
    agreement: Score
    by_chance: float
    divergence: float | None
    teacher: Contender
    student: Contender
    data: TransferData
    difference: Score | None = None
    notes: tuple[str, ...] = ()
