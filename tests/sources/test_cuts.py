"""Every cut of every architecture: prefix and suffix together are the network, and gradients flow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.sources.tiny import TINY_ENCODER, image_network, text_network

IMAGE_NETWORKS = [
    ("timm", "tf_efficientnet_lite0", 64, {}),
    ("timm", "tf_efficientnet_lite1", 64, {}),
    ("timm", "tf_efficientnet_lite2", 64, {}),
    ("torchvision", "mobilenet_v2", 64, {}),
    (
        "timm",
        "vit_small_patch14_dinov2",
        56,
        {"img_size": 56, "num_classes": 0, "dynamic_img_size": True, "depth": 4},
    ),
    ("timm", "resnet18", 64, {}),
    ("torchvision", "mobilenet_v3_small", 64, {}),
    ("timm", "convnext_atto", 64, {}),
    ("timm", "eva02_tiny_patch14_224", 56, {"dynamic_img_size": True, "depth": 3}),
    ("timm", "regnetx_002", 64, {}),
]
SMALL_DISTILBERT = {
    "dim": 24,
    "n_layers": 3,
    "n_heads": 2,
    "hidden_dim": 32,
    "vocab_size": 64,
    "max_position_embeddings": 64,
}
TEXT_NETWORKS = [
    ("bert", TINY_ENCODER),
    ("mpnet", TINY_ENCODER),
    ("distilbert", SMALL_DISTILBERT),
    ("roberta", {**TINY_ENCODER, "pad_token_id": 1}),
    ("deberta-v2", {**TINY_ENCODER, "relative_attention": True, "position_biased_input": False}),
]


def assert_every_cut_holds(network: Any, batch: tuple[torch.Tensor, ...]) -> None:
    last = network.taps[-1].name
    with torch.no_grad():
        whole = network.read(batch)[last]
    assert len(network.blocks) >= 3
    for cut in range(len(network.blocks)):
        with torch.no_grad():
            state = network.prefix(batch, cut)
        assert all(len(part) == len(batch[0]) for part in state), "a state is cached and picked by row"
        joined = network.suffix(state, cut)
        scale = whole.abs().max()
        assert (joined - whole).abs().max() <= 1e-5 * scale
        network.module.zero_grad()
        joined.sum().backward()
        top = network.parameters_of(len(network.blocks) - 1).values()
        assert any(p.grad is not None and p.grad.abs().sum() > 0 for p in top)
        below = [p for block in range(cut) for p in network.parameters_of(block).values()]
        assert all(p.grad is None or not p.grad.any() for p in below), "what is below the cut stays"


@pytest.mark.parametrize(
    ("library", "name", "side", "options"), IMAGE_NETWORKS, ids=[n[1] for n in IMAGE_NETWORKS]
)
def test_prefix_and_suffix_of_an_image_network_give_the_whole(
    library: str, name: str, side: int, options: dict[str, Any]
) -> None:
    network = image_network(library, name, side, **options)
    picture = torch.randn(2, 3, side, side, generator=torch.Generator().manual_seed(1))
    assert_every_cut_holds(network, (picture,))


@pytest.mark.parametrize(("name", "options"), TEXT_NETWORKS, ids=[n[0] for n in TEXT_NETWORKS])
@pytest.mark.parametrize("padded", [True, False])
def test_prefix_and_suffix_of_an_encoder_give_the_whole(
    tmp_path: Path, name: str, options: dict[str, Any], padded: bool
) -> None:
    network = text_network(tmp_path, name, **options)
    batch = network.batch(["w2 w3 w4", "w5 w6 w7 w8 w9"], 8 if padded else 3)
    assert_every_cut_holds(network, batch)


def test_states_of_padded_and_unpadded_batches_can_be_joined(tmp_path: Path) -> None:
    network = text_network(tmp_path)
    texts = ["w1 w2 w3 w4", "w5 w6 w7 w8"], ["w9", "w1 w2"]
    with torch.no_grad():
        states = [network.prefix(network.batch(pair, 4), 2) for pair in texts]
        joined = tuple(torch.cat(parts) for parts in zip(*states, strict=True))
        together = network.read(network.batch([*texts[0], *texts[1]], 4))[network.taps[-1].name]
        assert torch.allclose(network.suffix(joined, 2), together, atol=1e-5)


def test_every_parameter_belongs_to_exactly_one_block() -> None:
    network = image_network("timm", "tf_efficientnet_lite0", 64)
    names = [name for block in range(len(network.blocks)) for name in network.parameters_of(block)]
    assert sorted(names) == sorted(name for name, _ in network.module.named_parameters())
