"""What every probe shares: the reading with its Gram matrices, and the registry."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from headstart.core.candidate import Candidate, Parts, Scalar
from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.kinds import Kind
from headstart.core.registry import Registry
from headstart.core.task import Task
from headstart.metrics import METRICS
from headstart.training.kernel_ridge import gram
from headstart.what.heads import Head
from headstart.what.reading import Reading

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Probe:
    """A candidate of rung 2: its evidence, and its head fitted on all rows.

    `merit` is the mean log-likelihood of the truth out of fold (minus the mean squared error for values).
    """

    evidence: Evidence
    head: Head
    reading: Reading
    merit: float

    @property
    def candidate(self) -> Candidate:
        """The candidate that the evidence is for."""
        return self.evidence.candidate


@dataclass(frozen=True)
class Looked:
    """A reading with the task and folds it is probed for; Gram matrices are computed once a tap.

    `mirrored` are the features of the mirrored pictures, tap -> [n, width], where they were read.
    """

    reading: Reading
    task: Task
    folds: Folds
    grams: dict[str, Array] = field(default_factory=dict)
    mirrored: Mapping[str, NDArray[np.float32]] | None = None

    def gram(self, tap: str) -> Array:
        """[n, n] Gram matrix of one tap."""
        if tap not in self.grams:
            self.grams[tap] = gram(self.reading.features[tap])
        return self.grams[tap]

    def candidate(self, strategy: str, taps: tuple[str, ...], **settings: Scalar) -> Candidate:
        """Name a probe of this reading."""
        card = self.reading.card
        where = "+".join(taps) if len(taps) < 3 else f"{len(taps)} taps"
        name = f"{card.id}/{strategy}@{where}:{self.reading.size}"
        parts = Parts(frozen=("all",), taps=taps)
        return Candidate(name, card.id, strategy, parts, {"size": self.reading.size, **settings}, rung=2)

    def probe(self, candidate: Candidate, outer: Array, inner: Array, head: Head, started_s: float) -> Probe:
        """Wrap up evidence and head; `started_s` is when work on it began (perf_counter)."""
        cost_s = time.perf_counter() - started_s
        return Probe(Evidence(candidate, outer, cost_s, inner=inner), head, self.reading, self.merit(outer))

    def merit(self, outer: Array) -> float:
        """How well out-of-fold predictions [repeats, n, k] explain the truth."""
        if self.task.kind is Kind.REGRESSION:
            return -float(((outer[..., 0] - self.task.targets) ** 2).mean())
        return METRICS["neg_log_loss"].score(self.task.targets, outer.mean(0))


PROBES: Registry[Callable[[Looked], list[Probe]]] = Registry("probe")


def probe_all(looked: Looked) -> list[Probe]:
    """Every registered probe on one reading; a probe that does not apply gives nothing."""
    from headstart.what.probes import linear, mirrored, names, neighbours  # noqa: F401  (they register themselves)

    return [probe for name in PROBES for probe in PROBES[name](looked)]
