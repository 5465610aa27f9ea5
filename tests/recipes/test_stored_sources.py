"""Sources of the knowledge store stand beside the public ones, unless they know the answers."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
import torch

from headstart.core.errors import NothingYet, SourceError, StoreError
from headstart.core.kinds import Kind, Modality
from headstart.core.watch import Silent
from headstart.data import seen_rows
from headstart.how.fold_model import FoldModel
from headstart.how.predictor import TunedNetwork
from headstart.recipes import sources_at_hand
from headstart.recipes.opening import Opened
from headstart.recipes.settings import FitSettings
from headstart.recipes.sources_at_hand import chosen, loaded
from headstart.recipes.storing import add, open_store
from headstart.serve import AdaptedModel, Signature, WeightedMember
from headstart.serve.folder import write
from headstart.sources.portable import pack
from headstart.sources.scratch import scratch_network
from headstart.store import ObjectKind
from headstart.when.controls.majority import Majority
from tests import synthetic
from tests.tiny_networks import stripes


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home of its own, and no public source at hand."""
    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sources_at_hand, "at_hand", lambda *_, **__: ())


@pytest.fixture
def data():
    labels = [0, 1] * 6
    return Opened(synthetic.task(labels, items=stripes(labels), modality=Modality.IMAGE))


def keep(tmp_path, data, *, method="supervised", rows=None, name="tiles"):
    """A developed source in the store, that learned from these examples (all of them)."""
    network = scratch_network(1)
    folder = tmp_path / f"packed-{method}-{name}"
    pack(network, folder)
    seen_rows.write(
        seen_rows.seen_rows(data.task.inputs) if rows is None else np.array(rows, np.uint64),
        folder / seen_rows.FILE,
    )
    card = {"source": asdict(network.card), "method": method}
    return open_store().add(folder, name=name, kind=ObjectKind.SOURCE, card=card)


def settings(**given):
    return FitSettings(data="x", threads=1, **given)


def test_a_developed_source_is_at_hand_in_every_run_and_loads(tmp_path, data):
    kept = keep(tmp_path, data, rows=[1])
    shelf = loaded(settings(), data, Silent())
    assert list(shelf.networks) == ["store:tiles@1"]
    assert shelf.parents == (kept.sha256,)
    assert shelf.findings == ()
    assert chosen(settings(), Modality.TEXT).sources == ()


def test_a_stop_while_sources_come_is_obeyed_at_once(tmp_path, data):
    class Stopped(Silent):
        stop_requested = True

    keep(tmp_path, data, rows=[1])
    with pytest.raises(NothingYet, match="stopped before the sources were there"):
        loaded(settings(), data, Stopped())


def test_only_the_newest_version_is_at_hand_and_an_older_one_by_its_number(tmp_path, data):
    keep(tmp_path, data, rows=[1])
    keep(tmp_path, data, rows=[1, 2], method="supervised ")
    assert [s.card.id for s in chosen(settings(), Modality.IMAGE).sources] == ["store:tiles@2"]
    named = chosen(settings(source=("store:tiles@1",)), Modality.IMAGE).sources
    assert [s.card.id for s in named] == ["store:tiles@1"]
    assert chosen(settings(exclude=("store:tiles",)), Modality.IMAGE).sources == ()


def test_a_source_that_knows_the_answers_is_left_out_with_a_finding(tmp_path, data):
    keep(tmp_path, data)
    shelf = loaded(settings(), data, Silent())
    assert shelf.networks == {}
    (finding,) = shelf.findings
    assert (finding.code, finding.where) == ("HS-S03", ("store:tiles@1",))
    assert "12 of the 12" in finding.detail


def test_one_that_saw_the_examples_without_labels_stays(tmp_path, data):
    keep(tmp_path, data, method="self-supervised")
    assert list(loaded(settings(), data, Silent()).networks) == ["store:tiles@1"]


def test_a_store_that_cannot_be_opened_is_a_finding_unless_it_is_asked_for(tmp_path, data):
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / "meta.db").write_bytes(b"this is no database, and never was one" * 40)
    shelf = loaded(settings(store=str(folder)), data, Silent())
    assert [finding.code for finding in shelf.findings] == ["HS-S04"]
    with pytest.raises(StoreError):
        chosen(settings(store=str(folder), source=("store:tiles",)), Modality.IMAGE)


def test_a_damaged_source_is_a_finding_unless_it_is_named(tmp_path, data):
    kept = keep(tmp_path, data, rows=[1])
    blob = next(f for f in kept.files if f.path == "weights.safetensors").sha256
    path = open_store().layout.root / "blobs" / "sha256" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1])
    shelf = loaded(settings(), data, Silent())
    assert [finding.code for finding in shelf.findings] == ["HS-S05"]
    with pytest.raises(StoreError):
        loaded(settings(source=("store:tiles",)), data, Silent())


def model(tmp_path, predictor):
    """A model folder in the store with this one member."""
    signature = Signature(
        Modality.IMAGE, Kind.CLASSIFICATION, ("a", "b"), "accuracy", (0.5, 0.5), (0.0, 0.0), {}
    )
    folder = tmp_path / "model"
    about = {"task": "photos", "fingerprint": "d" * 64}
    write(AdaptedModel(signature, [WeightedMember(("m",), 1.0, predictor)], about), folder)
    return add(str(folder), name="photos")


def test_a_tuned_network_of_a_stored_model_is_a_source_with_its_own_weights(tmp_path, data):
    network = scratch_network(2)
    name, before = next(iter(network.module.named_parameters()))
    moved = torch.ones_like(before)
    models = [FoldModel({name: moved}, np.zeros((2, 192)), np.zeros(2))]
    config = {
        "source": network.card.id,
        "weights_sha256": network.card.weights_sha256,
        "strategy": "full",
        "cut": 0,
        "size": 64,
        "flip": False,
        "kind": "classification",
        "prefix_dtype": "float32",
        "dtype": "float32",
        "n_models": 1,
    }
    kept = model(tmp_path, TunedNetwork(network, models, config))
    shelf = loaded(settings(source=("store:photos",)), data, Silent())
    (tuned,) = shelf.networks.values()
    values = dict(tuned.module.named_parameters())
    torch.testing.assert_close(values[name], moved)
    assert tuned.card.parents[0] == kept.sha256
    assert tuned.card.weights_sha256 != network.card.weights_sha256


def test_a_model_without_a_tuned_network_is_no_source(tmp_path):
    model(tmp_path, Majority(np.array([0.5, 0.5])))
    with pytest.raises(SourceError, match="holds no tuned network"):
        chosen(settings(source=("store:photos",)), Modality.IMAGE)


def test_weights_in_a_file_are_kept_as_a_source(tmp_path, data):
    from headstart.sources import loading

    network = scratch_network(0)
    loading.write(network.module, tmp_path / "mine.safetensors")
    (tmp_path / "mine.json").write_text(
        '{"architecture": {"library": "scratch", "name": "small_cnn", "options": {"seed": 0}},'
        ' "input_sizes": [64], "licence": "MIT"}'
    )
    kept = add(str(tmp_path / "mine.safetensors"), name="mine")
    assert kept.kind is ObjectKind.SOURCE
    (tmp_path / "mine.safetensors").unlink()
    assert list(loaded(settings(), data, Silent()).networks) == ["store:mine@1"]
