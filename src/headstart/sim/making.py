"""Gymnasium's `make`, with every way in which it fails said as a user needs it."""

from __future__ import annotations

import difflib
import importlib
import logging
import os
import re
import sys
import warnings
from typing import TYPE_CHECKING, Any

from headstart.core.errors import MachineError, SimulationError

if TYPE_CHECKING:
    import gymnasium

INSTALL = 'pip install "headstart[sim]"'
# Packages that make their environments known only when they are imported: the ids, how to get the package.
HOMES: dict[str, tuple[str, str]] = {
    "minigrid": (r"(MiniGrid|BabyAI)-.*", INSTALL),
    "highway_env": (
        r"(highway|exit|intersection|merge|parking|racetrack|roundabout|two-way|u-turn|lane-keeping)-.*",
        INSTALL,
    ),
    "ale_py": (r"ALE/.*", 'pip install "gymnasium[atari]"'),
    "headstart.sim.own": (r"headstart/.*", ""),
}
EXTRAS = {"box2d": 'pip install "gymnasium[box2d]"'}  # by a word in the path of the environment's class


def make(
    gym_id: str, *, module: str | None = None, render_mode: str | None = None, **kwargs: Any
) -> gymnasium.Env[Any, Any]:
    """`gymnasium.make` without its step-by-step checker, which costs time (`soundness` looks once instead).

    Raises:
        SimulationError: an unknown id or parameter, a render mode that is not there, a maker that failed.
        MachineError: a package is missing.
    """
    gym = gymnasium_itself()
    from headstart.sim.wordless import wordless

    _register(gym_id, module)
    drawn = {} if render_mode is None else {"render_mode": render_mode}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of versions that are out of date: they are asked for by name
        try:
            env: gymnasium.Env[Any, Any] = gym.make(gym_id, disable_env_checker=True, **drawn, **kwargs)
        except gym.error.DependencyNotInstalled as missing:
            raise _lacking(gym_id, str(missing)) from missing
        except ImportError as missing:
            raise _lacking(gym_id, str(missing)) from missing
        except (gym.error.UnregisteredEnv, gym.error.DeprecatedEnv) as unknown:
            raise _unknown(gym_id) from unknown
        except TypeError as wrong:
            raise _refused(gym_id, kwargs, wrong) from wrong
        except Exception as failed:
            raise SimulationError(
                f"it cannot be made: {type(failed).__name__}: {failed}", where=gym_id, remedy=_hint(kwargs)
            ) from failed
    if render_mode is not None:
        _draws(env, gym_id, render_mode)
    return wordless(env)


def _draws(env: gymnasium.Env[Any, Any], gym_id: str, render_mode: str) -> None:
    """Draw once, so that a machine that cannot says so now and not after an hour of learning."""
    modes = tuple(env.metadata.get("render_modes", ()))
    if render_mode not in modes:
        env.close()
        raise SimulationError(
            f"it cannot draw as {render_mode!r}", where=gym_id, expected=" or ".join(modes) or "no drawing"
        )
    try:
        env.reset(seed=0)
        env.render()
    except Exception as failed:  # drivers of screens fail in ways of their own
        raise MachineError(
            f"{gym_id} cannot be drawn here: {type(failed).__name__}: {failed}",
            remedy="Without a screen, MuJoCo draws with MUJOCO_GL=egl (a graphics driver) or "
            f"MUJOCO_GL=osmesa (Mesa); other environments need:  {INSTALL}",
        ) from failed


def gymnasium_itself() -> Any:
    """The gymnasium module, or the line that installs it."""
    try:
        import gymnasium
    except ImportError as missing:
        raise MachineError("gymnasium is not installed", remedy=f"Install it:  {INSTALL}") from missing
    return gymnasium


def known_ids() -> tuple[str, ...]:
    """The ids of all environments that are known so far, in order."""
    return tuple(sorted(gymnasium_itself().registry))


def _register(gym_id: str, module: str | None) -> None:
    """Import what makes `gym_id` known: the module the user typed, or the package of its family."""
    if module is not None:
        try:
            importlib.import_module(module)
        except Exception as failed:
            raise SimulationError(
                f"the module {module} cannot be imported: {type(failed).__name__}: {failed}",
                where=f"{module}:{gym_id}",
                remedy="Install it, or start headstart where Python finds it.",
            ) from failed
    for package, (ids, install) in HOMES.items():
        if re.fullmatch(ids, gym_id) and gym_id not in known_ids():
            try:
                importlib.import_module(package)
            except ImportError as missing:
                raise MachineError(
                    f"{gym_id} needs the package {package}: {missing}", remedy=f"Install it:  {install}"
                ) from missing
    _tame_mujoco(gym_id)


def _tame_mujoco(gym_id: str) -> None:
    """Let MuJoCo draw without a screen, and write no MUJOCO_LOG.TXT into the folder where the user stands."""
    spec = gymnasium_itself().registry.get(gym_id)
    if spec is None or "mujoco" not in str(spec.entry_point):
        return
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        os.environ.setdefault("MUJOCO_GL", "egl")  # read when it is imported; its own choice needs a screen
    try:
        import mujoco
    except ImportError:
        return  # said by `make`, with the remedy
    mujoco.set_mju_user_warning(logging.getLogger("headstart.sim.mujoco").info)


def _unknown(gym_id: str) -> SimulationError:
    near = difflib.get_close_matches(gym_id, known_ids(), n=3, cutoff=0.6)
    return SimulationError(
        f"there is no environment '{gym_id}'",
        expected=f"perhaps {' or '.join(near)}" if near else "",
        remedy="Built-in pairs are pair:NAME/source; an environment of your own is module:ENV-v0.",
    )


def _lacking(gym_id: str, message: str) -> MachineError:
    spec = gymnasium_itself().registry.get(gym_id)
    path = str(spec.entry_point) if spec else ""
    install = next((line for word, line in EXTRAS.items() if word in path), INSTALL)
    return MachineError(f"{gym_id} needs a package: {message}", remedy=f"Install it:  {install}")


def _refused(gym_id: str, kwargs: dict[str, Any], error: TypeError) -> SimulationError:
    unknown = re.search(r"unexpected keyword argument '(\w+)'", str(error))
    found = f"it has no parameter '{unknown[1]}'" if unknown else f"it refuses its parameters: {error}"
    return SimulationError(found, where=gym_id, remedy=_hint(kwargs))


def _hint(kwargs: dict[str, Any]) -> str:
    return f"Given were {', '.join(f'{k}={v!r}' for k, v in kwargs.items())}." if kwargs else ""
