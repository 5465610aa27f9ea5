"""Earlier runs: what they save on alike tasks, and whether they harm on unlike ones.

    python benchmarks/bench_prior.py [--sets flowers,trec] [--draws 3] [--summary]

Every data set is cut into two halves that share no row and no near duplicate. A store holds runs on the first
halves; the second half is the task. Said before anything was measured: *alike* is a store with a run
on the other half of the same data set among those on all others, *unlike* one with runs on the other data
sets alone (leave one data set out). The standing of the catalogue is replaced by the one on other data sets.

The clock is what each source costs to read, by its timed probe, so that a shared machine does not disturb;
decisions and probes are closed-form and not on it. After each source the combination of what was read so far
is scored on held-back rows (balanced accuracy). Reached means within half a point of the final score without
a store, and staying there; what never gets there counts with the time of all sources. Two clocks: *look* is
the product's own, which decides when all that it reads is read; *source by source* asks what would be known
if it decided after each (without earlier runs the cheapest first, as `fit` chooses under a time limit).

Also: opening a store of 10,000 runs and asking it, in seconds. Predictions are kept in
.bench/prior, and what follows from them piece by piece (`evidence.py`); both are resumed.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from evidence import Pieces, bench_folder
from harness import (
    DATA_SETS,
    FEATURES,
    SIDE,
    as_reading,
    draw_rows,
    machine_line,
    open_task,
    read,
)
from pydantic import TypeAdapter

from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.kinds import Kind, Modality
from headstart.core.memory import Memory, SourceMemory, Traits
from headstart.core.source import SourceCard
from headstart.core.standing import Standing
from headstart.core.task import Task
from headstart.core.watch import Silent
from headstart.data import select
from headstart.recipes.looking import shared_folds
from headstart.recipes.settings import FitSettings
from headstart.sources import at_hand, cost
from headstart.store import ObjectKind, Store
from headstart.training.blas import one_blas_thread
from headstart.what.experience import MOST_RUNS, NOTHING, Experience, alike
from headstart.what.probes import Looked, probe_all
from headstart.what.traits import traits
from headstart.when.combination import final_weights
from headstart.when.controls import controls
from headstart.when.pool import Pool
from headstart.when.shares import own_shares

PER_CLASS = (20, 10, 50, 5)
STORED_PER_CLASS = (20, 50)
MOST_TEST_ROWS = 500
WITHIN = 0.005
OBJECTS, BATCH = 10_000, 500
MEMORY = TypeAdapter(Memory)
Features = dict[str, dict[str, np.ndarray]]  # by source, then by tap
Stored = dict[str, list[tuple[str, str, Memory]]]  # by data set: a run's id, its hash, what it remembers


@cache
def cards(modality: Modality) -> dict[str, SourceCard]:
    """The sources at hand, by id."""
    return {source.card.id: source.card for source in at_hand(modality, licence="any")}


@cache
def opened(name: str) -> tuple[Task, Features, np.ndarray]:
    """A data set, its features by source, and which half [n] (0 or 1) each row is in."""
    task = open_task(name)
    features = {}
    for source in at_hand(task.modality, licence="any"):
        path = bench_folder(FEATURES) / f"{name}-{source.card.id.replace(':', '-').replace('/', '-')}.npz"
        features[source.card.id] = read(None if path.exists() else source.load(), task, path)
    half = np.random.default_rng(11).integers(0, 2, int(task.groups.max()) + 1)[task.groups]
    return task, features, half


def evidence_of(
    name: str, half: int, per_class: int, draw: int, *, judged: bool
) -> dict[str, np.ndarray] | None:
    """Out-of-fold predictions of one draw, and, where it is `judged`, those for the rows that are left."""
    path = bench_folder("prior") / f"{name}-{half}-{per_class}-{draw}.npz"
    if not path.exists():
        task, features, halves = opened(name)
        mine = np.flatnonzero(halves == half)
        drawn = draw_rows(select(task, mine), per_class, draw)
        if drawn is None:
            return None
        train, rest = mine[drawn[0]], mine[drawn[1]][:MOST_TEST_ROWS]
        made = measured(select(task, train), select(task, rest), features, train, rest, judged)
        np.savez(path, allow_pickle=False, **made)
    with np.load(path) as file:
        return {key: file[key] for key in file.files}


def measured(
    task: Task, test: Task, features: Features, train: np.ndarray, rest: np.ndarray, judged: bool
) -> dict[str, np.ndarray]:
    """Predictions of every candidate: out of fold [m, n, k], and for the test rows [m, rest, k]."""
    folds = shared_folds(task, FitSettings(data="x"))
    plain = controls(task, folds, Silent())
    evidence = [control.evidence for control in plain]
    tested = [c.predictor.predict(test.inputs) for c in plain] if judged else []
    for name, taps in features.items():
        for probe in probe_all(Looked(as_reading(name, taps, train, task.modality), task, folds)):
            evidence.append(probe.evidence)
            if judged:
                tested.append(probe.head.predict({tap: np.asarray(x[rest]) for tap, x in taps.items()}))
    whole = [place for place, one in enumerate(evidence) if one.is_whole]
    said = [asdict(evidence[place].candidate) for place in whole]
    return {
        "candidates": np.array(json.dumps(said)),
        "traits": np.array(json.dumps(asdict(traits(task)))),
        "fingerprint": np.array(task.fingerprint),
        "oof": np.stack([evidence[place].pooled for place in whole]).astype(np.float32),
        "truth": task.targets,
        "test": np.stack([tested[place] for place in whole]).astype(np.float32) if judged else np.zeros(0),
        "test_truth": test.targets if judged else np.zeros(0),
    }


def pool_of(
    piece: dict[str, np.ndarray], sources: Sequence[str], standing: dict[str, Standing]
) -> tuple[Pool, list[int]]:
    """The candidates on `sources` and the controls, and their places in the piece."""
    from headstart.core.candidate import Candidate, Parts

    said = [
        Candidate(**{**one, "parts": Parts(**one["parts"])}) for one in json.loads(str(piece["candidates"]))
    ]
    keep = [place for place, one in enumerate(said) if one.source is None or one.source in sources]
    n = len(piece["truth"])
    evidence = [Evidence(said[place], piece["oof"][place][None].astype(np.float64)) for place in keep]
    task = Task("", Modality.IMAGE, Kind.CLASSIFICATION, None, piece["truth"], (), np.arange(n), "", 0, "")  # type: ignore[arg-type]
    return Pool.of(evidence, task, Folds((np.arange(n) % 2)[None]), standing), keep


def memory_from(name: str, per_class: int) -> Memory | None:
    """What a run on the first half of a data set would leave in the store."""
    pieces, key = Pieces("prior", kind="memory"), f"{name}-{per_class}"
    if key not in pieces:
        piece = evidence_of(name, 0, per_class, 0, judged=False)
        if piece is None:
            return None
        described = TypeAdapter(Traits).validate_json(str(piece["traits"]))
        shares = own_shares(pool_of(piece, list(cards(described.modality)), {})[0])
        multiples = {source: round(share * len(shares), 4) for source, share in shares.items()}
        lines = {source: SourceMemory(many, 0.5, None, SIDE, 1.0) for source, many in multiples.items()}
        memory = Memory(str(piece["fingerprint"]), described, None, lines)
        pieces[key] = json.loads(MEMORY.dump_json(memory))
    return MEMORY.validate_python(pieces[key])


def memories(names: Sequence[str]) -> Stored:
    """By data set, the runs on its first half."""
    found = {}
    for name in names:
        runs = [(f"run-{name}-{per}@1", f"{name}{per}", memory_from(name, per)) for per in STORED_PER_CLASS]
        found[name] = [(run, sha256, memory) for run, sha256, memory in runs if memory is not None]
    return {name: runs for name, runs in found.items() if runs}


def standing_elsewhere(name: str, stored: Stored) -> dict[str, float]:
    """As the catalogue has it, measured on the other data sets of the kind, with one set's worth of doubt."""
    modality = stored[name][0][2].traits.modality
    others = [
        runs for other, runs in stored.items() if other != name and runs[0][2].traits.modality is modality
    ]
    return {
        source: (
            1.0
            + sum(float(np.mean([run.sources[source].share or 0.0 for *_, run in runs])) for runs in others)
        )
        / (1 + len(others))
        for source in cards(modality)
    }


