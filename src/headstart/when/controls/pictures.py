"""Kernel machines on colours and gradients: the control for pictures.

Linear and Gaussian kernels (a least-squares support vector machine, Suykens & Vandewalle 1999) on each
group of features and on both; the Gaussian's width is the median distance.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from headstart.core.folds import Folds
from headstart.core.kinds import Modality
from headstart.core.predictor import Arrays, Config
from headstart.core.task import Inputs, Task
from headstart.training.kernel_ridge import moments, standardise
from headstart.training.probe import predictions
from headstart.when.controls import appearance
from headstart.when.controls.base import (
    CONTROLS,
    ControlKind,
    FittedControl,
    fit_control_kernel,
    name,
)

Array = NDArray[np.float64]
GROUPS = {"colours": ("colours",), "gradients": ("gradients",), "both": ("colours", "gradients")}
SHAPES = ("linear", "gaussian")


@dataclass(frozen=True)
class Space:
    """Standardised training features of one group, with what it takes to compare a new row to them."""

    mean: NDArray[np.float32]
    inverse: NDArray[np.float32]
    rows: NDArray[np.float32]
    width: float

    @classmethod
    def of(cls, features: NDArray[np.float32]) -> Space:
        """From raw training features [n, d]."""
        mean, inverse = moments(features)
        rows = standardise(features, mean, inverse)
        distance = squared_distances(rows, rows)
        return cls(mean, inverse, rows, max(float(np.median(distance)), 1e-12))

    def kernel(self, features: NDArray[np.float32], shape: str) -> Array:
        """[m, n] kernel values of raw features [m, d] to the training rows, mean diagonal about 1."""
        new = standardise(features, self.mean, self.inverse)
        if shape == "linear":
            scale = float((self.rows**2).sum(dtype=np.float64)) / len(self.rows)
            return np.asarray(new @ self.rows.T, dtype=np.float64) / max(scale, 1e-12)
        return np.asarray(np.exp(-squared_distances(new, self.rows) / self.width))


def squared_distances(a: NDArray[np.float32], b: NDArray[np.float32]) -> Array:
    """[m, n] squared Euclidean distances."""
    cross = np.asarray(a @ b.T, dtype=np.float64)
    return np.asarray(np.maximum((a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * cross, 0.0))


@dataclass(frozen=True)
class PictureKernel:
    """A fitted kernel machine on a picture's appearance."""

    kind: ClassVar[str] = "picture-kernel"
    spaces: dict[str, Space]
    shape: str
    dual: Array
    offset: Array
    sharpness: float

    def predict(self, inputs: Inputs) -> Array:
        """[n, k] probabilities, or [n, 1] values."""
        parts = seen(inputs)
        kernels = [space.kernel(parts[group], self.shape) for group, space in self.spaces.items()]
        scores = (np.mean(kernels, axis=0) + 1.0) @ self.dual + self.offset
        return predictions(np.asarray(scores), self.sharpness)

    def state(self) -> tuple[Arrays, Config]:
        """Arrays and JSON."""
        arrays: dict[str, NDArray[Any]] = {"dual": self.dual, "offset": self.offset}
        for group, space in self.spaces.items():
            arrays |= {f"{group}.{noun}": getattr(space, noun) for noun in ("mean", "inverse", "rows")}
        widths = {group: space.width for group, space in self.spaces.items()}
        return arrays, {"shape": self.shape, "widths": widths, "sharpness": self.sharpness}

    @classmethod
    def from_state(cls, arrays: Arrays, config: Config) -> Self:
        """The inverse of `state`."""
        spaces = {
            group: Space(arrays[f"{group}.mean"], arrays[f"{group}.inverse"], arrays[f"{group}.rows"], width)
            for group, width in config["widths"].items()
        }
        numbers = arrays["dual"], arrays["offset"], float(config["sharpness"])
        return cls(spaces, config["shape"], *numbers)


_latest: list[tuple[Inputs, dict[str, NDArray[np.float32]]]] = []


def seen(inputs: Inputs) -> dict[str, NDArray[np.float32]]:
    """Features [n, d] by group; the latest pictures are remembered, since several machines ask in turn."""
    if not _latest or _latest[0][0] is not inputs:
        _latest[:] = [(inputs, appearance.features(thumbnails(inputs)))]
    return _latest[0][1]


def thumbnails(inputs: Inputs) -> NDArray[np.uint8]:
    """[n, 64, 64, 3] views of all pictures, read by a few threads."""
    from PIL import Image

    def view(index: int) -> NDArray[np.uint8]:
        picture = inputs.read(index)
        size = (appearance.SIDE, appearance.SIDE)
        return np.asarray(picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0), np.uint8)

    with ThreadPoolExecutor(2) as threads:
        views = list(threads.map(view, range(len(inputs))))
    return np.stack(views) if views else np.empty((0, appearance.SIDE, appearance.SIDE, 3), np.uint8)


def fit(task: Task, folds: Folds) -> list[FittedControl]:
    """Six machines: two kernels on three sets of features."""
    parts = seen(task.inputs)
    spaces = {group: Space.of(features) for group, features in parts.items()}
    fitted = []
    for shape in SHAPES:
        kernels = {group: space.kernel(parts[group], shape) for group, space in spaces.items()}
        for what, groups in GROUPS.items():
            kernel = np.mean([kernels[group] for group in groups], axis=0)
            candidate = name(shape, what)
            machine, evidence = fit_control_kernel(candidate, kernel, task, folds)
            own = {group: spaces[group] for group in groups}
            predictor = PictureKernel(own, shape, machine.dual, machine.offset, machine.sharpness)
            fitted.append(FittedControl(evidence, predictor, (kernel, machine)))
    return fitted


CONTROLS.add("pictures", ControlKind((Modality.IMAGE,), fit))
