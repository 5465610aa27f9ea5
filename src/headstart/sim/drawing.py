"""Pictures of an environment, also where there is no screen: which renderer works is tried out first."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import MachineError, SimulationError
from headstart.sim.environment import EnvironmentId
from headstart.sim.making import INSTALL
from headstart.sim.metered import Ledger, Metered, metered

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # it would stand on stdout, which belongs to results

PROBE = (
    "import gymnasium; env = gymnasium.make('InvertedPendulum-v5', render_mode='rgb_array');"
    "env.reset(seed=0); assert env.render().shape[2] == 3; print('drawn')"
)
PROBE_S = 60.0
NO_SCREEN = "offscreen"  # with "dummy" highway-env would draw nothing
WITHOUT_SCREEN = ("egl", "osmesa")  # on the graphics card, or in software


def open_to_draw(environment: EnvironmentId, ledger: Ledger | None = None) -> Metered:
    """An environment that can be drawn with `picture`.

    Raises:
        SimulationError: it cannot be opened, or has no pictures.
        MachineError: nothing on this machine can draw it; said is what to install.
    """
    if not has_screen():
        os.environ["SDL_VIDEODRIVER"] = NO_SCREEN  # pygame then draws in memory, and looks for no screen
    with metered(environment) as plain:  # so that what is wrong with it is said as such
        made_by, modes = type(plain.unwrapped).__module__, plain.metadata.get("render_modes", ())
    if "rgb_array" not in modes:
        raise SimulationError("it has no pictures (no render mode rgb_array)", where=environment.text)
    if "mujoco" in made_by:
        backend = mujoco_backend(os.environ.get("MUJOCO_GL", ""), has_screen())
        if not backend:
            raise MachineError(
                "nothing here can draw MuJoCo's environments",
                where=environment.text,
                remedy="Install a renderer that needs no screen (Debian, Ubuntu: apt install libegl1 libgl1 "
                "or libosmesa6) and set MUJOCO_GL=egl or osmesa. Everything but pictures works without.",
            )
        os.environ["MUJOCO_GL"] = backend
    return metered(environment, ledger, render_mode="rgb_array")


def picture(env: Metered) -> NDArray[np.uint8]:
    """The present state as [height, width, 3] pixels.

    Raises:
        MachineError: the renderer failed, or a package is missing.
    """
    try:
        drawn: Any = env.render()
    except Exception as error:  # drivers of screens fail in ways of their own
        raise MachineError(
            f"it cannot be drawn: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}",
            where=env.name,
            remedy=f"Install what it draws with:  {INSTALL}",
        ) from error
    frame = np.asarray(drawn)
    if frame.ndim != 3 or frame.shape[2] != 3:
        raise SimulationError(
            f"its pictures have the shape {frame.shape}", where=env.name, expected="(height, width, 3)"
        )
    return frame.astype(np.uint8)


def frames_per_second(env: Metered) -> float:
    """Steps in a second of the simulated world, as the environment says; 30 where it does not."""
    return float(env.metadata.get("render_fps") or 30)


def has_screen() -> bool:
    """Whether a window could be opened here; a driver that the user names with SDL_VIDEODRIVER counts."""
    if sys.platform != "linux":
        return True
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return True
    return os.environ.get("SDL_VIDEODRIVER", NO_SCREEN) != NO_SCREEN


@cache
def mujoco_backend(wanted: str, screen: bool) -> str:
    """The first of MuJoCo's renderers that works, tried in a process of its own; "" for none.

    A renderer that is not there may end the process that asks for it, so it is not tried in ours.
    """
    usual = ("glfw", *WITHOUT_SCREEN) if screen else WITHOUT_SCREEN
    return next((one for one in ((wanted,) if wanted else usual) if _draws(one)), "")


def _draws(backend: str) -> bool:
    try:
        tried = subprocess.run(
            [sys.executable, "-c", PROBE],
            env={**os.environ, "MUJOCO_GL": backend},
            capture_output=True,
            text=True,
            timeout=PROBE_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0 and "drawn" in tried.stdout
