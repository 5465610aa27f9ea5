"""Number format and memory layout for reading a network, chosen by a timed probe and kept per machine."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from headstart.core.source import SourceCard
from headstart.sources import bfloat16, machine
from headstart.sources.threads import physical_cores, torch_threads

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PROBE_EXAMPLES = 8
PROBE_ROUNDS = 2  # the fastest counts: what is slower was disturbed
GIVE_UP = 2.0  # so many times as slow on one example, bfloat16 is not timed on a batch
WORTH_IT = 1.25  # bfloat16 must be this much faster; below, float32's exactness is the better bargain
# Of each tap's features with those in float32. Convolutional networks come to .991 … .999 on real photos,
# and their linear probes then score the same (12 taps on 3 sets: -0.3 points in the mean, 250 images each,
# docs/sources.md).
LEAST_CORRELATION = 0.99


@dataclass(frozen=True, slots=True)
class Precision:
    """How a network is run. Its name is part of every feature's key."""

    dtype: Literal["float32", "bfloat16"] = "float32"
    device: str = "cpu"

    @property
    def name(self) -> str:
        """For example ``bfloat16-cpu``."""
        return f"{self.dtype}-{self.device}"

    @contextmanager
    def running(self, network: Any) -> Iterator[None]:
        """Inside, `network` runs on the device, in this number format, without gradients."""
        import torch

        network.to(self.device)
        with torch.inference_mode(), self.autocast():
            yield

    def autocast(self) -> Any:
        """The context that makes torch compute in this number format (also for training)."""
        import torch

        return torch.autocast(self.device.partition(":")[0], torch.bfloat16, enabled=self.dtype == "bfloat16")


FLOAT32 = Precision()


@dataclass(frozen=True, slots=True)
class Probe:
    """What a timed probe found: seconds per example in each format, and the lowest feature correlation.

    `bfloat16_s` is None where that format was not timed: the processor is slower in it whatever it computes,
    or the network is a frozen graph.
    """

    float32_s: float
    bfloat16_s: float | None
    correlation: float

    @property
    def gain(self) -> float | None:
        """How many times as fast as float32 bfloat16 is; None: not timed."""
        return None if self.bfloat16_s is None else self.float32_s / self.bfloat16_s

    @property
    def dtype(self) -> Literal["float32", "bfloat16"]:
        """The format that is worth it."""
        worth = self.gain is not None and self.gain >= WORTH_IT and self.correlation >= LEAST_CORRELATION
        return "bfloat16" if worth else "float32"

    @property
    def seconds(self) -> float:
        """Seconds per example in that format."""
        return self.float32_s if self.bfloat16_s is None or self.dtype == "float32" else self.bfloat16_s


def choose(network: Any, size: int, *, device: str = "cpu", threads: int = 0) -> Precision:
    """The format in which to read `network` on this machine: the same in every process, and at every size.

    It is probed at the smallest size, where that is cheapest: what decides is the processor.
    """
    if not network.card.tunable:  # a frozen graph runs as it was exported
        return FLOAT32
    smallest = min(network.card.input_sizes)
    return Precision(probe(network, smallest, device=device, threads=threads).dtype, device)


def probe(network: Any, size: int, *, device: str = "cpu", threads: int = 0) -> Probe:
    """Time both formats on a small batch, once per machine, architecture, size and number of threads."""
    count = threads or physical_cores()

    def measure() -> dict[str, Any]:
        with torch_threads(count):
            return timed(network, size, device)

    return Probe(**machine.remember(facts(network.card, size, device=device, threads=threads), measure))


def facts(card: SourceCard, size: int, *, device: str, threads: int) -> dict[str, Any]:
    """What a probe depends on, beside the machine."""
    return {
        "what": "precision",
        "architecture": card.architecture,
        "parameters": card.parameters,
        "size": size,
        "device": device,
        "threads": threads or physical_cores(),
    }


def timed(network: Any, size: int, device: str) -> dict[str, Any]:
    """Seconds per example in both formats, and how well their features agree.

    bfloat16 is tried only where this processor is quicker in it at all, and on one example first: a network
    that is GIVE_UP times as slow there is not read again.
    """
    exact, other = Precision("float32", device), Precision("bfloat16", device)
    batch = network.assemble(network.samples(PROBE_EXAMPLES, size))
    exact_s, features = fastest(network, batch, exact)
    found = {"float32_s": exact_s / PROBE_EXAMPLES, "bfloat16_s": None, "correlation": 0.0}
    if not network.card.tunable or not bfloat16.is_promising(device):
        return found
    one = network.assemble(network.samples(1, size))
    one_s, features_of_one = fastest(network, one, exact)
    other_s, others = fastest(network, one, other, rounds=1)
    if other_s > GIVE_UP * one_s:
        return {**found, "bfloat16_s": other_s, "correlation": agreement(features_of_one, others)}
    other_s, others = fastest(network, batch, other)
    return {**found, "bfloat16_s": other_s / PROBE_EXAMPLES, "correlation": agreement(features, others)}


def fastest(
    network: Any, batch: Any, precision: Precision, rounds: int = PROBE_ROUNDS
) -> tuple[float, Mapping[str, NDArray[np.float32]]]:
    """Seconds of the fastest of `rounds` passes, after one that prepares kernels, and the features read."""
    seconds = []
    with precision.running(network):
        for _ in range(rounds + 1):
            began = time.perf_counter()
            features = {name: value.cpu().numpy() for name, value in network.read(batch).items()}
            seconds.append(time.perf_counter() - began)
    return min(seconds[1:]), features


def agreement(exact: Mapping[str, NDArray[np.float32]], other: Mapping[str, NDArray[np.float32]]) -> float:
    """The lowest correlation between the features of a tap in both formats; 0 where there is none."""
    import numpy as np

    found = [float(np.corrcoef(other[name].ravel(), exact[name].ravel())[0, 1]) for name in other]
    return float(np.nan_to_num(min(found, default=0.0)))
