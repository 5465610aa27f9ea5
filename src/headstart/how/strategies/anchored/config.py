"""Settings of anchored tuning: L2-SP, Li, Grandvalet & Davoine, ICML 2018."""

from pydantic import Field

from headstart.how.settings import Settings


class AnchoredSettings(Settings):
    """A pull of 0 would be LP-FT."""

    pull: float = Field(
        0.01, gt=0.0, le=100.0, description="factor on the squared distance from the source's weights"
    )
