"""Sources on disk and in the hub's cache: JSON and tensors are read, code never."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from headstart.core.errors import MachineError, OutputError, SourceError
from headstart.core.kinds import Modality
from headstart.sources import portable, resolve
from tests.sources.tiny import TINY_ENCODER, tokenizer_file

TIMM_CONFIG: dict[str, Any] = {
    "architecture": "test_resnet",
    "num_classes": 7,
    "pretrained_cfg": {
        "mean": [0.1, 0.2, 0.3],
        "std": [0.5] * 3,
        "input_size": [3, 64, 64],
        "license": "mit",
    },
}


def timm_network(**options: Any) -> torch.nn.Module:
    import timm

    torch.manual_seed(0)
    return timm.create_model("test_resnet", **options)


def timm_folder(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(TIMM_CONFIG))
    save_file(timm_network(num_classes=7).state_dict(), folder / "model.safetensors")
    return folder


def encoder_folder(folder: Path) -> Path:
    from transformers import BertConfig, BertForMaskedLM

    torch.manual_seed(0)
    config = BertConfig(**TINY_ENCODER)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps({**TINY_ENCODER, "model_type": "bert"}))
    state = {name: value.clone() for name, value in BertForMaskedLM(config).state_dict().items()}
    torch.save(state, folder / "pytorch_model.bin")
    tokenizer_file(folder)
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n# An encoder\n")
    return folder


def test_a_timm_folder_loads_with_its_own_preprocessing(tmp_path: Path) -> None:
    source = resolve(f"file:{timm_folder(tmp_path / 'm')}")
    assert source.card.licence == "mit"
    assert source.card.permissive
    assert source.card.input_sizes[0] == 64
    network: Any = source.load()
    assert network.preprocessing["mean"] == [0.1, 0.2, 0.3]
    assert network.taps[-1].name == "last"


def test_a_transformers_folder_loads_without_the_head_it_was_trained_with(tmp_path: Path) -> None:
    source = resolve(f"file:{encoder_folder(tmp_path / 'm')}")
    assert source.card.modality is Modality.TEXT
    assert source.card.licence == "apache-2.0"
    network = source.load()
    assert [block.name for block in network.blocks][:2] == ["embeddings", "encoder.layer.0"]
    assert torch.isfinite(network.read(network.batch(["w1 w2"], 8))["last"]).all()


def test_a_weight_file_needs_a_json_beside_it(tmp_path: Path) -> None:
    torch.save(timm_network().state_dict(), tmp_path / "net.pth")
    with pytest.raises(SourceError, match="JSON file of the same name"):
        resolve(f"file:{tmp_path / 'net.pth'}").load()
    beside = {"architecture": {"library": "timm", "name": "test_resnet"}, "input_sizes": [64]}
    (tmp_path / "net.json").write_text(json.dumps(beside))
    assert resolve(f"file:{tmp_path / 'net.pth'}").load().blocks


def test_a_folder_that_brings_code_is_refused(tmp_path: Path) -> None:
    folder = encoder_folder(tmp_path / "m")
    config = json.loads((folder / "config.json").read_text()) | {"auto_map": {"AutoModel": "evil.Model"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "evil.py").write_text("raise SystemExit('ran')")
    with pytest.raises(SourceError, match="never runs such code"):
        resolve(f"file:{folder}").load()


@pytest.mark.parametrize(
    ("config", "reason"),
    [("{", "cannot be read"), ("[]", "JSON object"), ("{}", "names no architecture"), (None, "is missing")],
)
def test_a_broken_description_is_refused(tmp_path: Path, config: str | None, reason: str) -> None:
    if config is not None:
        (tmp_path / "config.json").write_text(config)
    with pytest.raises(SourceError, match=reason):
        resolve(f"file:{tmp_path}").card  # noqa: B018


def test_weights_that_do_not_fit_their_description_are_refused(tmp_path: Path) -> None:
    folder = timm_folder(tmp_path / "m")
    save_file(timm_network(num_classes=9).state_dict(), folder / "model.safetensors")
    with pytest.raises(SourceError, match="has shape"):
        resolve(f"file:{folder}").load()


def test_a_missing_path_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        resolve(f"file:{tmp_path / 'nothing'}").load()


def hub(cache: Path, repository: str) -> Path:
    """A snapshot folder laid out as the hub's cache has it."""
    root = cache / f"models--{repository.replace('/', '--')}"
    (root / "refs").mkdir(parents=True)
    (root / "refs" / "main").write_text("abc123")
    return root / "snapshots" / "abc123"


@pytest.mark.parametrize(
    ("id", "repository"),
    [("hf:someone/net", "someone/net"), ("timm:resnet18.a1_in1k", "timm/resnet18.a1_in1k")],
)
def test_a_hub_source_in_the_hubs_cache_needs_no_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, id: str, repository: str
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    timm_folder(hub(tmp_path, repository))
    source = resolve(id)
    source.fetch(offline=True)
    assert source.card.id == id
    assert source.load().card.weights_sha256


def test_a_hub_source_that_is_not_there_needs_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(MachineError, match="headstart fetch hf:someone/net"):
        resolve("hf:someone/net").fetch(offline=True)


def test_a_packed_source_loads_where_nothing_else_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = resolve(f"file:{timm_folder(tmp_path / 'm')}").load()
    portable.pack(network, tmp_path / "packed")
    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path / "elsewhere"))
    again = portable.unpack(tmp_path / "packed")
    picture = (torch.randn(2, 3, 64, 64),)
    assert torch.equal(network.read(picture)["last"], again.read(picture)["last"])
    portable.pack(again, tmp_path / "twice")
    assert portable.unpack(tmp_path / "twice").card == network.card


def test_a_packed_source_without_its_entry_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="entry cannot be read"):
        portable.unpack(tmp_path)
