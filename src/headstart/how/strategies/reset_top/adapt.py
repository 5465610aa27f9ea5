"""The top blocks forget: their matrices are drawn anew, then everything above the cut is tuned.

Each is drawn with the mean and spread that it had, so that frozen norm statistics still fit about; norms
and biases keep their values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from headstart.core.candidate import Parts
from headstart.core.seeds import derive
from headstart.core.source import Network
from headstart.how.strategies.reset_top.config import ResetTopSettings
from headstart.how.strategy import STRATEGIES, Strategy, above
from headstart.training.tuning import Tuning

if TYPE_CHECKING:
    import torch


class ResetTop(Strategy[ResetTopSettings]):
    """Re-initialise the last blocks, keep those below, tune from the cut."""

    config = ResetTopSettings

    def tuning(self, network: Network, settings: ResetTopSettings) -> Tuning:
        """Everything above the cut, the reset blocks in any case."""
        cut = min(settings.cut(network), self._first_reset(network, settings))
        return replace(settings.tuning(network, dict.fromkeys(above(network, cut), 1.0)), cut=cut)

    def start(self, network: Network, settings: ResetTopSettings, seed: int) -> Mapping[str, torch.Tensor]:
        """New values for the matrices and kernels of the reset blocks."""
        import torch

        generator = torch.Generator().manual_seed(derive(seed, "reset"))
        parameters = dict(network.module.named_parameters())
        drawn: dict[str, torch.Tensor] = {}
        for name in above(network, self._first_reset(network, settings)):
            old = parameters[name].detach().cpu()
            if old.ndim > 1:
                noise = torch.randn(old.shape, generator=generator)
                drawn[name] = old.mean() + old.std() * noise
        return drawn

    def parts(self, network: Network, settings: ResetTopSettings) -> Parts:
        """The reset blocks are named apart from the merely tuned ones."""
        plain = super().parts(network, settings)
        reset = tuple(block.name for block in network.blocks[self._first_reset(network, settings) :])
        return replace(plain, tuned=tuple(n for n in plain.tuned if n not in reset), reset=reset)

    @staticmethod
    def _first_reset(network: Network, settings: ResetTopSettings) -> int:
        return max(len(network.blocks) - settings.reset_blocks, 0)


STRATEGIES.add("reset_top", ResetTop())
