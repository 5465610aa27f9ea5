"""The store under power cuts: every block write and flush below ext4 is recorded, and cuts are replayed.

python benchmarks/bench_power.py        (Linux, root, /dev/fuse, a loop device, mkfs.ext4)

A cut leaves what was flushed; of the writes since the last flush nothing, or a random half of their sectors.
Each disk is mounted again, which replays ext4's journal, and the store on it is opened and verified.
"""

from __future__ import annotations

import mmap
import multiprocessing
import os
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from harness import machine_line
from recording_disk import NAME, SIZE_BYTES, Replay, serve

from headstart.store import Store, driver, journal

ADDITIONS, CUTS_BETWEEN, CONTROL_ADDITIONS = 100, 100, 30
Acknowledged = list[tuple[int, str]]  # how many events the disk had seen, and "+ID" or "-ID"


def run(*command: object) -> str:
    """Run a system command, and give what it prints."""
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout


@contextmanager
def recorded(place: Path) -> Iterator[tuple[Path, Path, Callable[[], int]]]:
    """A mounted ext4; its record; how many events its disk has seen."""
    shared = mmap.mmap(-1, mmap.PAGESIZE)
    below, root, record = place / "below", place / "disk", place / "record"
    below.mkdir(parents=True)
    root.mkdir()
    server = multiprocessing.get_context("fork").Process(target=serve, args=(below, record, shared))
    server.start()
    file = below / os.fsdecode(NAME)
    while not os.path.ismount(below):
        time.sleep(0.01)
    loop = run("losetup", "--find", "--show", file).strip()
    try:
        run("mkfs.ext4", "-q", "-b", 4096, "-J", "size=4", "-E", "nodiscard,lazy_itable_init=0", loop)
        run("mount", "-o", "noatime", loop, root)
        try:
            yield root, record, lambda: struct.unpack("<Q", shared[:8])[0]
        finally:
            run("umount", root)
    finally:
        run("losetup", "--detach", loop)
        run("umount", below)
        server.join(20)


def work(root: Path, seen: Callable[[], int], additions: int) -> Acknowledged:
    """Add, replace by newer versions, remove and collect; what was acknowledged when."""
    store, dice, said = Store(root / "store", cache=root / "cache"), random.Random(0), []
    for number in range(additions):
        with tempfile.TemporaryDirectory() as made:
            for part in range(3):
                Path(made, f"part-{part}").write_bytes(dice.randbytes(dice.choice((100, 5_000, 40_000))))
            added = store.add(Path(made), name=f"name-{number % 7}", kind="run", card={"number": number})
        said.append((seen(), f"+{added.id}"))
        if number % 5 == 4:
            gone = store.rm(added.id)
            said.append((seen(), f"-{gone.id}"))
        if number % 10 == 9:
            store.gc()
    return said


def broken(disk: bytearray, place: Path, sure: set[str], gone: set[str]) -> list[str]:
    """Mount a disk as a cut left it; every promise that its store breaks."""
    image, root = place / "image", place / "again"
    image.write_bytes(disk)
    root.mkdir(exist_ok=True)
    run("mount", "-o", "loop", image, root)
    try:
        store = Store(root / "store", cache=place / "cache")
        ids = {one.id for one in store.ls()}
        wrong = [f"{damage.what} of {damage.objects}" for damage in store.verify().damaged]
        wrong += [f"{one} is lost" for one in sorted(sure - ids)]
        return wrong + [f"{one} is back" for one in sorted(gone & ids)]
    except Exception as error:
        return [str(error)]
    finally:
        run("umount", root)


def cut(record: Path, place: Path, said: Acknowledged, between: int) -> dict[str, tuple[int, int]]:
    """Cuts right after each acknowledgement, and anywhere; of each sort their number and how many broke."""
    replay, dice = Replay(record), random.Random(1)
    first, last = said[0][0], len(replay.events)
    at = sorted([(when, "acknowledged") for when, _ in said if when] + anywhere(dice, first, last, between))
    found: dict[str, tuple[int, int]] = {}
    for when, sort in at:
        done = [what for seen, what in said if seen <= when]
        gone = {what[1:] for what in done if what[0] == "-"}
        soon = {what[1:] for seen, what in said if seen > when and what[0] == "-"}  # perhaps on its way
        sure = {what[1:] for what in done if what[0] == "+"} - gone - soon
        for kept in (None, random.Random(when)):
            wrong = broken(replay.after(when, kept), place, sure, gone)
            name = f"{sort}, {'half of the sectors' if kept else 'nothing'} since the last flush"
            cuts, harmed = found.get(name, (0, 0))
            found[name] = cuts + 1, harmed + bool(wrong)
            if wrong and not harmed:
                print(f"    first at event {when}: {'; '.join(wrong)[:200]}", flush=True)
    return found


def anywhere(dice: random.Random, first: int, last: int, count: int) -> list[tuple[int, str]]:
    return [(dice.randrange(first, last), "anywhere") for _ in range(count)]


def trial(title: str, additions: int, between: int) -> None:
    """Record one piece of work, cut it, print what broke."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        with recorded(place) as (root, record, seen):
            said = work(root, seen, additions)
        for sort, (cuts, harmed) in cut(record, place, said, between).items():
            print(f"{title}: {cuts} cuts {sort}: {harmed} broke a promise", flush=True)


def drivers() -> list[ModuleType]:
    """Python's own SQLite, and a newer one where it is installed."""
    both = [sqlite3]
    if driver.best(sqlite3) is not sqlite3:
        both.append(driver.best(sqlite3))
    return both


def careless() -> None:
    """Never wait for the disk: what a store would be without its care, so that cuts are seen to cut."""
    choose = journal.choose
    journal.choose = lambda folder: replace(choose(folder), synchronous="OFF")
    os.fsync = lambda fd: None


def main() -> None:
    """Print a line a journal and a sort of cut, then the control."""
    if sys.platform != "linux" or os.geteuid() or not shutil.which("mkfs.ext4"):
        sys.exit("needs Linux, root, /dev/fuse, a loop device and mkfs.ext4")
    print(f"{machine_line()}; ext4 of {SIZE_BYTES >> 20} MiB on a recorded loop device")
    for module in drivers():
        driver.sqlite = module
        trial(f"{driver.name()}, journal {journal.choose(Path()).mode}", ADDITIONS, CUTS_BETWEEN)
    careless()
    trial("the control, which never waits for the disk", CONTROL_ADDITIONS, 0)


if __name__ == "__main__":
    main()
