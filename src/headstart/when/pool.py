"""The evidence of a run as aligned matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.candidate import Candidate
from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.kinds import Kind
from headstart.core.standing import Standing
from headstart.core.task import Task
from headstart.when.stack import classification_weights, prior_weights, regression_weights

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Pool:
    """Candidates that have whole evidence on the same repeats and folds.

    Attributes:
        outer: [m, repeats, n, k] out-of-fold predictions.
        inner: [m, repeats, folds, n, k] predictions by models that never saw fold f (NaN inside f); for
            candidates too dear for that, their plain out-of-fold ones.
        standing: by source id, what is known of it before the labels speak.
    """

    candidates: tuple[Candidate, ...]
    outer: Array
    inner: NDArray[np.float32]
    truth: NDArray[Any]
    folds: Folds
    kind: Kind
    standing: Mapping[str, Standing]
    prior: Array

    @classmethod
    def of(
        cls,
        evidence: Sequence[Evidence],
        task: Task,
        folds: Folds,
        standing: Mapping[str, Standing],
    ) -> Pool:
        """Align evidence on the repeats that any whole candidate has run.

        One that was too dear for all of them speaks in the others with what it said where it ran: a
        prediction by a model that never saw the row is as good in any division of the rows.
        """
        whole = [e for e in evidence if _run(e).any()]
        repeats = np.flatnonzero(np.any([_run(e) for e in whole], axis=0))
        kept = Folds(folds.assignment[repeats])
        outer = np.stack([_filled(e)[repeats] for e in whole])
        inner = np.stack([_inner(e, repeats, kept) for e in whole])
        candidates = tuple(e.candidate for e in whole)
        prior = prior_weights(candidates, standing)
        return cls(candidates, outer, inner, task.targets, kept, task.kind, standing, prior)

    def take(self, keep: Sequence[int]) -> Pool:
        """Only some candidates, the prior shared out anew among them."""
        index = list(keep)
        candidates = tuple(self.candidates[i] for i in index)
        part = replace(self, candidates=candidates, outer=self.outer[index], inner=self.inner[index])
        return replace(part, prior=prior_weights(candidates, self.standing))

    @property
    def controls(self) -> list[int]:
        """Indices of the candidates that transfer nothing."""
        return [i for i, c in enumerate(self.candidates) if c.is_control]

    @property
    def transfers(self) -> list[int]:
        """Indices of the others."""
        return [i for i, c in enumerate(self.candidates) if not c.is_control]

    def pooled(self) -> Array:
        """[m, n, k] predictions averaged over repeats."""
        return np.asarray(self.outer.mean(1))

    def weigh(self, predictions: NDArray[np.floating], rows: NDArray[np.int64]) -> Array:
        """Weights [m] from predictions [m, len(rows), k] for those rows."""
        truth = self.truth[rows]
        if self.kind is Kind.REGRESSION:
            values = predictions[:, :, 0].T.astype(np.float64)
            return regression_weights(values, truth.astype(np.float64), self.prior)
        likelihood = np.take_along_axis(predictions, truth[None, :, None], 2)[..., 0].T
        return classification_weights(likelihood.astype(np.float64), self.prior)


def _run(evidence: Evidence) -> NDArray[np.bool_]:
    """[repeats] whether every row has a prediction."""
    return np.asarray(np.isfinite(evidence.predictions).all((1, 2)))


def _filled(evidence: Evidence) -> Array:
    """Predictions [repeats, n, k], those of repeats that were not run from the ones that were."""
    run = _run(evidence)
    if run.all():
        return evidence.predictions
    mean = evidence.predictions[run].mean(0)
    return np.where(run[:, None, None], evidence.predictions, mean)


def _inner(evidence: Evidence, repeats: NDArray[np.int64], folds: Folds) -> NDArray[np.float32]:
    if evidence.inner is not None and _run(evidence).all():
        return evidence.inner[repeats].astype(np.float32)
    plain = np.repeat(_filled(evidence)[repeats][:, None], folds.n_folds, axis=1)
    for repeat, fold, _, held in folds.splits():
        plain[repeat, fold, held] = np.nan
    return plain.astype(np.float32)
