"""Where an ONNX graph can be read: tensors through which everything flows."""

from __future__ import annotations

from collections import Counter
from typing import Any

WEIGHTED = ("Conv", "MatMul", "Gemm")


def bottlenecks(graph: Any) -> list[str]:
    """Names, in order, of the tensors that alone are alive at their moment.

    A residual block's result is one; what flows inside of the block beside its shortcut is not.
    """
    constants = constant_names(graph)
    uses = Counter(name for node in graph.node for name in set(node.input))
    inputs = {item.name for item in graph.input}
    alive = inputs - constants
    alone = []
    for node in graph.node:
        for name in set(node.input) & alive:
            uses[name] -= 1
            if not uses[name]:
                alive.discard(name)
        alive |= {name for name in node.output if uses[name] and name not in constants}
        if len(alive) == 1 and not alive & inputs:
            alone += [name for name in alive if name not in alone]
    return alone


def feeding_layers(graph: Any) -> set[str]:
    """Names of the tensors that go straight into a layer with weights: there a block begins."""
    layers = (node for node in graph.node if node.op_type in WEIGHTED)
    return {name for node in layers for name in node.input} - constant_names(graph)


def constant_names(graph: Any) -> set[str]:
    """Names of weights and of computed constants."""
    folded = {name for node in graph.node if node.op_type == "Constant" for name in node.output}
    return folded | {tensor.name for tensor in graph.initializer}


def read_at(model: Any, names: list[str]) -> list[str]:
    """Make the means over space of the named [b, c, h, w] tensors the model's only outputs; their names."""
    import numpy as np
    from onnx import helper, numpy_helper

    graph = model.graph
    as_input = max(opset.version for opset in model.opset_import if opset.domain in ("", "ai.onnx")) >= 18
    if as_input:  # from opset 18 on the axes are an input
        graph.initializer.append(numpy_helper.from_array(np.array([2, 3], dtype=np.int64), "headstart.axes"))
    del graph.output[:]
    del graph.value_info[:]  # fixed sizes of another input size
    pooled = [f"{name}.mean" for name in names]
    for name, mean in zip(names, pooled, strict=True):
        axes = {} if as_input else {"axes": [2, 3]}
        inputs = [name, "headstart.axes"] if as_input else [name]
        graph.node.append(helper.make_node("ReduceMean", inputs, [mean], keepdims=0, **axes))
        graph.output.append(helper.make_tensor_value_info(mean, 1, None))
    keep_only_needed(graph)
    return pooled


def keep_only_needed(graph: Any) -> None:
    """Drop the nodes that no output needs: what comes after the last place that is read."""
    needed = {item.name for item in graph.output}
    kept = []
    for node in reversed(graph.node):
        if needed & set(node.output):
            kept.append(node)
            needed |= set(node.input)
    del graph.node[:]
    graph.node.extend(reversed(kept))


def free_sides(graph: Any) -> bool:
    """Let the first input take any batch and side; whether its channels stand last."""
    item = next(
        item for item in graph.input if item.name not in {tensor.name for tensor in graph.initializer}
    )
    sides = item.type.tensor_type.shape.dim
    channels_last = bool(len(sides) == 4 and sides[3].dim_value == 3)
    for place, name in enumerate(("batch", *(("h", "w", "") if channels_last else ("", "h", "w")))):
        if name:
            sides[place].dim_param = name
    return channels_last
