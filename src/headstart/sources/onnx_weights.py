"""The weights of an ONNX file under the names they had before export.

Exporters keep the names of biases, norms and convolutions, but fold the weight of a linear layer,
transposed, into a nameless constant. It is found again by the bias that its product feeds: graph order
proves nothing (query, key and value may stand in any order).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


def read(path: Path) -> Any:
    """The parsed model; files outside of it are never opened.

    Raises:
        ValueError: it is no ONNX file, or it keeps tensors in other files.
    """
    import onnx

    try:
        model = onnx.load(str(path), load_external_data=False)
    except Exception as damage:  # protobuf has its own tree of errors
        raise ValueError("is not an ONNX file, or is truncated") from damage
    if any(tensor.data_location == onnx.TensorProto.EXTERNAL for tensor in model.graph.initializer):
        raise ValueError("keeps tensors in other files")
    return model


def tensors_of(path: Path) -> dict[str, torch.Tensor]:
    """All initialisers by name; linear weights renamed after their bias and transposed to [out, in]."""
    import numpy as np
    import torch
    from onnx import numpy_helper

    graph = read(path).graph
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    linear = linear_weights(graph, set(values))
    named = {}
    for name, value in values.items():
        given = linear.get(name)
        array = value.T if given else value
        named[given or name] = torch.from_numpy(np.array(array, order="C"))
    return named


def linear_weights(graph: Any, constants: set[str]) -> dict[str, str]:
    """Initialiser of a MatMul -> ``layer.weight``, after the ``layer.bias`` that is added to the product."""
    added = {name: node for node in graph.node if node.op_type == "Add" for name in node.input}
    weights = {}
    for node in graph.node:
        if node.op_type != "MatMul" or node.input[1] not in constants or node.output[0] not in added:
            continue
        bias = next((name for name in added[node.output[0]].input if name in constants), "")
        if bias.endswith(".bias"):
            weights[node.input[1]] = bias.removesuffix("bias") + "weight"
    return weights
