"""One way to begin: a network, how much of it moves, and at which rates."""

from __future__ import annotations

from dataclasses import dataclass, replace

from headstart.core.kinds import Modality, Preset
from headstart.core.source import Network
from headstart.core.task import Inputs
from headstart.training.input_size import input_size
from headstart.training.objectives import PAIRS_BATCH, PAIRS_RATE
from headstart.training.peak_rate import peak_rate
from headstart.training.tuning import LEAST_STEPS, Tuning

SCRATCH = "scratch"  # what the user writes for: from nothing

# Passes over the rows to learn from. Early stopping ends what has learned enough; from nothing there is more
# to learn.
EPOCHS = {Preset.FAST: 6, Preset.BALANCED: 15, Preset.BEST: 40}
SCRATCH_EPOCHS = {Preset.FAST: 15, Preset.BALANCED: 40, Preset.BEST: 100}
# Share of a parent's blocks that stays as it is: with plenty of rows deeper tuning pays, and costs.
FROZEN = {Preset.FAST: 0.5, Preset.BALANCED: 0.5, Preset.BEST: 0.0}
DECAY = 0.8  # of the rate from a block to the one below (Howard & Ruder 2018)
SIDE = 128  # pixels at which a parent of images is tuned, or the nearest that it takes (docs/how.md)
SCRATCH_RATE = 2e-3
SCRATCH_WARMUP_FRAC = 0.1  # a parent takes the loop's own: a short one undoes what it knows
BATCH = 32


@dataclass(frozen=True)
class Start:
    """Where a development begins.

    Attributes:
        id: ``scratch:small-cnn``, or the parent's id (with ``/pairs`` where it learns on pairs); `parent` is
            that id, None from nothing.
        size: input side in pixels, or tokens.
        tuning: what moves and how; its epochs are those that the preset asks for.
        mirrored: whether it learns from mirror images of the pictures too.
        pairs: whether examples of a class are drawn together and the classes apart, in place of learning the
            labels themselves; the head is a ridge on what comes of it.
    """

    id: str
    parent: str | None
    network: Network
    size: int
    tuning: Tuning
    mirrored: bool = False
    pairs: bool = False

    def lasting(self, epochs: int, rows: int) -> Start:
        """The same for so many passes over so many rows.

        A parent is moved the less, the fewer steps there are: fewer than LEAST_STEPS leave no time to come
        down from a high rate, and what it knew would be undone. On pairs, whose rate is low, it is not: at a
        still lower one a short try would say nothing (docs/LOG.md 2026-11-24).
        """
        tuning = replace(self.tuning, epochs=epochs, least_steps=1)
        if self.parent is not None and not self.pairs:
            share = min(1.0, tuning.steps(rows) / LEAST_STEPS)
            tuning = replace(tuning, peak_rate=share * tuning.peak_rate)
        return replace(self, tuning=tuning)


def from_scratch(network: Network, preset: Preset) -> Start:
    """Everything moves, at one rate."""
    tuning = Tuning(
        cut=0,
        rates=_rates(network, 0, decay=1.0),
        epochs=SCRATCH_EPOCHS[preset],
        least_steps=LEAST_STEPS,
        peak_rate=SCRATCH_RATE,
        batch_size=BATCH,
        warmup_frac=SCRATCH_WARMUP_FRAC,
        average_frac=0.0,  # the judge looks at the weights as they are
    )
    return Start(network.card.id, None, network, network.card.input_sizes[0], tuning)


def continued(network: Network, inputs: Inputs, preset: Preset) -> Start:
    """A parent's upper blocks move, the lower the slower; what is below the cut stays as it is."""
    cut = min(round(FROZEN[preset] * len(network.blocks)), len(network.blocks) - 1)
    tuning = Tuning(
        cut=cut,
        rates=_rates(network, cut, DECAY),
        epochs=EPOCHS[preset],
        least_steps=LEAST_STEPS,
        peak_rate=peak_rate(network),
        batch_size=BATCH,
        average_frac=0.0,
    )
    sides = network.card.input_sizes
    is_image = network.card.modality is Modality.IMAGE
    asked = min(sides, key=lambda side: abs(side - SIDE)) if is_image else None
    return Start(network.card.id, network.card.id, network, input_size(network, inputs, asked), tuning)


def on_pairs(start: Start) -> Start:
    """The same parent, its features drawn together within a class (Khosla et al., NeurIPS 2020)."""
    network, own = start.network, start.tuning
    tuning = replace(
        own,
        rates=_rates(network, own.cut, decay=1.0),
        peak_rate=PAIRS_RATE,
        head_rate=0.0,
        batch_size=PAIRS_BATCH,
    )
    return replace(start, id=f"{start.id}/pairs", tuning=tuning, pairs=True)


def _rates(network: Network, cut: int, decay: float) -> dict[str, float]:
    """Every parameter above the cut, its factor falling by `decay` from a block to the one below."""
    last = len(network.blocks) - 1
    return {
        name: decay ** (last - block.index)
        for block in network.blocks[cut:]
        for name in network.parameters_of(block.index)
    }
