"""The model that is handed back: members, their weights, and how to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.kinds import Kind, Modality
from headstart.core.predictor import Predictor
from headstart.core.task import Inputs
from headstart.metrics import class_weighted
from headstart.metrics.estimates import WEIGHS_CLASSES_ALIKE

Array = NDArray[np.float64]


@dataclass(frozen=True)
class WeightedMember:
    """One fitted piece with its share of the vote and the candidates that it stands for."""

    candidates: tuple[str, ...]
    weight: float
    predictor: Predictor


@dataclass(frozen=True)
class Signature:
    """What goes in, what comes out, and how it is decided.

    Attributes:
        shares: [k] of the classes in training (classification).
        residuals: (low, high) 5 % and 95 % quantiles of truth minus prediction (regression).
        columns: names of the text, image and label columns that the data had.
    """

    modality: Modality
    kind: Kind
    classes: tuple[str, ...]
    metric: str
    shares: tuple[float, ...] = ()
    residuals: tuple[float, float] = (0.0, 0.0)
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Predictions:
    """Per example: values [n, k] (probabilities, or one value), and how unfamiliar it is (NaN: unknown)."""

    values: Array
    unfamiliar: Array


class AdaptedModel:
    """A fitted model: `predict`, `predict_proba`, `save`; `headstart.load` brings it back."""

    def __init__(
        self, signature: Signature, members: Sequence[WeightedMember], about: dict[str, Any] | None = None
    ) -> None:
        self.signature = signature
        self.members = tuple(members)
        self.about = about or {}

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names in the order of the probabilities' columns; empty for regression."""
        return self.signature.classes

    def run(self, inputs: Inputs) -> Predictions:
        """Everything the model has to say about some examples, with one pass through each network."""
        total: Array | None = None
        unlike = np.full(len(inputs), np.nan)
        for member in sorted(self.members, key=lambda m: m.weight):
            compare = getattr(member.predictor, "predict_and_compare", None)
            if compare is None:
                values = member.predictor.predict(inputs)
            else:  # the heaviest member that can tell has the last word
                values, unlike = compare(inputs)
            total = member.weight * values + (0.0 if total is None else total)
        if total is None:
            raise ValueError("a model without members")
        return Predictions(total, unlike)

    def predict_proba(self, X: Any) -> Array:
        """[n, k] probabilities of the classes for images, texts or paths X."""
        if self.signature.kind is not Kind.CLASSIFICATION:
            raise TypeError("a regression model has no class probabilities; use predict")
        return self.run(self.inputs(X)).values

    def predict(self, X: Any) -> NDArray[Any]:
        """[n] class names, or values, for images, texts or paths X."""
        return self.decide(self.run(self.inputs(X)).values)

    def decide(self, values: Array) -> NDArray[Any]:
        """[n] class names (by the metric's own rule), or values, from `Predictions.values`."""
        if self.signature.kind is Kind.REGRESSION:
            return np.asarray(values[:, 0])
        return np.asarray(np.asarray(self.classes, dtype=object)[self.scored(values).argmax(1)])

    def scored(self, values: Array) -> Array:
        """Values in the form in which the metric is computed (see `metrics.class_weighted`)."""
        if self.signature.kind is Kind.CLASSIFICATION and self.signature.metric in WEIGHS_CLASSES_ALIKE:
            return class_weighted(values, np.array(self.signature.shares))
        return values

    def inputs(self, X: Any) -> Inputs:
        """Examples in any form that `headstart.data` takes."""
        from headstart.data import inputs_from

        return X if hasattr(X, "locate") else inputs_from(X, self.signature.modality)

    def save(self, path: str | PathLike[str]) -> Path:
        """Write a model folder; whole or not at all."""
        from headstart.serve.folder import write

        return write(self, Path(path))

    @classmethod
    def load(cls, path: str | PathLike[str]) -> AdaptedModel:
        """Read a model folder, or the one in a run's folder."""
        from headstart.serve.folder import read

        return read(Path(path))
