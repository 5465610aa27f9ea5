"""What moves, at which rate, for how long: the settings of one tuning, no data and no weights in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Measured at 20 labels a class on five image sets (docs/how.md). A head that already fits leaves tiny
# gradients, which AdamW turns into full steps: with a short warm-up the first five steps at 1e-3 undid the
# pretraining (loss .5 -> 5.7, on one set for good). Rising over two fifths of the steps, 15 epochs at such a
# rate do what 30 did at 5e-4, and better.
PEAK_RATE = 7e-4
WARMUP_FRAC = 0.4
EPOCHS = 15
LEAST_STEPS = 90  # fewer (few rows) leave no time to come down from the peak


@dataclass(frozen=True)
class Tuning:
    """One tuning, as a strategy states it; the loop does the rest.

    Attributes:
        cut: blocks below it are frozen and their activations cached; 0 tunes from the input on.
        rates: parameter name in the network -> factor on `peak_rate`; what is not named stays frozen.
        epochs: passes over the training rows (work, not seconds); `least_steps`: more passes where they
            would be fewer steps than that.
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
    least_steps: int = 1
    peak_rate: float = PEAK_RATE
    head_rate: float = 1.0
    batch_size: int = 32
    warmup_frac: float = WARMUP_FRAC
    weight_decay: float = 0.02
    anchor: float = 0.0
    clip_norm: float = 1.0
    label_smoothing: float = 0.1
    mixup: float = 0.0
    average_frac: float = 0.25

    def steps(self, rows: int) -> int:
        """Number of optimiser steps for so many training rows: whole passes.

        >>> Tuning(cut=3, epochs=2, batch_size=32).steps(80)
        6
        """
        return self.passes(rows) * self.batches(rows)

    def passes(self, rows: int) -> int:
        """Number of passes over so many rows."""
        return max(self.epochs, -(-self.least_steps // self.batches(rows)))

    def batches(self, rows: int) -> int:
        """Number of steps in a pass."""
        return -(-rows // self.batch_size)
