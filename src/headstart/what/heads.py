"""Fitted probes as plain arrays: what a model folder keeps of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.predictor import Arrays, Config
from headstart.training.calibration import softmax
from headstart.training.kernel_ridge import standardise
from headstart.training.probe import predictions

Array = NDArray[np.float64]


@dataclass(frozen=True)
class LinearHead:
    """``softmax(sharpness * (sum_t standardise(x_t) @ weights_t + bias))``, or the scores if sharpness is 0.

    `taps` maps a tap's name to (mean [d], inverse spread [d], weights [d, k]).
    """

    taps: Mapping[str, tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]]
    bias: Array
    sharpness: float

    def predict(self, features: Mapping[str, NDArray[np.float32]]) -> Array:
        """Predictions [n, k] from features by tap."""
        scores = sum(
            standardise(features[name], mean, inverse) @ weights
            for name, (mean, inverse, weights) in self.taps.items()
        )
        total = np.asarray(scores, dtype=np.float64) + self.bias
        return predictions(total, self.sharpness)

    def state(self) -> tuple[Arrays, Config]:
        """Arrays and JSON."""
        arrays: dict[str, NDArray[Any]] = {"bias": self.bias}
        for index, parts in enumerate(self.taps.values()):
            for noun, part in zip(("mean", "inverse", "weights"), parts, strict=True):
                arrays[f"{index}.{noun}"] = part
        return arrays, {"kind": "linear", "taps": list(self.taps), "sharpness": self.sharpness}

    @classmethod
    def from_state(cls, arrays: Arrays, config: Config) -> LinearHead:
        """The inverse of `state`."""
        taps = {
            name: (arrays[f"{i}.mean"], arrays[f"{i}.inverse"], arrays[f"{i}.weights"])
            for i, name in enumerate(config["taps"])
        }
        return cls(taps, arrays["bias"], float(config["sharpness"]))


@dataclass(frozen=True)
class NeighbourHead:
    """Votes of the nearest training rows by cosine; see `probes.neighbours`."""

    tap: str
    rows: NDArray[np.float32]
    votes: Array
    neighbours: int
    sharpness: float

    def predict(self, features: Mapping[str, NDArray[np.float32]]) -> Array:
        """Predictions [n, k] from features by tap."""
        similarity = unit(features[self.tap]) @ self.rows.T
        scores = vote(similarity, self.votes, self.neighbours)
        return predictions(scores, self.sharpness)

    def state(self) -> tuple[Arrays, Config]:
        """Arrays and JSON."""
        config = {"kind": "neighbours", "tap": self.tap, "neighbours": self.neighbours}
        return {"rows": self.rows, "votes": self.votes}, {**config, "sharpness": self.sharpness}

    @classmethod
    def from_state(cls, arrays: Arrays, config: Config) -> NeighbourHead:
        """The inverse of `state`."""
        numbers = int(config["neighbours"]), float(config["sharpness"])
        return cls(config["tap"], arrays["rows"], arrays["votes"], *numbers)


@dataclass(frozen=True)
class NameHead:
    """Likeness of an example to the class names, both read by the source: needs no label at all."""

    tap: str
    names: NDArray[np.float32]
    sharpness: float

    def predict(self, features: Mapping[str, NDArray[np.float32]]) -> Array:
        """Probabilities [n, k] from features by tap."""
        return softmax(self.sharpness * np.asarray(unit(features[self.tap]) @ self.names.T, np.float64))

    def state(self) -> tuple[Arrays, Config]:
        """Arrays and JSON."""
        return {"names": self.names}, {"kind": "names", "tap": self.tap, "sharpness": self.sharpness}

    @classmethod
    def from_state(cls, arrays: Arrays, config: Config) -> NameHead:
        """The inverse of `state`."""
        return cls(config["tap"], arrays["names"], float(config["sharpness"]))


Head = LinearHead | NeighbourHead | NameHead
HEADS: dict[str, type[LinearHead] | type[NeighbourHead] | type[NameHead]] = {
    "linear": LinearHead,
    "neighbours": NeighbourHead,
    "names": NameHead,
}


def unit(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows scaled to length 1 (a zero row stays zero)."""
    length = np.linalg.norm(features, axis=1, keepdims=True)
    return np.asarray(features / np.maximum(length, 1e-12), dtype=np.float32)


def vote(similarity: NDArray[np.floating], votes: Array, neighbours: int) -> Array:
    """Scores [m, k]: the mean target [n, k] of the `neighbours` most similar rows, weighted by similarity.

    Similarity of -inf means "not to be used".
    """
    count = min(neighbours, similarity.shape[1])
    nearest = np.argpartition(-similarity, count - 1, axis=1)[:, :count]
    likeness = np.take_along_axis(similarity, nearest, 1).astype(np.float64)
    share = np.exp(10.0 * (likeness - likeness.max(1, keepdims=True)))
    return np.asarray(np.einsum("mc,mck->mk", share / share.sum(1, keepdims=True), votes[nearest]))
