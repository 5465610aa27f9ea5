"""A source that was developed here, against no transfer and against the public sources, near and far.

    python benchmarks/bench_develop.py [--draws 5] [--seconds 150] [--pairs cells-mono,...]

For each pair a source is developed once on the source task, through the product, and kept in a store of the
benchmark's own. Then few labels of the target task are drawn again and again; the product's probes, controls,
combination and gate decide with the developed source alone, with the public sources alone, and with both,
and the rest of the target task says what was right (balanced accuracy). Nothing is tuned: this is what one
look knows. Pieces are kept (`evidence.py`) and resumed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from bench_verdict import PER_CLASS, balanced_accuracy
from evidence import Pieces, bench_folder
from harness import as_reading, draw_rows, in_memory, machine_line, open_task, read

from headstart.core.standing import Standing
from headstart.core.task import Task
from headstart.core.watch import Silent
from headstart.data import LoadOptions, load, select
from headstart.recipes.demo import prepare
from headstart.recipes.demo_develop import BY_TYPE
from headstart.recipes.develop import develop
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.looking import shared_folds
from headstart.recipes.settings import FitSettings
from headstart.recipes.stored_sources import StoredSource
from headstart.recipes.storing import open_store
from headstart.sources import at_hand
from headstart.training.blas import one_blas_thread
from headstart.what.probes import Looked, probe_all
from headstart.what.soundness import sight, standings
from headstart.when.controls import controls, kernels
from headstart.when.judge import compare
from headstart.when.verdict import verdict

Features = dict[str, dict[str, np.ndarray]]  # by source, then by tap


@dataclass(frozen=True)
class Pair:
    """A task to develop on, one to reuse the model for, and how far apart they are held to be."""

    source: Callable[[], Task]
    target: Callable[[], Task]
    is_near: bool


def cells(make: str) -> Callable[[], Task]:
    """Solar cells of one make."""

    def opened() -> Task:
        folder = prepare("cells-by-type", BY_TYPE, Silent())
        return load(folder / ("poly" if make == "poly" else "test"), LoadOptions(name=f"cells-{make}"))

    return opened


def classes_of(name: str, first: int, last: int) -> Callable[[], Task]:
    """A development set with only some of its classes."""

    def opened() -> Task:
        task = open_task(name)
        rows = np.flatnonzero((task.targets >= first) & (task.targets < last))
        some = select(task, rows)
        return replace(some, targets=some.targets - first, classes=task.classes[first:last])

    return opened


PAIRS = {
    "cells-mono": Pair(cells("poly"), cells("mono"), True),
    "cifar-halves": Pair(classes_of("cifar10", 0, 5), classes_of("cifar10", 5, 10), True),
    "signs-halves": Pair(classes_of("sign-digits", 0, 5), classes_of("sign-digits", 5, 10), True),
    "cells-digits": Pair(cells("poly"), lambda: open_task("mnist"), False),
    "cifar-tiles": Pair(classes_of("cifar10", 0, 5), lambda: open_task("magnetic-tile"), False),
    "signs-scenes": Pair(classes_of("sign-digits", 0, 5), lambda: open_task("scenes"), False),
}


def source_of(name: str, pair: Pair, seconds: float, folder: Path) -> StoredSource:
    """The source developed for a pair, the same one for all pairs with this source task."""
    kept_as = name.partition("-")[0]
    store = open_store(str(folder / "store"))
    held = [one for one in store.ls() if one.name == kept_as]
    if not held:
        settings = DevelopSettings(
            data=(kept_as,),
            name=kept_as,
            store=str(folder / "store"),
            out=str(folder / f"run-{kept_as}"),
            time_limit_s=seconds,
        )
        develop(settings, Silent(), task=pair.source())
        held = [store.get(kept_as)]
    return StoredSource(store, held[-1])


def features(name: str, pair: Pair, own: StoredSource, folder: Path) -> tuple[Task, Features]:
    """The target task, and its features through the developed and all public sources."""
    task = pair.target()
    found = {}
    for source in (own, *at_hand(task.modality, licence="any")):
        file = folder / f"{name}-{source.card.id.replace(':', '-').replace('/', '-')}.npz"
        found[source.card.id] = read(source.load(), task, file)
    return in_memory(task), found


def judged(task: Task, found: Features, own: str, per_class: int, draw: int) -> dict[str, object]:
    """What is handed back with each zoo of sources, on rows that nobody used."""
    rows = draw_rows(task, per_class, draw)
    if rows is None:
        return {}
    train, test = (select(task, part) for part in rows)
    folds = shared_folds(train, FitSettings(data="x"))
    plain = controls(train, folds, Silent())
    tested = {c.candidate.id: c.predictor.predict(test.inputs) for c in plain}
    readings, probes = {}, {}
    for source, taps in found.items():
        readings[source] = as_reading(source, taps, rows[0], task.modality)
        probes[source] = probe_all(Looked(readings[source], train, folds))
        some = {tap: np.asarray(x[rows[1]]) for tap, x in taps.items()}
        tested |= {p.candidate.id: p.head.predict(some) for p in probes[source]}
    known = standings(list(readings.values()), sight(list(readings.values()), kernels(plain)))
    measured = {s.card.id: s.card.standing for s in at_hand(task.modality, licence="any")}
    known |= {name: Standing(share, True) for name, share in measured.items() if share is not None}
    line: dict[str, object] = {"per_class": per_class, "draw": draw}
    for zoo, names in (
        ("own", [own]),
        ("public", [source for source in found if source != own]),
        ("both", list(found)),
    ):
        evidence = [*(c.evidence for c in plain), *(p.evidence for name in names for p in probes[name])]
        together = compare(evidence, train, folds, standing=known)
        said = verdict(together, train, distance=None, label_equivalents=None, looked_at_sources=1)
        ids = [c.id for c in together.pool.candidates]
        for what, weights in (("control", together.control_weights), (zoo, together.weights)):
            if what == zoo and not said.gate_passed:
                weights = together.control_weights
            mixed = sum(w * tested[n] for w, n in zip(weights, ids, strict=True) if w > 0)
            line[what] = balanced_accuracy(np.asarray(mixed), test)
    return line


def row(lines: list[dict[str, float]], a: str, b: str) -> str:
    """Mean difference in points with its 90 % interval over draws."""
    gaps = 100 * np.array([line[a] - line[b] for line in lines])
    spread = 1.645 * gaps.std(ddof=1) / np.sqrt(len(gaps)) if len(gaps) > 1 else float("nan")
    return f"{a} - {b} {gaps.mean():+.1f} +- {spread:.1f}"


def main() -> None:
    """Develop and judge what is missing, then sum up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=150.0)
    parser.add_argument("--pairs", default=",".join(PAIRS))
    options = parser.parse_args()
    folder, pieces = bench_folder("develop"), Pieces("develop", seconds=options.seconds)
    print(machine_line())
    for name in options.pairs.split(","):
        keys = {(per, draw): f"{name}-{per}-{draw}" for per in PER_CLASS for draw in range(options.draws)}
        missing = [asked for asked, key in keys.items() if key not in pieces]
        if missing or name not in pieces:
            own = source_of(name, PAIRS[name], options.seconds, folder)
            held = own.object.card.get("held_out") or {}
            pieces[name] = {"source": own.card.name, "held_out": held.get("score")}
        if missing:
            task, found = features(name, PAIRS[name], own, folder)
            for per, draw in missing:
                with one_blas_thread():
                    pieces[keys[per, draw]] = judged(task, found, own.card.id, per, draw)
        tell(name, pieces[name], [pieces[key] for key in keys.values()])
    print(pieces.origins())


def tell(name: str, developed: dict[str, Any], lines: list[dict[str, Any]]) -> None:
    """The table of one pair."""
    far = "near" if PAIRS[name].is_near else "far"
    print(f"\n{name} ({far}): {developed['source']}, held out {developed['held_out']}")
    for per in PER_CLASS:
        some = [line for line in lines if line and line["per_class"] == per]
        if some:
            mean = {
                zoo: np.mean([line[zoo] for line in some]) for zoo in ("control", "own", "public", "both")
            }
            scores = ", ".join(f"{zoo} {100 * score:.1f}" for zoo, score in mean.items())
            gaps = "; ".join(row(some, *two) for two in (("own", "control"), ("both", "public")))
            print(f"  {per:2d} a class, {len(some)} draws: {scores}; {gaps}")


if __name__ == "__main__":
    main()
