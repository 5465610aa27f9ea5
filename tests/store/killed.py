"""Kill a process before each durable step of a deed in turn, and look at the store that it leaves.

A step is a call that writes, syncs, renames, makes or removes a file, and each statement of the database.
Run as a program with a place and the name of a deed, it prints what it found as JSON.
"""

import json
import os
import shutil
import signal
import sqlite3
import sys
from pathlib import Path

from headstart.store import Store, schema

CALLS = ("fsync", "replace", "unlink", "mkdir", "rmdir")
STEP = ("ALTER TABLE objects ADD COLUMN licence TEXT", "CREATE INDEX by_licence ON objects (licence)")


def add(store, place, acknowledge):
    acknowledge("+" + store.add(place / "new", name="new", kind="model", parents=["old@1"]).id)


def remove(store, place, acknowledge):
    acknowledge("-" + store.rm("old@2").id)
    store.gc()


def migrate(store, place, acknowledge):
    schema.MIGRATIONS = (*schema.MIGRATIONS, STEP)
    acknowledge("+" + store.get("old@2").id)


DEEDS = {deed.__name__: deed for deed in (add, remove, migrate)}


def die_before(step):
    """From now on count steps, and be killed before number `step`."""
    left = step

    def count(*_):
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(call):
        def counting(*given, **named):
            count()
            return call(*given, **named)

        return counting

    for name in CALLS:
        setattr(os, name, counted(getattr(os, name)))
    connect = sqlite3.connect

    def watched(*given, **named):
        session = connect(*given, **named)
        session.set_trace_callback(count)
        return session

    sqlite3.connect = watched


def base(place):
    """A store with two objects that share a content, and a folder that shares one with them."""
    for name, texts in {"one": "ab", "two": "ac", "new": "ad"}.items():
        (place / name).mkdir()
        for text in texts:
            (place / name / text).write_text(text)
    store = Store(place / "base", cache=place / "cache")
    store.add(place / "one", name="old", kind="source")
    store.add(place / "two", name="old", kind="source")


def killed(place, deed, step):
    """Do the deed on a copy of the base, killed before `step`; whether it was, and what is wrong."""
    root, said = place / "store", place / "said"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(place / "base", root)
    said.write_text("")
    child = os.fork()
    if not child:
        with said.open("a") as told:

            def acknowledge(what):
                told.write(what + "\n")
                told.flush()

            die_before(step)
            DEEDS[deed](Store(root, cache=place / "cache"), place, acknowledge)
            os._exit(0)
    _, status = os.waitpid(child, 0)
    was_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if not was_killed and status:
        return False, [f"ended with {status}"]
    return was_killed, wrong(Store(root, cache=place / "cache"), deed, said.read_text().split())


def wrong(store, deed, acknowledged):
    """Every promise that the store breaks."""
    known = schema.MIGRATIONS
    if deed == "migrate":
        schema.MIGRATIONS = (*known, STEP)
    ids = {each.id for each in store.ls()}
    broken = [f"{each.what}: {each.found}" for each in store.verify().damaged]
    broken += [f"{one} is lost" for one in acknowledged if one[0] == "+" and one[1:] not in ids]
    broken += [f"{one} is back" for one in acknowledged if one[0] == "-" and one[1:] in ids]
    if not {"old@1"} <= ids <= {"old@1", "old@2", "new@1"}:
        broken.append(f"there are {sorted(ids)}")
    store.gc()
    held = {file.sha256 for each in store.ls() for file in each.files}
    there = {path.parent.name + path.name for path in store.layout.blobs.glob("*/*")}
    if there != held:
        broken.append(f"{len(there - held)} orphans stay, {len(held - there)} contents are gone")
    if list(store.layout.unfinished.glob("*")):
        broken.append("temporary files stay")
    schema.MIGRATIONS = known
    return broken


def main(place, deed):
    base(place)
    steps, broken = 0, {}
    while True:
        was_killed, found = killed(place, deed, steps + 1)
        if found:
            broken[steps + 1] = found
        if not was_killed:
            break
        steps += 1
    print(json.dumps({"steps": steps, "broken": broken}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