def curve(piece: dict[str, np.ndarray], order: Sequence[str], standing: dict[str, float]) -> list[float]:
    """Balanced accuracy on the test rows after each source that was read."""
    known = {source: Standing(share, True) for source, share in standing.items()}
    scores = []
    for last in range(1, len(order) + 1):
        pool, keep = pool_of(piece, order[:last], known)
        mixed = np.einsum("m,mnk->nk", final_weights(pool), piece["test"][keep])
        right = mixed.argmax(1) == piece["test_truth"]
        scores.append(
            float(np.mean([right[piece["test_truth"] == c].mean() for c in np.unique(piece["test_truth"])]))
        )
    return scores


def judged(piece: dict[str, np.ndarray], base: dict[str, float], earlier: Experience) -> dict[str, Any]:
    """The order, its curve and clock, for one store."""
    described = TypeAdapter(Traits).validate_json(str(piece["traits"]))
    here = {s: replace(card, standing=base[s]) for s, card in cards(described.modality).items()}
    spent = {s: cost.predict(card, described.n, size_of(card)) for s, card in here.items()}
    skipped = earlier.passed_over(here.values(), spent)
    worth = {s: earlier.share(card) if earlier.runs else 1.0 for s, card in here.items()}
    order = sorted((s for s in here if s not in skipped), key=lambda s: spent[s] / worth[s])
    standing = {s: earlier.share(card) for s, card in here.items()}
    return {
        "score": curve(piece, order, standing),
        "clock": np.cumsum([spent[s] for s in order]).tolist(),
        "all_s": sum(spent.values()),
        "heard": len(earlier.runs),
        "skipped": len(skipped),
    }


