"""Untrusted weight files are opened only in a process of their own, with limits on memory, time and files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from headstart.core.errors import MachineError, SourceError

TIMEOUT_S = 300
MEMORY_FACTOR = 8  # a checkpoint, its copy and its safetensors form, several times over
MEMORY_FLOOR_BYTES = 8 << 30  # address space, not memory: importing torch alone maps several GB


def limit(memory_bytes: int, output_bytes: int) -> None:
    """Set this process's limits (where the system has them) before it opens anything."""
    try:
        import resource
    except ImportError:  # Windows: the time limit remains
        return
    for what, most in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_FSIZE, output_bytes)):
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, hard))


def to_safetensors(source: Path, target: Path, *, where: str) -> None:
    """Write the tensors of `source` (.pth .pt .bin .onnx) to `target` as safetensors.

    Raises:
        SourceError: the file is damaged, or needs code to be read (pickled objects).
        MachineError: no space.
    """
    size = source.stat().st_size
    program = (
        "import sys; from pathlib import Path; from headstart.sources import quarantine, unpack; "
        f"quarantine.limit({max(MEMORY_FACTOR * size, MEMORY_FLOOR_BYTES)}, {2 * size + (1 << 24)}); "
        "sys.exit(unpack.main(Path(sys.argv[1]), Path(sys.argv[2])))"
    )
    command = [sys.executable, "-I", "-c", program, str(source), str(target)]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired as late:
        raise SourceError(
            f"could not be unpacked within {TIMEOUT_S} s",
            where=where,
            remedy="Use weights as .safetensors; they need no unpacking.",
        ) from late
    if done.returncode == 0 and target.is_file():
        return
    target.unlink(missing_ok=True)
    reason = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "")
    if "No space left" in done.stderr:
        raise MachineError(
            "no space left while unpacking weights",
            where=where,
            remedy="Free some space, or let HEADSTART_HOME name a folder on another disk.",
        )
    raise SourceError(
        refusal(reason, done.returncode), where=where, expected="tensors, and nothing else", remedy=REMEDY
    )


REMEDY = "It was opened in a process of its own and none of it was used. Ask its author for safetensors."


def refusal(reason: str, status: int) -> str:
    """In words, why the process gave up."""
    if "weights_only" in reason.lower() or "unpickling" in reason.lower():
        return "holds pickled code or objects, or is damaged"
    return f"cannot be read as weights ({reason or f'the process ended with status {status}'})"
