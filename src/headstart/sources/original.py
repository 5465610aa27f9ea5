"""A mapped network must give what the graph gives that its weights came from, on the same input.

A wrong order of query, key and value looks plausible and loses 30 points in silence: only outputs tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from headstart.core.errors import SourceError
from headstart.sources.recording import tensors_in

LEAST_CORRELATION = 0.999


def compare(network: torch.nn.Module, original: Path, check: Mapping[str, Any], *, where: str) -> None:
    """Run both on the same input; the graph is read where the bias or norm `check["bias"]` is added.

    Raises:
        SourceError: their features correlate less than LEAST_CORRELATION.
    """
    import onnxruntime
    from onnx import helper

    from headstart.sources.onnx_weights import read

    model = read(original)
    graph = model.graph
    name = next(node.output[0] for node in graph.node if check["bias"] in node.input)
    graph.output.append(helper.make_empty_tensor_value_info(name))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    given = [item.name for item in session.get_inputs()]
    inputs = example(given, check["size"])
    theirs = session.run([name], {key: value.numpy() for key, value in zip(given, inputs, strict=True)})[0]
    with torch.no_grad():
        # forward_features: timm networks keep their tokens apart from the pooled result
        forward = getattr(network, "forward_features", network)
        ours = tensors_in(forward(*inputs))[0].numpy()
    if ours.shape != theirs.shape:
        raise SourceError(
            f"features of shape {ours.shape}", where=where, expected=f"{theirs.shape}, as the original graph"
        )
    correlation = float(np.corrcoef(ours.ravel(), theirs.ravel())[0, 1])
    if not correlation >= LEAST_CORRELATION:
        raise SourceError(
            f"mapped weights give other features than the original graph (correlation {correlation:.4f})",
            where=where,
            expected=f"at least {LEAST_CORRELATION}",
            remedy="The mapping does not fit this file; it was not kept.",
        )


def example(names: list[str], size: int) -> list[torch.Tensor]:
    """An input for the graph: a smooth picture, or some tokens with a part that is masked."""
    if len(names) == 1:
        generator = torch.Generator().manual_seed(0)
        coarse = torch.randn(1, 3, 8, 8, generator=generator)
        return [torch.nn.functional.interpolate(coarse, (size, size), mode="bicubic")]
    return [torch.arange(2000, 2000 + size)[None], torch.ones(1, size, dtype=torch.int64)]
