"""Mirror images to learn from, where a model that has seen none says that they keep their class.

Letters, left hands and right turns do not. A model that was fitted on plain pictures alone is asked about
mirrored ones of the part to stop by: where it answers them clearly worse, they are not used.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from headstart.training.states import Rows, State, States

WORSE_Z = 2.0  # standard errors of the paired difference in loss


def keep_their_class(plain: NDArray[np.float64], mirrored: NDArray[np.float64]) -> bool:
    """Whether losses [m] of the same examples, as they are and mirrored, differ by no more than chance.

    >>> losses = np.array([0.1, 0.5, 0.2, 0.9])
    >>> keep_their_class(losses, losses[::-1]), keep_their_class(losses, losses + 2.0)
    (True, False)
    """
    gap = mirrored - plain
    error = float(gap.std()) / math.sqrt(len(gap))
    return float(gap.mean()) <= WORSE_Z * error


class BothWays:
    """Pictures at cut 0, each in two views: as it is, and mirrored when it is asked for."""

    views = 2

    def __init__(self, pictures: States) -> None:
        self.pictures, self.cut = pictures, pictures.cut

    def __len__(self) -> int:
        return len(self.pictures)

    def gather(self, rows: Rows, views: Rows | None = None) -> State:
        """The pictures [b, 3, side, side] of `rows`, mirrored left to right where the view is 1."""
        import torch

        (pixels,) = self.pictures.gather(rows)
        if views is None:
            return (pixels,)
        turn = torch.from_numpy(views == 1)[:, None, None, None]
        return (torch.where(turn, pixels.flip(3), pixels),)


class AsTheyAre:
    """Only the plain view of states that have more: what is judged is read once."""

    views = 1

    def __init__(self, states: States) -> None:
        self.states, self.cut = states, states.cut

    def __len__(self) -> int:
        return len(self.states)

    def gather(self, rows: Rows, views: Rows | None = None) -> State:
        """The plain states of `rows`."""
        return self.states.gather(rows)
