"""What every strategy lets its user set, with ranges; a strategy's own config adds to it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from headstart.core.source import Network
from headstart.training.peak_rate import peak_rate
from headstart.training.tuning import EPOCHS, LEAST_STEPS, WARMUP_FRAC, Tuning


class Settings(BaseModel):
    """Settings shared by all strategies (units in the names, ranges in the fields)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int | None = Field(
        None, ge=8, le=2048, description="input side in pixels, or tokens; None: the source's"
    )
    depth: float = Field(
        0.5, ge=0.0, lt=1.0, description="share of the blocks, from the input on, that is frozen"
    )
    epochs: int = Field(EPOCHS, ge=1, le=500, description="passes over the training rows")
    least_steps: int = Field(
        LEAST_STEPS, ge=1, le=100_000, description="more passes where they are fewer steps"
    )
    warmup_frac: float = Field(
        WARMUP_FRAC, ge=0.0, le=1.0, description="share of the steps with a rising rate"
    )
    rate: float | None = Field(
        None, gt=0.0, le=0.1, description="peak rate of what is tuned; None: by the kind of network"
    )
    head_rate: float = Field(1.0, ge=0.0, le=100.0, description="the head's factor on `rate`")
    batch_size: int = Field(32, ge=1, le=4096, description="rows in a step")
    label_smoothing: float = Field(
        0.1, ge=0.0, lt=1.0, description="share of a label spread over all classes"
    )
    mixup: float = Field(0.0, ge=0.0, le=10.0, description="Beta(a, a) mixing of cached states; 0: none")
    flip: bool = Field(False, description="cache the mirrored pictures too, and train on both")
    fits: int = Field(
        5, ge=2, le=20, description="models over the folds of one repeat; adjacent folds share one"
    )

    def cut(self, network: Network) -> int:
        """How many blocks are frozen; at least the last one stays free."""
        return min(round(self.depth * len(network.blocks)), len(network.blocks) - 1)

    def tuning(self, network: Network, rates: dict[str, float]) -> Tuning:
        """The part of the settings that the loop reads."""
        return Tuning(
            cut=self.cut(network),
            rates=rates,
            epochs=self.epochs,
            least_steps=self.least_steps,
            warmup_frac=self.warmup_frac,
            peak_rate=self.rate or peak_rate(network),
            head_rate=self.head_rate,
            batch_size=self.batch_size,
            label_smoothing=self.label_smoothing,
            mixup=self.mixup,
        )
