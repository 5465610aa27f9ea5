"""ONNX files: weights found by the bias they feed, wrong mappings refused, frozen graphs read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper, save

from headstart.core.errors import SourceError
from headstart.sources.graph import GraphNetwork
from headstart.sources.onnx_weights import tensors_of
from headstart.sources.original import compare
from tests.sources.tiny import IMAGENET, card

RNG = np.random.default_rng(0)


def weights(*shape: int) -> NDArray[np.float32]:
    return (RNG.normal(size=shape) / np.sqrt(np.prod(shape[1:]))).astype(np.float32)


def graph_file(path: Path, nodes: list[Any], constants: dict[str, NDArray[Any]], shape: list[Any]) -> Path:
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_empty_tensor_value_info("y")],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), str(path))
    return path


class TwoLinears(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.query, self.key = torch.nn.Linear(6, 6), torch.nn.Linear(6, 6)
        self.norm = torch.nn.Linear(6, 6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(self.query(x) * torch.tanh(self.key(x)))


@pytest.fixture
def linears(tmp_path: Path) -> tuple[TwoLinears, Path]:
    """A network, and its export in which the key comes before the query and weights have lost their names."""
    torch.manual_seed(0)
    network = TwoLinears()
    state = {name: value.detach().numpy() for name, value in network.named_parameters()}
    nodes = [
        helper.make_node("MatMul", ["x", "onnx::MatMul_1"], ["k"]),
        helper.make_node("Add", ["key.bias", "k"], ["kb"]),
        helper.make_node("MatMul", ["x", "onnx::MatMul_2"], ["q"]),
        helper.make_node("Add", ["q", "query.bias"], ["qb"]),
        helper.make_node("Tanh", ["kb"], ["t"]),
        helper.make_node("Mul", ["qb", "t"], ["m"]),
        helper.make_node("MatMul", ["m", "onnx::MatMul_3"], ["n"]),
        helper.make_node("Add", ["n", "norm.bias"], ["y"]),
    ]
    order = {"onnx::MatMul_1": "key", "onnx::MatMul_2": "query", "onnx::MatMul_3": "norm"}
    constants = {name: value for name, value in state.items() if name.endswith("bias")}
    constants |= {name: state[f"{layer}.weight"].T.copy() for name, layer in order.items()}
    return network, graph_file(tmp_path / "linears.onnx", nodes, constants, [1, 3, 8, 6])


def test_a_nameless_weight_gets_the_name_of_the_bias_that_it_feeds(linears: tuple[TwoLinears, Path]) -> None:
    network, path = linears
    found = tensors_of(path)
    assert sorted(found) == sorted(dict(network.named_parameters()))
    for name, value in network.named_parameters():
        assert torch.equal(found[name], value)


class Pictures(torch.nn.Module):
    """As the check calls it: a picture in, features out."""

    def __init__(self, inner: TwoLinears) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.inner(x)


def test_a_right_mapping_passes_and_swapped_weights_are_refused(linears: tuple[TwoLinears, Path]) -> None:
    network, path = linears
    check = {"bias": "norm.bias", "size": 6}
    # the check makes a square picture of side `size`
    free = path.with_name("free.onnx")
    import onnx

    model = onnx.load(str(path))
    model.graph.input[0].type.tensor_type.shape.dim[2].dim_param = "h"
    onnx.save(model, str(free))
    compare(Pictures(network), free, check, where="here")
    network.query, network.key = network.key, network.query
    with pytest.raises(SourceError, match="mapped weights give other features"):
        compare(Pictures(network), free, check, where="here")


def residual_graph(path: Path) -> tuple[Path, dict[str, NDArray[Any]]]:
    """Two residual blocks of 3x3 convolutions, then a pool of fixed size that allows one input side only."""
    constants: dict[str, NDArray[Any]] = {f"w{n}": weights(8, 8, 3, 3) for n in range(4)}
    constants["stem"] = weights(8, 3, 3, 3)
    constants["fc"] = weights(8, 2)
    constants["shape"] = np.array([-1, 8], dtype=np.int64)
    same = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}
    nodes = [helper.make_node("Conv", ["x", "stem"], ["s"], **same), helper.make_node("Relu", ["s"], ["h0"])]
    for block in range(2):
        first, second = f"w{2 * block}", f"w{2 * block + 1}"
        nodes += [
            helper.make_node("Conv", [f"h{block}", first], [f"a{block}"], **same),
            helper.make_node("Relu", [f"a{block}"], [f"b{block}"]),
            helper.make_node("Conv", [f"b{block}", second], [f"c{block}"], **same),
            helper.make_node("Add", [f"c{block}", f"h{block}"], [f"d{block}"]),
            helper.make_node("Relu", [f"d{block}"], [f"h{block + 1}"]),
        ]
    nodes += [
        helper.make_node("AveragePool", ["h2"], ["p"], kernel_shape=[16, 16]),
        helper.make_node("Reshape", ["p", "shape"], ["r"]),
        helper.make_node("MatMul", ["r", "fc"], ["y"]),
    ]
    return graph_file(path, nodes, constants, ["n", 3, 16, 16]), constants


def test_a_frozen_graph_is_read_after_its_residual_blocks_at_any_size(tmp_path: Path) -> None:
    path, constants = residual_graph(tmp_path / "residual.onnx")
    network = GraphNetwork(card(sizes=(16,), tunable=False), path, IMAGENET)
    assert [block.name for block in network.blocks] == ["h0", "h1", "h2"]
    picture = torch.randn(2, 3, 24, 24)
    conv = torch.nn.functional.conv2d
    hidden = conv(picture, torch.from_numpy(constants["stem"]), padding=1).relu()
    for block in range(2):
        w = [torch.from_numpy(constants[f"w{2 * block + n}"]) for n in range(2)]
        hidden = (conv(conv(hidden, w[0], padding=1).relu(), w[1], padding=1) + hidden).relu()
    assert torch.allclose(network.read((picture,))["last"], hidden.mean((2, 3)), atol=1e-5)


def test_a_frozen_graph_cannot_be_cut_or_tuned(tmp_path: Path) -> None:
    path, _ = residual_graph(tmp_path / "residual.onnx")
    network = GraphNetwork(card(sizes=(16,), tunable=False), path, IMAGENET)
    assert not network.parameters_of(0)
    with pytest.raises(SourceError, match="cannot be cut"):
        network.prefix((torch.zeros(1, 3, 16, 16),), 1)


def test_what_is_no_graph_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.onnx"
    path.write_bytes(b"not a graph")
    with pytest.raises(SourceError, match="cannot be read as a graph"):
        GraphNetwork(card(sizes=(16,), tunable=False), path, IMAGENET)


def test_a_graph_that_keeps_tensors_in_other_files_is_refused(tmp_path: Path) -> None:
    import onnx

    path, _ = residual_graph(tmp_path / "residual.onnx")
    model = onnx.load(str(path))
    model.graph.initializer[0].data_location = TensorProto.EXTERNAL
    entry = model.graph.initializer[0].external_data.add()
    entry.key, entry.value = "location", "/etc/hostname"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(SourceError, match="other files"):
        GraphNetwork(card(sizes=(16,), tunable=False), path, IMAGENET)
