"""Settings of norm and bias tuning: BitFit (Ben Zaken et al., ACL 2022); norms: Frankle et al., ICLR 2021."""

from pydantic import Field

from headstart.how.settings import Settings


class NormBiasSettings(Settings):
    """So few weights move that they bear a higher rate."""

    rate: float | None = Field(2e-3, gt=0.0, le=0.1, description="peak rate of norms and biases")
    head_rate: float = Field(0.25, ge=0.0, le=100.0, description="the head's factor on `rate`")
