"""A source with the heads that were fitted on its taps: one forward pass serves them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from headstart.core.predictor import Arrays, Config
from headstart.core.source import Network
from headstart.core.task import Inputs
from headstart.sources.extract import extract
from headstart.sources.precision import Precision
from headstart.what.familiarity import Familiarity
from headstart.what.heads import HEADS, Head

Array = NDArray[np.float64]
OpenNetwork = Callable[[str, str], Network]


@dataclass(frozen=True)
class ProbedSource:
    """Weighted heads on one source read at one size.

    Attributes:
        source: id of the source, `size` its input size, `precision` what the heads were fitted on.
        heads: (share of this member's vote, head); shares sum to 1.
    """

    kind: ClassVar[str] = "probed-source"
    source: str
    size: int
    precision: str
    heads: tuple[tuple[float, Head], ...]
    familiarity: Familiarity
    network: Network

    def predict(self, inputs: Inputs) -> Array:
        """[n, k] probabilities, or [n, 1] values."""
        return self.predict_and_compare(inputs)[0]

    def predict_and_compare(self, inputs: Inputs) -> tuple[Array, Array]:
        """Predictions [n, k], and how unlike the training data each example is [n] in 0…1."""
        features = self.features(inputs)
        votes = [share * head.predict(features) for share, head in self.heads]
        return np.asarray(sum(votes)), self.familiarity.unlike(features[self.familiarity.tap])

    def features(self, inputs: Inputs) -> Mapping[str, NDArray[np.float32]]:
        """Pooled features by tap, nothing cached."""
        return extract(self.network, inputs, size=self.size, precision=precision(self.precision))

    def state(self) -> tuple[Arrays, Config]:
        """Arrays and JSON (the network's weights are kept apart)."""
        arrays: dict[str, NDArray[Any]] = {}
        heads = []
        for index, (share, head) in enumerate(self.heads):
            own, config = head.state()
            arrays |= {f"head{index}.{name}": part for name, part in own.items()}
            heads.append({**config, "share": share})
        arrays |= {f"familiarity.{name}": part for name, part in self.familiarity.arrays().items()}
        about = {"source": self.source, "weights_sha256": self.network.card.weights_sha256}
        numbers = {"size": self.size, "precision": self.precision}
        return arrays, {**about, **numbers, "heads": heads, "tap": self.familiarity.tap}

    @classmethod
    def from_state(cls, arrays: Arrays, config: Config, open_network: OpenNetwork) -> Self:
        """The inverse of `state`; `open_network` brings the source (id, sha256 of its weights)."""
        heads = tuple(
            (float(head["share"]), HEADS[head["kind"]].from_state(under(arrays, f"head{i}."), head))
            for i, head in enumerate(config["heads"])
        )
        familiarity = Familiarity(config["tap"], **under(arrays, "familiarity."))
        network = open_network(config["source"], config["weights_sha256"])
        return cls(config["source"], config["size"], config["precision"], heads, familiarity, network)


def under(arrays: Arrays, prefix: str) -> dict[str, NDArray[Any]]:
    """The arrays whose names begin with a prefix, without it."""
    return {name.removeprefix(prefix): a for name, a in arrays.items() if name.startswith(prefix)}


def precision(name: str) -> Precision:
    """The precision of a name such as ``bfloat16-cpu``; what ran on a GPU is read on the CPU elsewhere.

    >>> precision("bfloat16-cpu").dtype
    'bfloat16'
    """
    dtype = name.partition("-")[0]
    return Precision("bfloat16" if dtype == "bfloat16" else "float32")
