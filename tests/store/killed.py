"""Kill a process before each durable step of a deed in turn, and look at the store that it leaves.

A step is a call that syncs, renames, makes or removes a file, and each statement of the database. Given the
name of a system call, it is each such call of the process, the database's own among them (needs strace):

    python tests/store/killed.py PLACE DEED DRIVER [SYSTEM-CALL]

prints what it found as JSON: how many steps there were, and each promise that was broken at one of them.
DEED is one of `DEEDS`, DRIVER the module of the SQLite to use, ``sqlite3`` or ``pysqlite3.dbapi2``.
"""

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from headstart.store import Store, driver, journal, schema

CALLS = ("fsync", "replace", "unlink", "mkdir", "rmdir", "link")
STEP = ("ALTER TABLE objects ADD COLUMN licence TEXT", "CREATE INDEX by_licence ON objects (licence)")


def add(store, place, acknowledge):
    acknowledge("+" + store.add(place / "new", name="new", kind="model", parents=["old@1"]).id)


def finish(store, place, acknowledge):
    """A run with its model, as the recipes keep it: files by their place."""
    files = {"run.json": place / "new" / "a", "model/model.json": place / "new" / "d"}
    acknowledge("+" + store.add(files, name="new", kind="run", card={"score": 0.5}, parents=["old@2"]).id)


def promote(store, place, acknowledge):
    acknowledge("+" + store.promote("old@2", "new").id)


def take_in(store, place, acknowledge):
    for one in store.import_(place / "new.tar"):
        acknowledge("+" + one.id)


def convert(store, place, acknowledge):
    """Open a store that the other SQLite left, with the other journal."""
    acknowledge("+" + store.get("old@2").id)
    acknowledge("+" + store.add(place / "new", name="new", kind="model").id)


def create(store, place, acknowledge):
    acknowledge("+" + store.add(place / "new", name="new", kind="model").id)


def remove(store, place, acknowledge):
    acknowledge("-" + store.rm("old@2").id)
    store.gc()


def migrate(store, place, acknowledge):
    schema.MIGRATIONS = (*schema.MIGRATIONS, STEP)
    acknowledge("+" + store.get("old@2").id)


DEEDS = {deed.__name__: deed for deed in (add, finish, promote, create, take_in, remove, migrate, convert)}


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
    connect = driver.sqlite.connect

    def watched(*given, **named):
        session = connect(*given, **named)
        session.set_trace_callback(count)
        return session

    driver.sqlite.connect = watched


def base(place):
    """A store with two objects that share a content, and a folder that shares one with them."""
    for name, texts in {"one": "ab", "two": "ac", "new": "ad"}.items():
        (place / name).mkdir()
        for text in texts:
            (place / name / text).write_text(text)
    store = Store(place / "base", cache=place / "cache")
    store.add(place / "one", name="old", kind="source")
    store.add(place / "two", name="old", kind="source")
    other = Store(place / "other", cache=place / "cache")
    other.add(place / "new", name="new", kind="model")
    other.export("new", place / "new.tar")


def turn(root, mode):
    """Leave the store with the journal `mode`, as another SQLite would."""
    with closing(driver.sqlite.connect(root / "meta.db")) as session:
        session.execute(f"PRAGMA journal_mode = {mode}")


def killed(place, deed, step, call):
    """Do the deed on a copy of the base, killed before `step`; whether it was, and what is wrong."""
    root, said = place / "store", place / "said"
    shutil.rmtree(root, ignore_errors=True)
    if deed != "create":
        shutil.copytree(place / "base", root)
    if deed == "convert":
        turn(root, "DELETE" if journal.choose(root).mode == "WAL" else "WAL")
    said.write_text("")
    code = by_system_call(place, deed, step, call) if call else by_hook(place, deed, step)
    if code not in (0, -signal.SIGKILL):
        return False, [f"ended with {code}"]
    store = Store(root, cache=place / "cache")
    return code != 0, wrong(store, deed, said.read_text().split())


def by_hook(place, deed, step):
    child = os.fork()
    if not child:
        die_before(step)
        do(place, deed)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def by_system_call(place, deed, step, call):
    inject = f"inject={call}:signal=SIGKILL:when={step}"
    once = [sys.executable, "-B", __file__, str(place), deed, driver.sqlite.__name__, "--once"]
    quietly = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", os.devnull, "-e", inject]
    return subprocess.run([*quietly, *once]).returncode


def do(place, deed):
    """The deed, telling the file `said` what was acknowledged."""
    with (place / "said").open("a") as told:

        def acknowledge(what):
            told.write(what + "\n")
            told.flush()

        DEEDS[deed](Store(place / "store", cache=place / "cache"), place, acknowledge)


def wrong(store, deed, acknowledged):
    """Every promise that the store breaks."""
    known = schema.MIGRATIONS
    if deed == "migrate":
        schema.MIGRATIONS = (*known, STEP)
    ids = {each.id for each in store.ls()}
    broken = [f"{each.what}: {each.found}" for each in store.verify().damaged]
    broken += [f"{one} is lost" for one in acknowledged if one[0] == "+" and one[1:] not in ids]
    broken += [f"{one} is back" for one in acknowledged if one[0] == "-" and one[1:] in ids]
    sure = set() if deed == "create" else {"old@1"}
    if not sure <= ids <= sure | {"old@2", "new@1"}:
        broken.append(f"there are {sorted(ids)}")
    store.gc()
    held = {file.sha256 for each in store.ls() for file in each.files}
    there = {path.parent.name + path.name for path in store.layout.blobs.glob("*/*")}
    if there != held:
        broken.append(f"{len(there - held)} orphans stay, {len(held - there)} contents are gone")
    if list(store.layout.unfinished.glob("*")):
        broken.append("temporary files stay")
    logged = journal.choose(store.layout.root).mode == "WAL"
    if store.layout.database.exists() and journal.keeps_log(store.layout.database) is not logged:
        broken.append("the journal is another one")
    schema.MIGRATIONS = known
    return broken


def impatient():
    """Do not wait for the disk: a kill, unlike a power cut, loses nothing that the system was given."""
    choose = journal.choose
    journal.choose = lambda folder: replace(choose(folder), synchronous="OFF")
    os.fsync = lambda descriptor: None


def main(place, deed, call=None):
    """Every step of a deed, and what was broken there."""
    base(place)
    steps, broken = 0, {}
    while True:
        was_killed, found = killed(place, deed, steps + 1, call)
        if found:
            broken[steps + 1] = found
        if not was_killed:
            break
        steps += 1
    print(json.dumps({"steps": steps, "broken": broken}))


if __name__ == "__main__":
    driver.sqlite = importlib.import_module(sys.argv[3])
    if sys.argv[4:] == ["--once"]:
        do(Path(sys.argv[1]), sys.argv[2])
    else:
        impatient()
        main(Path(sys.argv[1]), sys.argv[2], *sys.argv[4:])
