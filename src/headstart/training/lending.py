"""A loaded network is lent, never copied: what moves is put back to the byte when the work is done."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from headstart.core.source import Network

if TYPE_CHECKING:
    import torch

# Two borrowers of one network would see each other's weights (a server answers from several threads).
_ONE_AT_A_TIME = threading.RLock()


@contextmanager
def borrowed(network: Network, names: Iterable[str]) -> Iterator[dict[str, torch.nn.Parameter]]:
    """The named parameters, trainable, all others frozen; values and flags are restored at the end."""
    import torch

    with _ONE_AT_A_TIME:
        everything = dict(network.module.named_parameters())
        moving = {name: everything[name] for name in names}
        flags = {name: parameter.requires_grad for name, parameter in everything.items()}
        before = {name: parameter.detach().clone() for name, parameter in moving.items()}
        try:
            for name, parameter in everything.items():
                parameter.requires_grad_(name in moving)
            yield moving
        finally:
            with torch.no_grad():
                for name, parameter in moving.items():
                    parameter.copy_(before[name])
            for name, parameter in everything.items():
                parameter.requires_grad_(flags[name])
                parameter.grad = None


@contextmanager
def wearing(network: Network, tensors: Mapping[str, torch.Tensor]) -> Iterator[Network]:
    """The network with other values in the named parameters, for as long as the block lasts."""
    with borrowed(network, tensors) as moving:
        put_on(moving, tensors)
        yield network


def put_on(moving: Mapping[str, torch.nn.Parameter], tensors: Mapping[str, torch.Tensor]) -> None:
    """Copy values into borrowed parameters, by name."""
    import torch

    with torch.no_grad():
        for name, values in tensors.items():
            moving[name].copy_(values)
