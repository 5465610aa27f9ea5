"""The store under kills at every durable system call, and under eight writers at once.

python benchmarks/bench_store.py        (Linux, needs strace)
"""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import machine_line

from headstart.store import Store

KILLED = Path(__file__).parents[1] / "tests" / "store" / "killed.py"
DEEDS = ("add", "create", "remove", "migrate")
CALLS = ("fsync", "fdatasync", "rename", "unlink", "mkdir", "rmdir", "write", "pwrite64", "ftruncate")
WRITERS, COMMITS = 8, 100


def kills(deed: str, call: str) -> dict[str, object]:
    """How many kills there were, and each promise that one of them broke."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, str(KILLED), place, deed, call]
        found: dict[str, object] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def write(root: Path, writer: int) -> None:
    """One writer's commits, each an object of its own."""
    store = Store(root, cache=root / "cache")
    for number in range(COMMITS):
        store.add({}, name=f"name-{number % 5}", kind="run", card={"writer": writer, "number": number})


def writers() -> tuple[int, int, float]:
    """Objects after all have written, writers that failed, seconds."""
    with tempfile.TemporaryDirectory() as place:
        root, began = Path(place) / "store", time.perf_counter()
        spawn = multiprocessing.get_context("spawn")
        started = [spawn.Process(target=write, args=(root, i)) for i in range(WRITERS)]
        for one in started:
            one.start()
        for one in started:
            one.join()
        failed = sum(one.exitcode != 0 for one in started)
        return len(Store(root).ls()), failed, time.perf_counter() - began


def main() -> None:
    """Print a line a deed, then one for the writers."""
    print(machine_line())
    for deed in DEEDS:
        found = {call: kills(deed, call) for call in CALLS}
        broken = {call: each["broken"] for call, each in found.items() if each["broken"]}
        steps = ", ".join(f"{call} {each['steps']}" for call, each in found.items())
        print(f"{deed}: killed at {steps}; broken promises: {broken or 'none'}", flush=True)
    objects, failed, seconds = writers()
    print(f"{WRITERS} writers x {COMMITS} commits: {objects} objects, {failed} failed, {seconds:.0f} s")


if __name__ == "__main__":
    main()
