"""Number format and memory layout for reading a network, chosen by a timed probe and kept per machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from headstart.core.source import SourceCard
from headstart.sources import machine
from headstart.sources.threads import physical_cores, torch_threads

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PROBE_EXAMPLES = 8
PROBE_ROUNDS = 2  # the fastest counts: what is slower was disturbed
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
    """What a timed probe found: seconds per example in each format, and the lowest feature correlation."""

    float32_s: float
    bfloat16_s: float
    correlation: float

    @property
    def dtype(self) -> Literal["float32", "bfloat16"]:
        """The format that is worth it."""
        worth = self.float32_s >= WORTH_IT * self.bfloat16_s and self.correlation >= LEAST_CORRELATION
        return "bfloat16" if worth else "float32"

    @property
    def seconds(self) -> float:
        """Seconds per example in that format."""
        return self.bfloat16_s if self.dtype == "bfloat16" else self.float32_s


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
    """Seconds per example in both formats, and how well their features agree."""
    import numpy as np

    batch = network.assemble(network.samples(PROBE_EXAMPLES, size))
    seconds: dict[str, float] = {}
    features: dict[str, dict[str, NDArray[np.float32]]] = {}
    formats: tuple[Literal["float32", "bfloat16"], ...] = ("float32", "bfloat16")
    for dtype in formats if network.card.tunable else formats[:1]:
        with Precision(dtype, device).running(network):
            rounds = []
            for _ in range(PROBE_ROUNDS + 1):  # the first one warms up
                start = time.perf_counter()
                features[dtype] = {name: value.cpu().numpy() for name, value in network.read(batch).items()}
                rounds.append(time.perf_counter() - start)
            seconds[dtype] = min(rounds[1:]) / PROBE_EXAMPLES
    agreement = [
        float(np.corrcoef(value.ravel(), features["float32"][name].ravel())[0, 1])
        for name, value in features.get("bfloat16", {}).items()
    ]
    return {
        "float32_s": seconds["float32"],
        "bfloat16_s": seconds.get("bfloat16", seconds["float32"]),
        "correlation": float(np.nan_to_num(min(agreement, default=0.0))),
    }
