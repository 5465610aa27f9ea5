"""A fitted piece of the model that is handed back: plain arrays and JSON, never code or pickle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from headstart.core.task import Inputs

Arrays = Mapping[str, NDArray[Any]]
Config = Mapping[str, Any]


class Predictor(Protocol):
    """Something fitted that predicts, and that can be written down and read back.

    `kind` names the class in a model folder. `state()` gives (arrays, config): arrays go to
    safetensors, config to JSON. Every class has the inverse, ``from_state(arrays, config)``; one that needs
    a source's network takes a third argument, ``open_network(source id, sha256) -> Network``.
    """

    kind: ClassVar[str]

    def predict(self, inputs: Inputs) -> NDArray[np.float64]:
        """[n, k] class probabilities, or [n, 1] values."""
        ...

    def state(self) -> tuple[Arrays, Config]:
        """What must be kept."""
        ...
