"""A tuned network as a piece of the model that is handed back: only what moved, and the name of the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import OutputError
from headstart.core.kinds import Kind
from headstart.core.predictor import Arrays, Config
from headstart.core.source import Network
from headstart.core.task import Inputs
from headstart.how.fold_model import FoldModel
from headstart.training.calibration import softmax
from headstart.training.reading import features
from headstart.training.states import cache_prefix

# (source id, sha256 of its original weights) -> the loaded network
OpenNetwork = Callable[[str, str], Network]

CHUNK = 512  # rows whose states are held at once while predicting: memory stays flat


class TunedNetwork:
    """A source's network wearing the tensors that tuning moved; the models of the folds vote.

    Attributes:
        models: one per fold; their probabilities (values) are averaged.
        config: what `state` writes to JSON: source, weights_sha256, cut, size, dtypes, kind, n_models,
            and the sharpness that its logits were multiplied by.
    """

    kind: ClassVar[str] = "tuned"

    def __init__(self, network: Network, models: Sequence[FoldModel], config: Config) -> None:
        self.network, self.models, self.config = network, tuple(models), dict(config)

    def predict(self, inputs: Inputs) -> NDArray[np.float64]:
        """[n, k] class probabilities, or [n, 1] values."""
        width = len(self.models[0].bias)
        chunks = [np.empty((0, width))]
        for start in range(0, len(inputs), CHUNK):
            chunks.append(self._predict(inputs.select(range(start, min(start + CHUNK, len(inputs))))))
        return np.concatenate(chunks)

    def _predict(self, inputs: Inputs) -> NDArray[np.float64]:
        import torch

        flips = (False, True) if self.config["flip"] else (False,)
        prefix_dtype, dtype = (getattr(torch, self.config[key]) for key in ("prefix_dtype", "dtype"))
        states = cache_prefix(
            self.network, inputs, self.config["size"], self.config["cut"], dtype=prefix_dtype, flips=flips
        )
        rows = np.arange(len(inputs))
        scores = [
            model.scores(features(self.network, states, rows, dtype=dtype, tensors=model.tensors))
            for model in self.models
        ]
        if self.config["kind"] == Kind.CLASSIFICATION:
            scores = [softmax(one) for one in scores]
        return np.asarray(np.mean(scores, axis=0))

    def state(self) -> tuple[Arrays, Config]:
        """Arrays ``0/weight``, ``0/bias``, ``0/tensors/<name>``, ``1/…``; the rest is JSON."""
        arrays: dict[str, NDArray[Any]] = {}
        for number, model in enumerate(self.models):
            arrays |= {f"{number}/weight": model.weight, f"{number}/bias": model.bias}
            arrays |= {f"{number}/tensors/{name}": value.numpy() for name, value in model.tensors.items()}
        return arrays, self.config

    @classmethod
    def from_state(
        cls, arrays: Arrays, config: Config, open_network: OpenNetwork | None = None
    ) -> TunedNetwork:
        """The inverse of `state`; `open_network` brings the source that the tensors belong to.

        Raises:
            OutputError: tensors that the source does not have, or of another shape.
        """
        if open_network is None:
            raise TypeError("a tuned network needs `open_network`: most of its weights are the source's")
        network = open_network(config["source"], config["weights_sha256"])
        models = [_model(arrays, f"{number}/") for number in range(config["n_models"])]
        parameters = dict(network.module.named_parameters())
        for name, value in models[0].tensors.items():
            if name not in parameters or parameters[name].shape != value.shape:
                raise OutputError(
                    f"tensor {name!r} of shape {tuple(value.shape)} does not fit",
                    where=config["source"],
                    expected="the network that was tuned",
                    remedy="The source has changed or the model folder is damaged; fit again.",
                )
        return cls(network, models, config)


def _model(arrays: Mapping[str, NDArray[Any]], prefix: str) -> FoldModel:
    import torch

    start = f"{prefix}tensors/"
    tensors = {
        name.removeprefix(start): torch.from_numpy(np.array(value))
        for name, value in arrays.items()
        if name.startswith(start)
    }
    return FoldModel(tensors, np.asarray(arrays[f"{prefix}weight"]), np.asarray(arrays[f"{prefix}bias"]))
