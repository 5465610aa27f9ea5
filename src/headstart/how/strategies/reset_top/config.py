"""Settings of resetting: Zhang et al., Revisiting Few-sample BERT Fine-tuning, ICLR 2021."""

from pydantic import Field

from headstart.how.settings import Settings


class ResetTopSettings(Settings):
    """The last blocks are the most specific to what the source was trained on."""

    reset_blocks: int = Field(2, ge=1, le=100, description="blocks, from the top, that start anew")
