"""Build the empty network that an architecture names. Known libraries are asked, never a model folder."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from headstart.core.errors import SourceError
from headstart.core.registry import Registry
from headstart.sources.catalogue import Architecture

if TYPE_CHECKING:
    import torch

Builder = Callable[[str, Mapping[str, Any]], "torch.nn.Module"]
SCRATCH_WIDTHS = (32, 64, 128, 192)  # channels after each block of the small network from scratch
LIBRARIES: Registry[Builder] = Registry("library of architectures")


def build(architecture: Architecture) -> torch.nn.Module:
    """The network with random weights, in evaluation mode."""
    if architecture.library not in LIBRARIES:
        raise SourceError(
            f"unknown library of architectures {architecture.library!r}",
            expected=f"one of {', '.join(LIBRARIES)}",
        )
    return LIBRARIES[architecture.library](architecture.name, architecture.options).eval()


def unknown(library: str, name: str, known: list[str]) -> SourceError:
    """No such name; the nearest ones are suggested."""
    near = difflib.get_close_matches(name, known, n=3)
    return SourceError(
        f"{library} has no network {name!r}", remedy=f"Did you mean {', '.join(near)}?" if near else ""
    )


@LIBRARIES.register("timm")
def timm_network(name: str, options: Mapping[str, Any]) -> torch.nn.Module:
    """A network of timm, by its name there."""
    import timm

    if not timm.is_model(name):
        raise unknown("timm", name, timm.list_models())
    network: torch.nn.Module = timm.create_model(name, pretrained=False, **options)
    return network


@LIBRARIES.register("torchvision")
def torchvision_network(name: str, options: Mapping[str, Any]) -> torch.nn.Module:
    """A classification network of torchvision, by its name there."""
    from torchvision import models

    if name not in models.list_models():
        raise unknown("torchvision", name, models.list_models())
    network: torch.nn.Module = models.get_model(name, weights=None, **options)
    return network


@LIBRARIES.register("transformers")
def transformers_network(name: str, options: Mapping[str, Any]) -> torch.nn.Module:
    """An encoder of transformers, by its model type, without the pooler that no sentence encoder uses."""
    from transformers import CONFIG_MAPPING, AutoConfig, AutoModel

    if name not in CONFIG_MAPPING:
        raise unknown("transformers", name, list(CONFIG_MAPPING.keys()))
    network = AutoModel.from_config(AutoConfig.for_model(name, **options), trust_remote_code=False)
    if getattr(network, "pooler", None) is not None:
        network.pooler = None
    encoder: torch.nn.Module = network
    return encoder


@LIBRARIES.register("static")
def static_network(name: str, options: Mapping[str, Any]) -> torch.nn.Module:
    """Token embeddings and nothing else."""
    from headstart.sources.static import TokenEmbedding

    return TokenEmbedding(**options)


@LIBRARIES.register("scratch")
def scratch_network(name: str, options: Mapping[str, Any]) -> torch.nn.Module:
    """Four blocks of convolution, group norm and ReLU, each halving the side; the mean over space follows.

    Group norm (Wu & He 2018) needs no running statistics, which a frozen-statistics loop could not learn.
    """
    import torch
    from torch import nn

    torch.manual_seed(int(options["seed"]))
    blocks, before = [], 3
    for width in SCRATCH_WIDTHS:
        convolution = nn.Conv2d(before, width, 3, stride=2, padding=1, bias=False)
        blocks.append(nn.Sequential(convolution, nn.GroupNorm(8, width), nn.ReLU()))
        before = width
    return nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Identity())
