"""The second approach on real data: develop on a near task, reuse the model on a near and on a far one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from headstart.core.watch import Watch
from headstart.recipes.demo import CELLS, Package, prepare
from headstart.recipes.demos import cells_by_type, digits, solar_cells
from headstart.recipes.develop import develop
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.development import Development
from headstart.recipes.settings import FitSettings
from headstart.recipes.transfer import Run, transfer
from headstart.sources.catalogue import Wheel

NAME = "solar-cells-poly"
BY_TYPE = Package(CELLS, cells_by_type.unpack, solar_cells.NOTICE)
DIGITS = Package(
    Wheel(digits.PACKAGE, digits.VERSION, digits.WHEEL_SHA256, digits.WHEEL_BYTES),
    digits.unpack,
    digits.NOTICE,
)
DEVELOP_S, FIT_S = 150.0, 110.0  # of the time limits; the three together end in seven minutes on two cores


@dataclass(frozen=True)
class DevelopDemo:
    """What was developed, and the runs that had it among their sources."""

    development: Development
    near: Run
    far: Run


def demo_develop(watch: Watch, *, out: str | None = None) -> DevelopDemo:
    """Develop on polycrystalline cells; fit monocrystalline ones (near), then handwritten digits (far).

    The knowledge store of the demo lies in its own folder: yours is not touched.

    Raises:
        MachineError: a data package cannot be fetched.
    """
    folder = Path(out or f"headstart-runs/{datetime.now():%Y%m%d-%H%M%S}-demo-develop")
    store = str(folder / "store")
    watch.say(f"Data: {BY_TYPE.notice}; {DIGITS.notice}")
    cells = prepare("cells-by-type", BY_TYPE, watch)
    numbers = prepare("digits", DIGITS, watch)
    made = develop(
        DevelopSettings(
            data=(str(cells / "poly"),),
            name=NAME,
            store=store,
            out=str(folder / "develop"),
            time_limit_s=DEVELOP_S,
        ),
        watch,
    )

    def fit(data: Path, part: str) -> Run:
        settings = FitSettings(
            data=str(data / "train"),
            test=str(data / "test"),
            store=store,
            out=str(folder / part),
            time_limit_s=FIT_S,
        )
        return transfer(settings, watch)

    return DevelopDemo(made, near=fit(cells, "near"), far=fit(numbers, "far"))