def size_of(card: SourceCard) -> int:
    """The input size of the benchmarks."""
    if card.modality is Modality.IMAGE:
        return min(card.input_sizes, key=lambda side: abs(side - SIDE))
    return card.input_sizes[0]


def reached_s(line: dict[str, Any], goal: float) -> float:
    """When the score is within reach of `goal` for good."""
    below = [place for place, score in enumerate(line["score"]) if score < goal - WITHIN]
    first = below[-1] + 1 if below else 0
    clock: list[float] = line["clock"]
    return clock[first] if first < len(clock) else float(line["all_s"])


def compare_stores(names: Sequence[str], draws: int, *, measure: bool) -> Iterator[dict[str, Any]]:
    """One line for each draw: without, alike, unlike; missing ones are left out, or measured."""
    stored = memories(names)
    pieces = Pieces("prior", kind="line", stored=sorted(stored))
    for draw in range(draws):
        for per_class in PER_CLASS:
            for name in stored:
                key = f"{name}-1-{per_class}-{draw}"
                if measure and key not in pieces:
                    piece = evidence_of(name, 1, per_class, draw, judged=True)
                    about = {"set": name, "per_class": per_class, "draw": draw}
                    pieces[key] = about | line_of(name, piece, stored) if piece else None
                    print(name, per_class, draw, flush=True)
                if key in pieces and pieces[key] is not None:
                    yield pieces[key]
    print(pieces.origins())


def line_of(name: str, piece: dict[str, np.ndarray], stored: Stored) -> dict[str, Any]:
    """One draw without a store, with an alike one and an unlike one."""
    base = standing_elsewhere(name, stored)
    elsewhere = [run for other, runs in stored.items() if other != name for run in runs]
    described = TypeAdapter(Traits).validate_json(str(piece["traits"]))
    plain = judged(piece, base, NOTHING)
    goal = plain["score"][-1]
    line = {"goal": goal, "without_s": reached_s(plain, goal), "look_s": plain["all_s"]}
    for label, runs in (("alike", [*elsewhere, *stored[name]]), ("unlike", elsewhere)):
        heard = Experience(tuple(alike(described, runs)[:MOST_RUNS]))
        found = judged(piece, base, heard)
        is_reached = found["score"][-1] >= goal - WITHIN
        line |= {
            f"{label}_look_s": found["clock"][-1] if is_reached else plain["all_s"],
            f"{label}_s": reached_s(found, goal),
            f"{label}_gain": found["score"][-1] - goal,
            f"{label}_heard": found["heard"],
            f"{label}_all": found["clock"][-1] / plain["all_s"],
            f"{label}_is_reached": is_reached,
        }
    return line


