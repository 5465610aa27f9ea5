"""TF-IDF over words and characters with a linear machine: the control for texts that is hard to beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from headstart.core.folds import Folds
from headstart.core.kinds import Modality
from headstart.core.predictor import Arrays, Config
from headstart.core.task import Inputs, Task
from headstart.training.probe import predictions
from headstart.when.controls.base import (
    CONTROLS,
    ControlKind,
    FittedControl,
    fit_control_kernel,
    name,
)

Array = NDArray[np.float64]
VIEWS: dict[str, dict[str, Any]] = {
    "words": {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"},
    "characters": {"analyzer": "char_wb", "ngram_range": (2, 5)},
}
TERMS = 100_000  # the most frequent of each view; more costs memory and has changed no score


def vectorizer(view: str, vocabulary: list[str] | None = None) -> Any:
    """A TF-IDF vectorizer of one view (sublinear counts, rows of length 1)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    options = {"sublinear_tf": True, "max_features": TERMS, **VIEWS[view]}
    return TfidfVectorizer(vocabulary=vocabulary, **options)


@dataclass(frozen=True)
class View:
    """A fitted vectorizer as arrays: its terms, their inverse document frequencies, weights [terms, k]."""

    terms: tuple[str, ...]
    idf: Array
    weights: NDArray[np.float32]

    def scores(self, texts: list[str], view: str) -> Array:
        """Raw scores [n, k]."""
        fitted = vectorizer(view, list(self.terms))
        fitted.idf_ = self.idf
        return np.asarray(fitted.transform(texts) @ self.weights, dtype=np.float64)


@dataclass(frozen=True)
class WordModel:
    """A fitted linear model on TF-IDF."""

    kind: ClassVar[str] = "words"
    views: dict[str, View]
    bias: Array
    sharpness: float

    def predict(self, inputs: Inputs) -> Array:
        """[n, k] probabilities, or [n, 1] values."""
        texts = read_all(inputs)
        scores = sum(part.scores(texts, view) for view, part in self.views.items()) + self.bias
        return predictions(np.asarray(scores), self.sharpness)

    def state(self) -> tuple[Arrays, Config]:
        """Arrays and JSON; terms are bytes, one a line (no term holds a line break)."""
        arrays: dict[str, NDArray[Any]] = {"bias": self.bias}
        for view, part in self.views.items():
            arrays[f"{view}.terms"] = np.frombuffer("\n".join(part.terms).encode(), np.uint8)
            arrays |= {f"{view}.idf": part.idf, f"{view}.weights": part.weights}
        return arrays, {"views": list(self.views), "sharpness": self.sharpness}

    @classmethod
    def from_state(cls, arrays: Arrays, config: Config) -> Self:
        """The inverse of `state`."""
        views = {
            view: View(
                tuple(bytes(arrays[f"{view}.terms"]).decode().split("\n")),
                arrays[f"{view}.idf"],
                arrays[f"{view}.weights"],
            )
            for view in config["views"]
        }
        return cls(views, arrays["bias"], float(config["sharpness"]))


def read_all(inputs: Inputs) -> list[str]:
    """All texts."""
    return [inputs.read(index) for index in range(len(inputs))]


def fit(task: Task, folds: Folds) -> list[FittedControl]:
    """Three linear models: on words, on characters, on both."""
    texts = read_all(task.inputs)
    fitted_views, matrices, grams = {}, {}, {}
    for view in VIEWS:
        fitted_views[view] = vectorizer(view)
        try:
            matrices[view] = fitted_views[view].fit_transform(texts)
        except ValueError:  # no term at all: texts of signs only
            continue
        grams[view] = (matrices[view] @ matrices[view].T).toarray()
    choices = [(view,) for view in grams] + ([tuple(grams)] if len(grams) > 1 else [])
    controls = []
    for views in choices:
        candidate = name("tf-idf", "+".join(views))
        kernel = np.mean([grams[view] for view in views], axis=0)
        machine, evidence = fit_control_kernel(candidate, kernel, task, folds)
        parts = {}
        for view in views:
            weights = np.asarray(matrices[view].T @ machine.dual / len(views), dtype=np.float32)
            terms = tuple(str(term) for term in fitted_views[view].get_feature_names_out())
            parts[view] = View(terms, np.asarray(fitted_views[view].idf_), weights)
        bias = machine.dual.sum(0) + machine.offset
        controls.append(FittedControl(evidence, WordModel(parts, bias, machine.sharpness), (kernel, machine)))
    return controls


CONTROLS.add("words", ControlKind((Modality.TEXT,), fit))
