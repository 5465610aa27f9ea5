"""What identification hands on: plain data, frozen."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from headstart.core.control import Identified
from headstart.core.record import Record

DELAY = "action_delay"
HARDLY = 0.5  # of the misfit left: these parameters are not what the target differs in
CLOSE = 0.05  # spreads of the observations; a misfit below is no effect worth naming


class Identification(Record):
    """Parameters of a simulator as a few trajectories of the target tell them.

    Attributes:
        simulator: the environment whose parameters they are. `target`: where the trajectories are from.
        parameters: each with its interval; `told` false: the trajectories do not tell it.
        delay: steps by which actions come late, with the interval; None where it was not asked.
        alike: parameters that can only be told together, in words.
        ranges: from which worlds are drawn that look like the target, by parameter.
        misfit: what the fitted simulator leaves unexplained of a window, in spreads of the observations.
        misfit_before: the same of the simulator as it was.
        trajectories, target_steps: what it cost in the target. `simulated_steps`: in the simulator.
    """

    simulator: str
    target: str
    parameters: tuple[Identified, ...]
    delay: Identified | None = None
    alike: tuple[str, ...] = ()
    ranges: Mapping[str, tuple[float, float]]
    misfit: float
    misfit_before: float
    trajectories: int
    target_steps: int
    simulated_steps: int = Field(ge=0)

    @property
    def values(self) -> Mapping[str, float]:
        """Parameter to value."""
        return {one.name: one.value for one in self.parameters}

    @property
    def delay_steps(self) -> int:
        """Steps by which actions come late; 0 where it was not asked."""
        return round(self.delay.value) if self.delay else 0

    @property
    def doubt(self) -> str:
        """Why these values may be wrong although they look sure, in words; empty where nothing says so.

        An interval knows of no effect that the simulator lacks: there the misfit hardly falls, whatever
        the parameters, and they come out wrong and sure. Sensors that tremble look alike from here.
        """
        if self.misfit <= max(CLOSE, HARDLY * self.misfit_before):
            return ""
        return (
            f"The identified simulator is hardly more like the target than before: it misses by "
            f"{self.misfit:.2g} of the observations' spread, after {self.misfit_before:.2g}. If that is the "
            f"sensors' noise, the values stand; if it is an effect that no parameter stands for (friction, "
            f"play, wind), they have absorbed it and are wrong."
        )

    @property
    def table(self) -> tuple[Identified, ...]:
        """All rows, the delay last."""
        return (*self.parameters, self.delay) if self.delay else self.parameters

    def __str__(self) -> str:
        told = [
            f"{one.name} {one.value:.3g} [{one.interval.low:.3g}, {one.interval.high:.3g}]"
            for one in self.table
            if one.told
        ]
        untold = [one.name for one in self.table if not one.told]
        parts = [
            ", ".join(told),
            f"not told by these trajectories: {', '.join(untold)}" if untold else "",
            f"only together: {'; '.join(self.alike)}" if self.alike else "",
            f"misfit {self.misfit_before:.2g} before, {self.misfit:.2g} now",
            self.doubt,
        ]
        return "; ".join(part for part in parts if part)
