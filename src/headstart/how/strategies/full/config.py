"""Settings of full tuning with layer-wise rates: Howard & Ruder, ULMFiT, ACL 2018."""

from pydantic import Field

from headstart.how.settings import Settings


class FullSettings(Settings):
    """Nothing is frozen, so every epoch pays for the whole network."""

    depth: float = Field(0.0, ge=0.0, lt=1.0, description="share of the blocks that is frozen: none")
    decay: float = Field(0.8, gt=0.0, le=1.0, description="factor on the rate from a block to the one below")
