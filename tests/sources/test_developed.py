"""Other weights in a network make a source of their own, whatever was taken off it when it was loaded."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch

from headstart.core.errors import SourceError
from headstart.sources import loading
from headstart.sources.developed import on_the_shelf, pack_developed
from headstart.sources.local import FileSource
from headstart.sources.packed import PackedSource


@pytest.fixture
def classifier(tmp_path, monkeypatch):
    """A network that was trained with a classifier, which nobody reads."""
    from torchvision import models

    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path / "home"))
    torch.manual_seed(0)
    loading.write(models.get_model("mobilenet_v3_small", weights=None), tmp_path / "net.safetensors")
    facts = {"architecture": {"library": "torchvision", "name": "mobilenet_v3_small"}, "input_sizes": [64]}
    (tmp_path / "net.json").write_text(json.dumps(facts))
    return FileSource(tmp_path / "net.safetensors").load()


def moved(network):
    name, parameter = next(iter(network.module.named_parameters()))
    return name, torch.full_like(parameter, 0.5)


def value_of(network, name):
    return dict(network.module.named_parameters())[name]


def test_tuned_weights_load_from_the_shelf_beside_the_source_they_came_from(classifier):
    name, values = moved(classifier)
    card = replace(classifier.card, id="store:mine@1", weights_sha256="a" * 64)
    for _ in range(2):  # made, then found
        tuned = on_the_shelf(classifier, {name: values}, card)
        torch.testing.assert_close(value_of(tuned, name).detach(), values)
    assert tuned.card == card
    assert not torch.equal(value_of(classifier, name), values)


def test_the_same_weights_packed_are_the_same_network(classifier, tmp_path):
    name, values = moved(classifier)
    card = pack_developed(classifier, {name: values}, classifier.card, tmp_path / "packed")
    packed = PackedSource(tmp_path / "packed", "store:mine@1").load()
    torch.testing.assert_close(value_of(packed, name).detach(), values)
    assert packed.card.weights_sha256 == card.weights_sha256 != classifier.card.weights_sha256


def test_a_tensor_that_the_network_lacks_is_named_and_nothing_is_left(classifier, tmp_path):
    with pytest.raises(SourceError, match=r"no parameter 'nobody\.weight'"):
        pack_developed(classifier, {"nobody.weight": torch.zeros(1)}, classifier.card, tmp_path / "packed")
    assert not (tmp_path / "packed").exists()
