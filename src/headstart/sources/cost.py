"""What reading a source will cost on this machine (rung 1: facts)."""

from __future__ import annotations

import time
from typing import Any

from headstart.core.kinds import Modality
from headstart.core.source import SourceCard
from headstart.sources import machine, pace, precision
from headstart.sources.catalogue import starters
from headstart.sources.threads import physical_cores, torch_threads

GMACS_PER_PARAMETER = 2e-7  # at 224 px or 128 tokens, where nothing better is known: the starters' middle


def predict(card: SourceCard, n: int, size: int, *, device: str = "cpu", threads: int = 0) -> float:
    """Seconds to read `n` examples at `size`, not yet fetched: by its last pass, a kept probe, or a guess.

    The guess, from multiply-adds, is right within a factor of three: it tells a minute from an hour.
    """
    if (seconds := pace.last(card, size, device=device, threads=threads)) is not None:
        return n * seconds
    facts = precision.facts(card, min(card.input_sizes), device=device, threads=threads)
    known = machine.known(facts)
    if known is not None:
        return n * at_size(precision.Probe(**known), card, size)
    return n * gmacs(card, size) / speed(threads)


def measured(network: Any, n: int, size: int, *, device: str = "cpu", threads: int = 0) -> float:
    """Seconds to read `n` examples at `size` through a loaded source: by its last pass, else by a probe."""
    if (seconds := pace.last(network.card, size, device=device, threads=threads)) is not None:
        return n * seconds
    probe = precision.probe(network, min(network.card.input_sizes), device=device, threads=threads)
    return n * at_size(probe, network.card, size)


def at_size(probe: precision.Probe, card: SourceCard, size: int) -> float:
    """Seconds per example at `size`, from a probe at the smallest size, where that is cheapest."""
    return probe.seconds * growth(card.modality, min(card.input_sizes), size)


def growth(modality: Modality, reference: int, size: int) -> float:
    """Work at `size` in units of that at `reference`: by a picture's area, by a text's length.

    >>> growth(Modality.IMAGE, 112, 224), growth(Modality.TEXT, 64, 128)
    (4.0, 2.0)
    """
    return float((size / reference) ** (2 if modality is Modality.IMAGE else 1))


def gmacs(card: SourceCard, size: int) -> float:
    """Billions of multiply-adds for one example."""
    entry = starters().get(card.id)
    if entry is not None:
        return entry.gmacs * growth(card.modality, entry.reference_size, size)
    reference = 224 if card.modality is Modality.IMAGE else 128
    return GMACS_PER_PARAMETER * card.parameters * growth(card.modality, reference, size)


def speed(threads: int = 0) -> float:
    """Billions of multiply-adds a second that this machine does in small convolutions, measured once."""
    count = threads or physical_cores()

    def measure() -> dict[str, Any]:
        with torch_threads(count):
            return {"gmacs_per_s": timed()}

    found: float = machine.remember({"what": "speed", "threads": count}, measure)["gmacs_per_s"]
    return found


def timed() -> float:
    """Time a stack like a mobile network's: 1x1 and depthwise 3x3 convolutions with their norms."""
    import torch

    width, side, batch = 96, 28, 16
    layers: list[torch.nn.Module] = []
    for _ in range(4):
        layers += [torch.nn.Conv2d(width, width, 1), torch.nn.BatchNorm2d(width), torch.nn.ReLU6()]
        layers += [torch.nn.Conv2d(width, width, 3, padding=1, groups=width), torch.nn.BatchNorm2d(width)]
    stack = torch.nn.Sequential(*layers).eval().to(memory_format=torch.channels_last)
    maps = torch.zeros(batch, width, side, side).contiguous(memory_format=torch.channels_last)
    rounds = []
    with torch.inference_mode():
        for _ in range(4):
            start = time.perf_counter()
            stack(maps)
            rounds.append(time.perf_counter() - start)
    macs = 4 * batch * side * side * (width * width + 9 * width)
    return macs / 1e9 / min(rounds[1:])
