"""States of which every visit gives two augmented views: the training loop needs no second loop for pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headstart.core.kinds import Modality
from headstart.develop.pretext import pictures, words
from headstart.training.states import Rows, State, States

if TYPE_CHECKING:
    import torch

    from headstart.develop.pretext.method import Loss
    from headstart.training.objectives import Objective


class TwoViews:
    """The first views of `rows`, then the second ones: tensors [2 m, …]. Draws are torch's own.

    `plain` holds the examples themselves, at cut 0.
    """

    views = 1

    def __init__(self, plain: States, modality: Modality) -> None:
        self.plain, self.modality, self.cut = plain, modality, 0

    def __len__(self) -> int:
        return len(self.plain)

    def gather(self, rows: Rows, views: Rows | None = None) -> State:
        """Two fresh views of each row."""
        import torch

        state = self.plain.gather(rows)
        pairs = zip(self._look(state), self._look(state), strict=True)
        return tuple(torch.cat(pair) for pair in pairs)

    def _look(self, state: State) -> tuple[torch.Tensor, ...]:
        if self.modality is Modality.IMAGE:
            return (pictures.another_look(state[0]),)
        return words.another_look(state[0], state[1])


def between_views(loss: Loss) -> Objective:
    """The loss of a pretext as the loop's objective; the batch's wanted values play no part."""

    def objective(scores: torch.Tensor, features: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        ours, theirs = scores.chunk(2)
        return loss(ours, theirs)

    return objective
