"""A tuning that can be killed: what the loop knows, kept now and then, taken up again to the byte."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from headstart.core.watch import Silent, Watch
from headstart.training import sealed
from headstart.training.schedule import Average
from headstart.training.sealed import Sealed

if TYPE_CHECKING:
    import torch

EVERY_S = 5.0  # what a kill may cost at most, beside the step in hand; short fits write nothing
MOST_FRAC = 0.03  # of the time goes into writing: a large network is kept less often
MOMENTS = ("step", "exp_avg", "exp_avg_sq")  # what AdamW knows about a parameter


class Beside(Protocol):
    """Something of the caller's that goes on with the loop (a judge, a log of scores), kept along with it."""

    def state(self) -> Sealed:
        """What it knows now."""
        ...

    def restore(self, state: Sealed) -> None:
        """Know that again."""
        ...


@dataclass(frozen=True)
class Progress:
    """All that one step of the loop hands to the next. The rate follows from the number of losses.

    Attributes:
        moving: tuned parameters by name, the head's weight and bias last.
        random: draws views and mixes; the order of the rows is drawn before the first step.
        losses: one for each step that is done.
    """

    moving: Mapping[str, torch.Tensor]
    optimiser: torch.optim.Optimizer
    average: Average
    random: np.random.Generator
    losses: list[float] = field(default_factory=list)

    def state(self) -> Sealed:
        """Everything, by name."""
        import torch

        tensors: dict[str, torch.Tensor] = {"dropout": torch.get_rng_state()}
        for number, (name, parameter) in enumerate(self.moving.items()):
            tensors[f"value/{name}"] = parameter
            known = self.optimiser.state.get(parameter, {})
            tensors |= {f"{moment}/{name}": known[moment] for moment in MOMENTS if known}
            if self.average.count:
                tensors[f"mean/{name}"] = self.average.means[number]
        record = {
            "losses": self.losses,
            "averaged": self.average.count,
            "random": self.random.bit_generator.state,
        }
        return Sealed(tensors, record)

    def restore(self, state: Sealed) -> None:
        """Put everything back; memory layouts stay those of the parameters."""
        import torch

        self.losses[:] = state.record["losses"]
        self.average.count = state.record["averaged"]
        self.random.bit_generator.state = state.record["random"]
        with torch.no_grad():
            for number, (name, parameter) in enumerate(self.moving.items()):
                parameter.copy_(state.tensors[f"value/{name}"])
                if self.average.count:
                    self.average.means[number].copy_(state.tensors[f"mean/{name}"])
                if f"step/{name}" in state.tensors:
                    self.optimiser.state[parameter] = {
                        "step": state.tensors[f"step/{name}"].to(parameter.device),
                        "exp_avg": torch.empty_like(parameter).copy_(state.tensors[f"exp_avg/{name}"]),
                        "exp_avg_sq": torch.empty_like(parameter).copy_(state.tensors[f"exp_avg_sq/{name}"]),
                    }
        torch.set_rng_state(state.tensors["dropout"])


class Checkpoint:
    """The place where one tuning is kept while it lasts.

    Args:
        path: its file; the folder is made when first needed.
        origin: whatever decides the tuning's bytes and the loop cannot see: data, sizes, the source, the
            objective. What the loop can see (settings, seed, rows, targets, starting weights) it adds.
        beside: goes on with the loop and is kept with it.
        every_s: seconds between two writings, at least.
    """

    def __init__(
        self,
        path: Path,
        origin: tuple[Any, ...] = (),
        *,
        beside: Beside | None = None,
        watch: Watch | None = None,
        every_s: float = EVERY_S,
    ) -> None:
        self.path, self.beside, self.every_s = path, beside, every_s
        self._given = origin
        self._origin = ""
        self._watch = watch or Silent()
        self._due_s = 0.0

    def take_up(self, progress: Progress, *seen: Any) -> None:
        """Put `progress` where an earlier process left it, if it did; `seen` is what the loop is given."""
        self._origin = sealed.origin_of(sealed.surroundings(), *self._given, *seen, *progress.moving.values())
        self._due_s = time.monotonic() + self.every_s
        was_there = self.path.exists()
        state = sealed.read(self.path, self._origin)
        if state is not None:
            loop, others = _apart(state)
            progress.restore(loop)
            if self.beside:
                self.beside.restore(others)
            self._watch.say(f"taken up again at step {len(progress.losses)}")
        elif was_there:
            self._watch.say(f"{self.path.name} is damaged or from another tuning: left out, begun anew")

    def offer(self, progress: Progress) -> None:
        """After every step: kept if it is time. A disk that does not take it is no reason to fail."""
        if time.monotonic() < self._due_s:
            return
        began_s = time.monotonic()
        others = self.beside.state() if self.beside else Sealed({}, {})
        try:
            sealed.write(self.path, self._origin, _together(progress.state(), others))
        except OSError as error:
            self._watch.say(f"cannot be kept for --resume: {self.path} ({error.strerror})")
            self._due_s = float("inf")
        else:
            took_s = time.monotonic() - began_s
            longer = max(1.0, took_s / (MOST_FRAC * EVERY_S))
            self._due_s = time.monotonic() + longer * self.every_s

    def remove(self) -> None:
        """When what the tuning was for is safe elsewhere."""
        self.path.unlink(missing_ok=True)


def _together(loop: Sealed, others: Sealed) -> Sealed:
    tensors = {
        f"{whose}/{name}": tensor
        for whose, part in (("loop", loop), ("beside", others))
        for name, tensor in part.tensors.items()
    }
    return Sealed(tensors, {"loop": loop.record, "beside": others.record})


def _apart(state: Sealed) -> tuple[Sealed, Sealed]:
    def part(whose: str) -> Sealed:
        own = {name: tensor for name, tensor in state.tensors.items() if name.startswith(f"{whose}/")}
        return Sealed(
            {name.removeprefix(f"{whose}/"): tensor for name, tensor in own.items()}, state.record[whose]
        )

    return part("loop"), part("beside")
