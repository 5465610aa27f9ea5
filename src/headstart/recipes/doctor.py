"""Look at this machine: what is there, what is missing, and what to do about it."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from headstart.core import places
from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.recipes.sizes import show_bytes
from headstart.recipes.store_health import store_health
from headstart.recipes.timings import timings

PACKAGES = ("torch", "torchvision", "timm", "transformers", "peft", "scikit-learn", "onnxruntime", "pillow")
LITTLE_MEMORY_BYTES = 2 * 10**9  # a look through a ViT-S and its features take about 1 GB
LITTLE_SPACE_BYTES = 2 * 10**9  # the starter sources take 0.5 GB, a run's features up to as much again
LARGE_CACHE_BYTES = 20 * 10**9  # the cap named in the documentation

_GRAVITY = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def doctor() -> list[Finding]:
    """Everything there is to say about this machine, the gravest first; never raises."""
    examinations: tuple[Callable[[], Finding], ...] = (
        versions,
        devices,
        memory,
        space,
        cache,
        sources,
        timings,
        store_health,
    )
    findings = [examination() for examination in examinations]
    return sorted(findings, key=lambda finding: _GRAVITY.index(finding.severity))


def _info(code: str, title: str, detail: str, where: tuple[str, ...] = ()) -> Finding:
    return Finding(code, Severity.INFO, title, detail, where, remedy="")


def versions() -> Finding:
    """HS-M01: headstart, Python and the packages that do the work."""
    found, missing = [f"Python {platform.python_version()}"], []
    for package in PACKAGES:
        try:
            found.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            missing.append(package)
    detail = f"headstart {metadata.version('headstart')}, " + ", ".join(found)
    if not missing:
        return _info("HS-M01", "Versions", detail)
    return Finding(
        "HS-M01",
        Severity.ERROR,
        "Packages are missing",
        f"{', '.join(missing)} cannot be found; there are {detail}",
        (),
        remedy=f"pip install {' '.join(missing)}",
    )


def devices() -> Finding:
    """HS-M02: processors and accelerators that torch can use."""
    threads = f"{_usable_cpus()} processor threads ({platform.machine()})"
    try:
        import torch
    except (ImportError, OSError) as error:
        return Finding(
            "HS-M02",
            Severity.ERROR,
            "torch cannot be loaded",
            f"{threads}; importing torch fails: {error}",
            (),
            remedy="pip install --force-reinstall torch",
        )
    accelerators = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        accelerators.append("Apple GPU (mps)")
    return _info("HS-M02", "Devices", f"{threads}; {', '.join(accelerators) or 'no accelerator'}")


def _usable_cpus() -> int:
    """Processors this process may run on: fewer than the machine has, inside a container."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory() -> Finding:
    """HS-M03: memory, total and free."""
    import psutil

    now = psutil.virtual_memory()
    detail = f"{show_bytes(now.available)} free of {show_bytes(now.total)}"
    if now.available >= LITTLE_MEMORY_BYTES:
        return _info("HS-M03", "Memory", detail)
    return Finding(
        "HS-M03",
        Severity.WARNING,
        "Little memory is free",
        detail,
        (),
        remedy="Close other programs, or give fit a --memory limit and --preset fast.",
    )


def space() -> Finding:
    """HS-M04: whether the home can be written to, and how much space it has."""
    home = places.home()
    held_by = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(held_by).free
    detail = f"{show_bytes(free)} free"
    if not os.access(held_by, os.W_OK):
        return Finding(
            "HS-M04",
            Severity.ERROR,
            "The home folder cannot be written to",
            f"sources and features could not be kept ({detail})",
            (str(home),),
            remedy="Set HEADSTART_HOME to a folder of yours.",
        )
    if free < LITTLE_SPACE_BYTES:
        return Finding(
            "HS-M04",
            Severity.WARNING,
            "Little space is left",
            detail,
            (str(home),),
            remedy="Free some space, or set HEADSTART_HOME to another disk.",
        )
    return _info("HS-M04", "Space", detail, (str(home),))


def cache() -> Finding:
    """HS-M05: how large the cache has grown."""
    folder = places.cache()
    size = sum(_size(path) for path in folder.rglob("*")) if folder.is_dir() else 0
    if size <= LARGE_CACHE_BYTES:
        return _info("HS-M05", "Cache", f"{show_bytes(size)} used", (str(folder),))
    return Finding(
        "HS-M05",
        Severity.WARNING,
        "The cache is large",
        f"{show_bytes(size)} used",
        (str(folder),),
        remedy=f"It is safe to delete: everything in {folder} is fetched or computed again when needed.",
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() and not path.is_symlink() else 0
    except OSError:
        return 0  # removed by another process while we counted


def sources() -> Finding:
    """HS-M06: which sources are at hand without a download."""
    from headstart.sources import at_hand

    cards = [source.card for source in at_hand(licence="any")]
    here = [card.id for card in cards if card.download_bytes == 0]
    away = sum(card.download_bytes for card in cards)
    detail = f"{len(here)} of {len(cards)} starter sources are in the cache"
    if here or not cards:
        return _info("HS-M06", "Sources", f"{detail}: {', '.join(here)}" if here else detail)
    return Finding(
        "HS-M06",
        Severity.WARNING,
        "No source is at hand",
        f"{detail}; a run fetches those it needs ({show_bytes(away)} for all), which takes network",
        (),
        remedy="headstart fetch",
    )
