"""Settings of contrastive tuning: SetFit (Tunstall et al. 2022), loss of Khosla et al. (NeurIPS 2020)."""

from pydantic import Field

from headstart.how.settings import Settings
from headstart.training.objectives import PAIRS_BATCH, PAIRS_RATE, PAIRS_TEMPERATURE


class ContrastiveSettings(Settings):
    """Larger batches hold more pairs: b rows give b (b - 1) of them."""

    temperature: float = Field(
        PAIRS_TEMPERATURE, gt=0.0, le=10.0, description="softness of likeness between two features"
    )
    epochs: int = Field(10, ge=1, le=500, description="passes over the training rows")
    rate: float | None = Field(PAIRS_RATE, gt=0.0, le=0.1, description="peak rate of the tuned weights")
    least_steps: int = Field(60, ge=1, le=100_000, description="more passes where they are fewer steps")
    batch_size: int = Field(
        PAIRS_BATCH, ge=4, le=4096, description="rows in a step, all pairs among them compared"
    )
    head_rate: float = Field(0.0, ge=0.0, le=0.0, description="the head takes no part")
