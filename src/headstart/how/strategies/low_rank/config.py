"""Settings of low-rank adapters: LoRA, Hu et al., ICLR 2022, by the PEFT library."""

from pydantic import Field

from headstart.how.settings import Settings


class LowRankSettings(Settings):
    """The weights stay; each gets a product of two thin matrices added to it."""

    rank: int = Field(8, ge=1, le=256, description="inner width of the added product")
    scale: float = Field(2.0, gt=0.0, le=64.0, description="alpha / rank: factor on the added product")
    rate: float | None = Field(2e-3, gt=0.0, le=0.1, description="peak rate of the adapters")
    head_rate: float = Field(0.25, ge=0.0, le=100.0, description="the head's factor on `rate`")
