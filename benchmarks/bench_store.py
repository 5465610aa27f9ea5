"""The store under kills at every durable system call, and under eight writers at once.

python benchmarks/bench_store.py        (Linux, needs strace)
"""

from __future__ import annotations

import importlib.util
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import machine_line

from headstart.store import Store, driver

KILLED = Path(__file__).parents[1] / "tests" / "store" / "killed.py"
DEEDS = ("add", "finish", "promote", "create", "take_in", "remove", "migrate", "convert")
CALLS = (
    "fsync",
    "fdatasync",
    "rename",
    "unlink",
    "unlinkat",
    "mkdir",
    "rmdir",
    "write",
    "pwrite64",
    "ftruncate",
)
DRIVERS = ("sqlite3", "pysqlite3.dbapi2")
WRITERS, COMMITS = 8, 100


def kills(deed: str, module: str, call: str) -> dict[str, object]:
    """How many kills there were, and each promise that one of them broke."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, str(KILLED), place, deed, module, call]
        found: dict[str, object] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def write(root: Path, module: str, writer: int) -> None:
    """One writer's commits, each an object of its own."""
    driver.sqlite = importlib.import_module(module)
    store = Store(root, cache=root / "cache")
    for number in range(COMMITS):
        store.add({}, name=f"name-{number % 5}", kind="run", card={"writer": writer, "number": number})


def writers(modules: list[str]) -> tuple[int, int, float]:
    """Objects after all have written, each with one of `modules`; writers that failed, seconds."""
    with tempfile.TemporaryDirectory() as place:
        root, began = Path(place) / "store", time.perf_counter()
        spawn = multiprocessing.get_context("spawn")
        started = [
            spawn.Process(target=write, args=(root, modules[i % len(modules)], i)) for i in range(WRITERS)
        ]
        for one in started:
            one.start()
        for one in started:
            one.join()
        failed = sum(one.exitcode != 0 for one in started)
        return len(Store(root).ls()), failed, time.perf_counter() - began


def main() -> None:
    """Print a line a deed and SQLite, then one for the writers."""
    print(machine_line())
    there = [module for module in DRIVERS if importlib.util.find_spec(module.partition(".")[0])]
    for module in there:
        for deed in DEEDS:
            found = {call: kills(deed, module, call) for call in CALLS}
            broken = {call: each["broken"] for call, each in found.items() if each["broken"]}
            steps = ", ".join(f"{call} {each['steps']}" for call, each in found.items() if each["steps"])
            print(f"{module}, {deed}: killed at {steps}; broken promises: {broken or 'none'}", flush=True)
    for modules in [[module] for module in there] + ([there] if len(there) > 1 else []):
        objects, failed, seconds = writers(modules)
        who = f"{WRITERS} writers x {COMMITS} commits, {' and '.join(modules)}"
        print(f"{who}: {objects} objects, {failed} failed, {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
