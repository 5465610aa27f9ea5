"""Mirrored pictures: honest probes on them, for few sources, from the cache later, and not for texts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import pytest
import torch

from headstart.core.kinds import Modality
from headstart.core.source import SourceCard, Tap
from headstart.core.watch import Silent
from headstart.sources.feature_cache import FeatureCache
from headstart.training.kernel_ridge import gram
from headstart.training.probe import fit_kernel
from headstart.what.affordable import Machine
from headstart.what.look import look
from headstart.what.mirroring import MOST_FRAC, MOST_PER_CLASS, is_apt, mirrored, worth_a_second_view
from headstart.what.probes import Looked
from headstart.what.probes.linear import multi_tap
from headstart.what.probes.mirrored import multi_tap_mirrored
from headstart.when.limits import network_of
from headstart.when.stack import prior_weights
from tests import synthetic, tiny_networks

N = 48


class Eye:
    """Reads the pixels of 8-pixel pictures, whole and in halves; counts what it reads."""

    preprocessing: ClassVar[dict[str, str]] = {}
    taps = (Tap("halves", 0, 0.5, 6), Tap("last", 1, 1.0, 192))

    def __init__(self, name: str) -> None:
        self.card = SourceCard(name, name, Modality.IMAGE, "", 0, "", "MIT", True, 0, (8,), False, "")
        self.rows = 0

    def prepare(self, example: Any, size: int) -> np.ndarray:
        return np.asarray(example, dtype=np.float32)

    def preparation(self, size: int) -> tuple[str, int]:
        return ("eye", size)

    def padded(self, prepared: np.ndarray, size: int) -> int:
        return size

    def assemble(self, prepared: list[np.ndarray], *, flip: bool = False) -> np.ndarray:
        pixels = np.stack(prepared)
        return pixels[:, :, ::-1] if flip else pixels

    def to(self, device: str) -> Eye:
        return self

    def read(self, batch: np.ndarray) -> dict[str, torch.Tensor]:
        self.rows += len(batch)
        halves = batch.reshape(len(batch), 8, 2, 4, 3).mean((1, 3)).reshape(len(batch), 6)
        whole = batch.reshape(len(batch), -1)
        return {"halves": torch.from_numpy(halves.copy()), "last": torch.from_numpy(whole.copy())}


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A task of striped pictures, a look through six eyes of one price, and the machine."""
    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path))
    labels = synthetic.balanced(N, 2)
    pictures = tiny_networks.stripes([2 * label for label in labels])
    task = synthetic.task(labels, items=pictures, modality=Modality.IMAGE)
    task = replace(task, inputs=Named(pictures, Modality.IMAGE))
    folds = synthetic.folds(N, labels=labels)
    eyes = {f"file:eye-{i}": Eye(f"file:eye-{i}") for i in range(6)}
    readings = []
    for place, eye in enumerate(eyes.values()):
        noise = np.random.default_rng(place).normal(0, 40 * place, (N, 192)).astype(np.float32)
        plain = {tap: x.numpy() for tap, x in eye.read(np.stack([np.asarray(p) for p in pictures])).items()}
        taps = {"halves": plain["halves"].astype(np.float32), "last": plain["last"] + noise}
        eye.rows = 0
        read = synthetic.reading(taps, source=eye.card.id, size=8)
        readings.append(replace(read, card=eye.card, forward_s=1.0))
    found = look(task, readings, folds, Silent())
    return found, task, folds, eyes, Machine(FeatureCache(tmp_path / "features"))


class Named(synthetic.Held):
    """Pictures whose hashes tell them apart in every process."""

    @property
    def hashes(self) -> list[str]:
        return [f"{index:064x}" for index in range(len(self.items))]


def test_the_best_source_that_fits_into_a_fifth_is_probed_on_both_views(world):
    found, task, folds, eyes, machine = world
    seen = mirrored(found, task, folds, eyes, machine, Silent())
    (probe,) = seen.look.probes[len(found.probes) :]
    assert probe.candidate.source == found.ranking[0].source
    assert probe.candidate.settings["mirrored"] is True
    assert [eye.rows for eye in eyes.values() if eye.card.id == probe.candidate.source] == [N]
    assert sum(eye.rows for eye in eyes.values()) == N
    synthetic.evidence_is_sound(probe.evidence, task, folds)


def test_the_ranking_keeps_its_order_and_tells_the_seconds_of_both_passes(world):
    found, task, folds, eyes, machine = world
    ranking = mirrored(found, task, folds, eyes, machine, Silent()).look.ranking
    assert [line.source for line in ranking] == [line.source for line in found.ranking]
    assert [line.cost_s for line in ranking] == [2.0, 1.0, 1.0, 1.0, 1.0, 1.0]


def test_a_second_run_reads_the_mirrored_view_from_the_cache(world):
    found, task, folds, eyes, machine = world
    first = mirrored(found, task, folds, eyes, machine, Silent()).look.probes[-1]
    before = sum(eye.rows for eye in eyes.values())
    again = mirrored(found, task, folds, eyes, machine, Silent()).look.probes[-1]
    assert sum(eye.rows for eye in eyes.values()) == before == N
    np.testing.assert_array_equal(first.evidence.predictions, again.evidence.predictions)


