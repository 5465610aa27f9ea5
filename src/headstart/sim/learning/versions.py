"""The versions that decide what a policy does and how it was learned."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from headstart import __version__

LIBRARIES = ("torch", "numpy", "gymnasium", "mujoco", "stable-baselines3", "highway-env", "minigrid")


@cache
def versions() -> dict[str, str]:
    """Name to version of what is installed here."""
    found = {"headstart": __version__}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
