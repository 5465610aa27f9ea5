"""Settings of LP-FT: Kumar et al., Fine-Tuning can Distort Pretrained Features, ICLR 2022."""

from headstart.how.settings import Settings


class LpFtSettings(Settings):
    """The shared settings are all there is."""
