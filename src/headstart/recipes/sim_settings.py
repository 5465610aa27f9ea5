"""Every option of `sim develop` and `sim fit`, checked in one place."""

from __future__ import annotations

from pydantic import Field, field_validator

from headstart.recipes.settings import Names, Options, Text

LEAST_STEPS = 8  # one for each piece; of use is what lasts for some episodes
DEVELOP_STEPS = 20_000  # small robots walk a little and pendulums stand by then
MARGIN_FRAC = 0.05  # of the best return's size: what may be lost against it at most


class SimSettings(Options):
    """What both may be told. `threads`: processes at a time (0: one per core)."""

    seeds: int = Field(default=5, ge=1, le=100)
    seed: int = Field(default=0, ge=0, lt=2**32)
    time_limit_s: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    threads: int = Field(default=0, ge=0, le=4096)
    hidden: tuple[int, ...] | None = Field(default=None, min_length=1, max_length=4)
    store: Text | None = None
    out: Text | None = None
    resume: bool = False

    @field_validator("hidden")
    @classmethod
    def _wide_enough(cls, hidden: tuple[int, ...] | None) -> tuple[int, ...] | None:
        if hidden is not None and not all(1 <= width <= 4096 for width in hidden):
            raise ValueError("widths of 1 to 4096")
        return hidden


class SimDevelopSettings(SimSettings):
    """What `sim develop` may be told.

    >>> SimDevelopSettings.read({"environment": "Pendulum-v1", "name": "swing", "seeds": 2}).steps
    20000
    """

    environment: str
    name: str
    steps: int = Field(default=DEVELOP_STEPS, ge=LEAST_STEPS, le=10**9)


class SimFitSettings(SimSettings):
    """What `sim fit` may be told.

    `target_steps` is what each learner of each arm and seed may learn from; `total_steps` what the whole run
    may take from the target, every look with it.
    """

    environment: str
    source: str
    source_environment: Text | None = None  # of a zip, which does not say where it was trained
    target_steps: int = Field(ge=LEAST_STEPS, le=10**9)
    total_steps: int | None = Field(default=None, ge=1, le=10**9)
    strategy: Names = ()
    margin: float = Field(default=MARGIN_FRAC, ge=0, le=1)
    most_violations: float | None = Field(default=None, gt=0)
    trajectories: int = Field(default=5, ge=1, le=1000)  # of the target, to identify the simulator by
    films: bool = True
