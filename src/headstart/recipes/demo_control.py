"""Control on a simulated robot: a pendulum that learned to stand is moved to a world that pulls harder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from headstart.core.watch import Watch
from headstart.recipes.sim_develop import DevelopedPolicy, sim_develop
from headstart.recipes.sim_fit import ControlRun, sim_fit
from headstart.recipes.sim_settings import SimDevelopSettings, SimFitSettings

PAIR = "pair:pendulum-late"
NAME = "swing"
# Work, not seconds: together some four minutes on two cores that do nothing else.
SOURCE_STEPS, SOURCE_SEEDS = 5_000, 2
TARGET_STEPS, TARGET_SEEDS = 2_000, 3
STRATEGIES = ("warm-critic", "identify")


@dataclass(frozen=True)
class ControlDemo:
    """What was developed, and where it was brought."""

    development: DevelopedPolicy
    run: ControlRun


def demo_control(watch: Watch, *, out: str | None = None) -> ControlDemo:
    """Develop in the source's simulator, then bring the policy to the changed body.

    The knowledge store of the demo lies in its own folder: yours is not touched.

    Raises:
        MachineError: a package of simulators is missing.
    """
    folder = Path(out or f"headstart-runs/{datetime.now():%Y%m%d-%H%M%S}-demo-control")
    store = str(folder / "store")
    made = sim_develop(
        SimDevelopSettings(
            environment=f"{PAIR}/source",
            name=NAME,
            steps=SOURCE_STEPS,
            seeds=SOURCE_SEEDS,
            store=store,
            out=str(folder / "develop"),
        ),
        watch,
    )
    run = sim_fit(
        SimFitSettings(
            environment=f"{PAIR}/target",
            source=made.record.object.source,
            target_steps=TARGET_STEPS,
            seeds=TARGET_SEEDS,
            strategy=STRATEGIES,
            store=store,
            out=str(folder / "fit"),
        ),
        watch,
    )
    return ControlDemo(made, run)
