"""Whether this processor is any quicker in bfloat16: one small timed fact, before any network is asked.

A processor without bfloat16 units emulates them: networks were 5 to 36 times slower there, and to time each
of them, and each kind of training step, took longer than all the rest of a run (docs/LOG.md, 2026-11-24).
"""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from headstart.sources import machine
from headstart.sources.threads import torch_threads

if TYPE_CHECKING:
    import torch

BATCH, WIDTH, SIDE = 8, 96, 14
ROUNDS = 5  # of both formats in turn; the fastest counts: what is slower was disturbed


def is_promising(device: str = "cpu") -> bool:
    """Whether networks are worth timing in bfloat16 on `device`; accelerators always are."""
    if device.partition(":")[0] != "cpu":
        return True
    return gains(machine.remember({"what": "bfloat16"}, timed))


def gains(measured: Mapping[str, float]) -> bool:
    """Whether either kind of layer is at least as fast as in float32.

    >>> gains({"convolution": 0.1, "linear": 0.2}), gains({"convolution": 0.7, "linear": 1.9})
    (False, True)
    """
    return max(measured["convolution"], measured["linear"]) >= 1.0


def timed() -> dict[str, float]:
    """How many times as fast as in float32 a convolution and a matrix product are, on one thread."""
    import torch

    maps = torch.ones(BATCH, WIDTH, SIDE, SIDE).contiguous(memory_format=torch.channels_last)
    convolution = torch.nn.Conv2d(WIDTH, WIDTH, 3, padding=1).to(memory_format=torch.channels_last)
    rows = torch.ones(BATCH * SIDE, 4 * WIDTH)
    linear = torch.nn.Linear(4 * WIDTH, 4 * WIDTH)
    with torch_threads(1), torch.inference_mode():
        return {"convolution": ratio(convolution, maps), "linear": ratio(linear, rows)}


def ratio(layer: torch.nn.Module, batch: torch.Tensor) -> float:
    """Seconds in float32 over seconds in bfloat16."""
    import torch

    formats = (torch.float32, torch.bfloat16)
    layers = {dtype: copy.deepcopy(layer).to(dtype) for dtype in formats}
    batches = {dtype: batch.to(dtype) for dtype in formats}
    fastest = dict.fromkeys(formats, float("inf"))
    for dtype in formats:  # the first pass prepares kernels
        layers[dtype](batches[dtype])
    for _ in range(ROUNDS):
        for dtype in formats:
            began = time.perf_counter()
            layers[dtype](batches[dtype])
            fastest[dtype] = min(fastest[dtype], time.perf_counter() - began)
    return fastest[torch.float32] / fastest[torch.bfloat16]