def summary(lines: Sequence[dict[str, Any]]) -> None:
    """Tables by kind of store, size and data set."""
    for is_text in (False, True):
        some = [line for line in lines if DATA_SETS[str(line["set"])].is_text == is_text]
        if not some:
            continue
        print(
            "texts" if is_text else "images",
            len(some),
            "draws of",
            len({line["set"] for line in some}),
            "sets",
        )
        for label in ("alike", "unlike"):
            for per in (*sorted(PER_CLASS), None):
                mine = [line for line in some if per is None or line["per_class"] == per]
                if mine:
                    print(f"  {label:7} {per or 'all':>4}  {said(mine, label)}")
            for name in dict.fromkeys(line["set"] for line in some):
                print(
                    f"  {label:7} {name!s:14} {said([line for line in some if line['set'] == name], label)}"
                )


def said(lines: Sequence[dict[str, Any]], label: str) -> str:
    """Time and score with a store against without."""
    table = {key: np.array([float(line[key]) for line in lines]) for key in lines[0] if key not in ("set",)}
    ratio, look = table["without_s"] / table[f"{label}_s"], table["look_s"] / table[f"{label}_look_s"]
    gain = 100 * table[f"{label}_gain"]
    by_set = [
        np.mean([g for g, line in zip(gain, lines, strict=True) if line["set"] == s])
        for s in {line["set"] for line in lines}
    ]
    spread = float(np.std(by_set, ddof=1) / np.sqrt(len(by_set))) if len(by_set) > 1 else float("nan")
    reached = 100 * table[f"{label}_is_reached"].mean()
    return (
        f"look {np.exp(np.log(look).mean()):.2f} x (median {np.median(look):.2f}) shorter, source by source "
        f"{np.exp(np.log(ratio).mean()):.2f} x (median {np.median(ratio):.2f}); reached "
        f"{reached:.0f} %; final {gain.mean():+.2f} +- {1.64 * spread:.2f} points "
        f"(worst {gain.min():+.1f}); reads {100 * table[f'{label}_all'].mean():.0f} % of the look; "
        f"heard {table[f'{label}_heard'].mean():.1f} runs; n {len(lines)}"
    )


def ten_thousand(stored: Stored) -> None:
    """Seconds to open a store of 10,000 runs and to ask it for a prior."""
    from headstart.recipes.remembering import memories as kept

    some = [memory for runs in stored.values() for *_, memory in runs]
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        store.add({}, name="first", kind=ObjectKind.TASK, card={})
        fill(store, some)
        for _ in range(3):
            began = time.perf_counter()
            fresh = Store(Path(folder))
            heard = Experience(tuple(alike(some[0].traits, kept(fresh))[:MOST_RUNS]))
            order = heard.order(cards(some[0].traits.modality).values())
            took_s = time.perf_counter() - began
            print(f"{OBJECTS} runs: opened and asked in {took_s:.2f} s ({len(order)} sources in order)")


def fill(store: Store, some: Sequence[Memory]) -> None:
    """Rows of many runs at once: what `add` writes, without a disk's patience for each."""
    from headstart.store import Parent, StoredFile, StoredObject, rows
    from headstart.store.objects import content_hash

    rng = np.random.default_rng(0)
    with store.database.writing() as session:
        session.execute("INSERT INTO names (name, last_version) VALUES ('run', ?)", (OBJECTS,))
        for number in range(1, OBJECTS + 1):
            memory = some[number % len(some)]
            near = replace(
                memory.traits, sketch=tuple((np.array(memory.traits.sketch) * rng.normal(1, 0.02)).tolist())
            )
            card = {
                "memory": json.loads(MEMORY.dump_json(replace(memory, traits=near, fingerprint=str(number))))
            }
            files = tuple(StoredFile(f"file-{k}", f"{number * 16 + k:064x}", 1) for k in range(12))
            parents = tuple(Parent(f"{number * 16 + k:064x}", "source") for k in range(7))
            digest = content_hash(ObjectKind.RUN, files, card, parents)
            rows.insert(
                session, StoredObject("run", number, ObjectKind.RUN, digest, files, card, parents, "2026")
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", default=",".join(DATA_SETS))
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--summary", action="store_true", help="only what is there already")
    asked = parser.parse_args()
    chosen = asked.sets.split(",")
    print(machine_line())
    with one_blas_thread():
        summary(list(compare_stores(chosen, asked.draws, measure=not asked.summary)))
        ten_thousand(memories(chosen))
