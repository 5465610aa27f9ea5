"""A strategy: which parts move, at which rates, towards what. The loop is not its business."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from headstart.core.candidate import Parts, Scalar
from headstart.core.errors import OptionError
from headstart.core.kinds import Kind
from headstart.core.registry import Registry
from headstart.core.source import Network
from headstart.core.watch import Watch
from headstart.how.settings import Settings
from headstart.training.checkpoint import Checkpoint
from headstart.training.head import Head
from headstart.training.loop import Tuned, train
from headstart.training.objectives import Objective, objective_for
from headstart.training.states import Rows, States
from headstart.training.tuning import Tuning

if TYPE_CHECKING:
    import torch

S = TypeVar("S", bound=Settings)


@dataclass(frozen=True)
class Fit:
    """One model to be tuned: on `rows` of `states`, towards `targets` [n, k], from `head`."""

    network: Network
    states: States
    rows: Rows
    targets: NDArray[np.float32]
    kind: Kind
    head: Head
    dtype: torch.dtype
    seed: int
    deadline: float
    watch: Watch
    checkpoint: Checkpoint | None = None


class Strategy(ABC, Generic[S]):
    """One way of adapting a source; stateless, one instance is registered."""

    config: ClassVar[type[Settings]]
    refits_head: ClassVar[bool] = False  # whether the head is fitted anew on the tuned features

    @abstractmethod
    def tuning(self, network: Network, settings: S) -> Tuning:
        """Which parameters move and how."""

    def objective(self, kind: Kind, settings: S) -> Objective:
        """What a step makes small."""
        return objective_for(kind, settings.label_smoothing)

    def start(self, network: Network, settings: S, seed: int) -> Mapping[str, torch.Tensor]:
        """Starting values of parameters that do not start from the source's."""
        return {}

    def adapt(self, fit: Fit, settings: S) -> Tuned:
        """Tune one model."""
        return train(
            fit.network,
            fit.states,
            fit.rows,
            fit.targets,
            fit.head,
            self.tuning(fit.network, settings),
            objective=self.objective(fit.kind, settings),
            dtype=fit.dtype,
            seed=fit.seed,
            start=self.start(fit.network, settings, fit.seed),
            deadline=fit.deadline,
            watch=fit.watch,
            checkpoint=fit.checkpoint,
        )

    def parts(self, network: Network, settings: S) -> Parts:
        """The same for a reader: names of blocks frozen, tuned, reset."""
        moving = set(self.tuning(network, settings).rates)
        names = {b.name: moving & set(network.parameters_of(b.index)) for b in network.blocks}
        return Parts(
            frozen=tuple(name for name, own in names.items() if not own),
            tuned=tuple(name for name, own in names.items() if own),
            taps=(network.taps[-1].name,),
        )


def above(network: Network, cut: int) -> list[str]:
    """Names of all parameters in the blocks from `cut` on."""
    return [name for block in network.blocks[cut:] for name in network.parameters_of(block.index)]


STRATEGIES: Registry[Strategy[Any]] = Registry("strategy")


def settings_of(name: str, given: Mapping[str, Scalar]) -> Settings:
    """The checked settings of a strategy.

    Raises:
        OptionError: an unknown strategy, or all wrong settings at once.
    """
    from pydantic import ValidationError

    try:
        return STRATEGIES[name].config.model_validate(dict(given))
    except ValidationError as mistakes:
        lines = [f"{'.'.join(map(str, m['loc']))}: {m['msg']}" for m in mistakes.errors()]
        known = ", ".join(STRATEGIES[name].config.model_fields)
        raise OptionError(
            "; ".join(lines), where=f"strategy {name}", expected=f"settings among {known}"
        ) from None
