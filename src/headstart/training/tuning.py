"""What moves, at which rate, for how long: the settings of one tuning, no data and no weights in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Pilot at 20 labels a class: a peak rate of 5e-4 beat 2e-4 and 1e-4 by 1 and 5 points (DESIGN, facts).
PEAK_RATE = 5e-4
EPOCHS = 30


@dataclass(frozen=True)
class Tuning:
    """One tuning, as a strategy states it; the loop does the rest.

    Attributes:
        cut: blocks below it are frozen and their activations cached; 0 tunes from the input on.
        rates: parameter name in the network -> factor on `peak_rate`; what is not named stays frozen.
        epochs: passes over the training rows (work, not seconds).
        peak_rate: AdamW step size at the top of the schedule, >= 0.
        head_rate: the head's own factor on `peak_rate`; 0 keeps the head as it starts.
        batch_size: rows in a step.
        warmup_frac: share of the steps (0…1) over which the rate rises; a half cosine to 0 follows.
        weight_decay: decoupled decay (AdamW, Loshchilov & Hutter 2019) of what moves.
        anchor: strength of L2-SP, the pull towards the starting weights (Li et al., ICML 2018); 0 is none.
        clip_norm: largest norm of a step's gradient.
        label_smoothing: 0…1, classification only.
        mixup: Beta(a, a) mixing of cached states (manifold mixup, Verma et al. 2019); 0 is none.
        average_frac: share of the steps, the last ones, whose weights are averaged (Izmailov et al. 2018).
    """

    cut: int
    rates: Mapping[str, float] = field(default_factory=dict)
    epochs: int = EPOCHS
    peak_rate: float = PEAK_RATE
    head_rate: float = 1.0
    batch_size: int = 32
    warmup_frac: float = 0.15
    weight_decay: float = 0.02
    anchor: float = 0.0
    clip_norm: float = 1.0
    label_smoothing: float = 0.1
    mixup: float = 0.0
    average_frac: float = 0.25

    def steps(self, rows: int) -> int:
        """Number of optimiser steps for so many training rows.

        >>> Tuning(cut=3, epochs=2, batch_size=32).steps(80)
        6
        """
        return self.epochs * -(-rows // self.batch_size)