def test_nothing_is_read_where_it_would_not_fit_into_the_time(world):
    found, task, folds, eyes, machine = world
    assert mirrored(found, task, folds, eyes, machine, Silent(), limit_s=0.5).look is found
    assert sum(eye.rows for eye in eyes.values()) == 0


def test_nothing_is_read_for_texts_or_for_somebody_who_stops(world):
    found, task, folds, eyes, machine = world
    texts = replace(task, modality=Modality.TEXT)
    assert mirrored(found, texts, folds, eyes, machine, Silent()).look is found

    class Stopped(Silent):
        stop_requested = True

    assert mirrored(found, task, folds, eyes, machine, Stopped()).look is found
    assert sum(eye.rows for eye in eyes.values()) == 0


def test_many_labels_need_no_mirror():
    few, many = (
        synthetic.task(synthetic.balanced(2 * n, 2), modality=Modality.IMAGE)
        for n in (MOST_PER_CLASS, MOST_PER_CLASS + 1)
    )
    assert is_apt(few)
    assert not is_apt(many)


def test_a_pass_that_is_cut_short_is_thrown_away(world):
    found, task, folds, eyes, machine = world

    class Impatient(Silent):
        asked = 0

        @property
        def stop_requested(self):
            self.asked += 1
            return self.asked > 1

    assert mirrored(found, task, folds, eyes, machine, Impatient()).look is found


def test_second_views_go_to_the_best_sources_as_far_as_the_time_goes(world):
    found, *_ = world
    best = [line.source for line in found.ranking]
    assert [r.card.id for r in worth_a_second_view(found, 2.5)] == best[:2]
    dear = [replace(r, forward_s=9.0) if r.card.id == best[0] else r for r in found.readings]
    total = sum(reading.forward_s for reading in dear)
    chosen = worth_a_second_view(replace(found, readings=tuple(dear)), MOST_FRAC * total)
    assert [r.card.id for r in chosen] == best[1:3]


def test_both_probes_of_a_source_are_one_network_and_share_what_uses_all_of_it(world):
    found, task, folds, eyes, machine = world
    candidates = [p.candidate for p in mirrored(found, task, folds, eyes, machine, Silent()).look.probes]
    twin = candidates[-1]
    (plain,) = [
        c for c in candidates[:-1] if c.source == twin.source and c.strategy == twin.strategy == "multi-tap"
    ]
    assert network_of(plain) == network_of(twin)
    assert plain.id != twin.id
    share = dict(zip([c.id for c in candidates], prior_weights(candidates, {}), strict=True))
    assert share[plain.id] == share[twin.id]


def test_a_mirror_image_never_helps_to_predict_its_picture():
    labels = np.random.default_rng(0).permutation(synthetic.balanced(60, 2))
    features = np.random.default_rng(1).normal(size=(60, 400)).astype(np.float32)  # tells rows, not classes
    taps = {"a": features[:, :200], "b": features[:, 200:]}
    reading, folds = synthetic.reading(taps), synthetic.folds(60, labels=labels)
    where = Looked(reading, synthetic.task(labels), folds, mirrored=taps)  # every picture is its own twin
    (probe,) = multi_tap_mirrored(where)
    assert (probe.evidence.pooled.argmax(1) == labels).mean() < 0.7
    inner = np.nanmean(probe.evidence.inner, axis=(0, 1))
    assert (inner.argmax(1) == labels).mean() < 0.7


def test_what_a_mirror_changes_misleads_a_probe_on_both_views_less():
    rng = np.random.default_rng(0)
    labels = synthetic.balanced(40, 2)
    kept = labels[:, None] * 0.8 + rng.normal(size=(40, 10))
    turned = rng.normal(size=(40, 200))  # changes its sign in a mirror, and says nothing about the class
    views = [np.hstack([kept, sign * turned]).astype(np.float32) for sign in (1, -1)]
    plain, other = ({"a": view[:, :100], "b": view[:, 100:]} for view in views)
    folds = synthetic.folds(40, labels=labels)
    where = Looked(synthetic.reading(plain), synthetic.task(labels), folds, mirrored=other)
    assert multi_tap_mirrored(where)[0].merit > multi_tap(where)[0].merit + 0.1


def test_two_equal_views_are_fitted_as_one_and_give_evidence_for_one():
    labels = synthetic.balanced(30, 3)
    task, folds = synthetic.task(labels), synthetic.folds(30, labels=labels)
    kernel = gram(synthetic.features(labels, signal=0.7))
    once, twice = fit_kernel(kernel, task, folds), fit_kernel(np.tile(kernel, (2, 2)), task, folds)
    assert once.dual.shape == (30, 3)
    assert twice.dual.shape == (60, 3)
    assert twice.outer.shape == once.outer.shape
    # two equal views are one view at half the penalty: nearly the same answers
    assert (once.outer.argmax(-1) == twice.outer.argmax(-1)).mean() > 0.9
