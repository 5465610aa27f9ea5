"""A small convolutional network that knows nothing: the start of the control that is trained from scratch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from headstart.core.kinds import Modality
from headstart.core.source import Network, SourceCard
from headstart.sources import architectures, loading, shelf
from headstart.sources.catalogue import Architecture, Entry

if TYPE_CHECKING:
    import torch

ID = "scratch:small-cnn"
SIDE = 64  # pixels
WIDTHS = (32, 64, 128, 192)


@architectures.LIBRARIES.register("scratch")
def small_cnn(name: str, options: Mapping[str, Any]) -> torch.nn.Module:
    """Four blocks of convolution, group norm and ReLU, each halving the side; the mean over space follows.

    Group norm (Wu & He 2018) needs no running statistics, which a frozen-statistics loop could not learn.
    """
    import torch
    from torch import nn

    torch.manual_seed(int(options["seed"]))
    blocks, before = [], 3
    for width in WIDTHS:
        convolution = nn.Conv2d(before, width, 3, stride=2, padding=1, bias=False)
        blocks.append(nn.Sequential(convolution, nn.GroupNorm(8, width), nn.ReLU()))
        before = width
    return nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Identity())


def scratch_network(seed: int) -> Network:
    """The untrained network of a seed, loaded; its weights are kept on the shelf like any source's."""
    entry = Entry(
        card=SourceCard(
            id=ID,
            name="small network from scratch",
            modality=Modality.IMAGE,
            architecture="scratch/small_cnn",
            parameters=sum(9 * a * b for a, b in zip((3, *WIDTHS), WIDTHS, strict=False)),
            weights_sha256=f"seed-{seed}",
            licence="Apache-2.0",
            permissive=True,
            download_bytes=0,
            input_sizes=(SIDE,),
            tunable=True,
            pretraining="none",
        ),
        wheels=(),
        files=(),
        architecture=Architecture("scratch", "small_cnn", {"seed": seed}),
        mapping={},
        preprocessing={"mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25], "interpolation": "bilinear"},
        check=None,
        gmacs=0.02,
        reference_size=SIDE,
    )
    key = f"scratch-small-cnn-{seed}"
    if not shelf.has(key):
        with shelf.building(key) as folder:
            loading.write(architectures.build(entry.architecture), folder / loading.WEIGHTS)
    return loading.load(entry, shelf.place(key))
