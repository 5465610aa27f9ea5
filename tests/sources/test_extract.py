"""One pass: every tap, every network, each example decoded once; the second time from the cache."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from headstart.core.kinds import Modality
from headstart.sources import FeatureCache, Reading, extract, extract_all, pixels, segments
from headstart.sources.precision import Precision
from headstart.sources.sheets import Sheet
from headstart.sources.texts import bucket
from tests.sources.tiny import Examples, image_network, pictures, text_network


@pytest.fixture(scope="module")
def network() -> object:
    return image_network("timm", "test_resnet", 32)


def same(left: object, right: object) -> bool:
    assert isinstance(left, dict)
    assert isinstance(right, dict)
    return left.keys() == right.keys() and all(np.array_equal(left[key], right[key]) for key in left)


def test_every_tap_is_read_in_the_order_of_the_rows(network: object) -> None:
    inputs = pictures(9)
    features = extract(network, inputs, size=32)
    assert {name: value.shape for name, value in features.items()} == {
        tap.name: (9, tap.width)
        for tap in network.taps  # type: ignore[attr-defined]
    }
    some = extract(network, inputs, size=32, rows=[7, 2])
    assert all(np.allclose(some[key], features[key][[7, 2]], atol=1e-5) for key in features)


def test_a_second_run_reads_no_example(network: object) -> None:
    cache, inputs = FeatureCache(), pictures(9)
    first = extract(network, inputs, size=32, cache=cache)
    inputs.reads.clear()
    again = extract(network, inputs, size=32, cache=cache)
    assert inputs.reads == []
    assert same(dict(first), dict(again))


def test_only_what_is_missing_is_computed_and_the_bytes_do_not_depend_on_it(network: object) -> None:
    inputs = pictures(9)
    cold = extract(network, inputs, size=32)
    cache = FeatureCache()
    extract(network, inputs, size=32, cache=cache, rows=[0, 5])
    inputs.reads.clear()
    warm = extract(network, inputs, size=32, cache=cache)
    assert sorted(inputs.reads) == [1, 2, 3, 4, 6, 7, 8]
    assert same(dict(cold), dict(warm))


@pytest.mark.parametrize("change", ["size", "flip", "precision", "content"])
def test_another_size_view_precision_or_content_is_not_taken_from_the_cache(
    network: object, change: str
) -> None:
    cache, inputs = FeatureCache(), pictures(4)
    extract(network, inputs, size=32, cache=cache)
    other = pictures(4, seed=1) if change == "content" else inputs
    inputs.reads.clear()
    extract(
        network,
        other,
        size=48 if change == "size" else 32,
        cache=cache,
        flip=change == "flip",
        precision=Precision("bfloat16") if change == "precision" else Precision(),
    )
    assert sorted(other.reads) == [0, 1, 2, 3]


def test_several_networks_and_sizes_decode_each_example_once(network: object) -> None:
    inputs = pictures(6)
    readings = [Reading(network, 32), Reading(network, 48), Reading(network, 32, flip=True)]
    together = extract_all(readings, inputs)
    assert sorted(inputs.reads) == list(range(6))
    for reading, features in zip(readings, together, strict=True):
        alone = extract(network, inputs, size=reading.size, flip=reading.flip)
        assert same(dict(features), dict(alone))


def test_a_mirrored_view_of_a_symmetric_picture_is_the_same(network: object) -> None:
    half = np.random.default_rng(0).integers(0, 256, (32, 16, 3), dtype=np.uint8)
    inputs = Examples([Image.fromarray(np.concatenate([half, half[:, ::-1]], axis=1))] * 2)
    plain, mirrored = (extract(network, inputs, size=32, flip=flip) for flip in (False, True))
    assert same(dict(plain), dict(mirrored))


def test_damaged_cache_files_are_recomputed(network: object) -> None:
    cache, inputs = FeatureCache(), pictures(5)
    first = extract(network, inputs, size=32, cache=cache)
    [kept] = cache.folder.glob("*/*.safetensors")
    data = bytearray(kept.read_bytes())
    data[len(data) // 2] ^= 1
    for damage in (bytes(data), bytes(data[:100]), b""):
        kept.write_bytes(damage)
        assert same(dict(first), dict(extract(network, inputs, size=32, cache=cache)))
        assert segments.read(kept) is not None, "it was written anew"


def test_a_read_only_cache_is_no_reason_to_fail(network: object, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    extract(network, pictures(3), size=32, cache=FeatureCache(tmp_path / "file"))


def test_the_cache_forgets_what_was_used_least_recently(tmp_path: Path) -> None:
    import os

    cache = FeatureCache(tmp_path, cap_bytes=6000)
    shelf = cache.shelf(["facts"], 100)
    for number in range(4):
        keys = segments.keys_of([str(number)])
        written = segments.write(shelf.folder, keys.repeat(5), np.full((5, 100), number, dtype=np.float32))
        assert written is not None
        os.utime(written, (number, number))
    assert cache.tidy() > 0
    sheet = np.zeros((4, 100), dtype=np.float32)
    assert shelf.fill(segments.keys_of([str(number) for number in range(4)]), sheet).tolist() == [
        False,
        False,
        True,
        True,
    ]
    assert cache.tidy() == 0


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.lists(st.integers(0, 30), max_size=30))
@settings(max_examples=30, deadline=None)
def test_a_shelf_gives_back_just_what_was_put_there(asked: list[int], known: list[int]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        shelf = FeatureCache(Path(folder)).shelf(["facts"], 2)
        shelf.add(
            segments.keys_of([str(n) for n in known]), np.array([[n, -n] for n in known], dtype=np.float32)
        )
        sheet = np.full((len(asked), 2), np.nan, dtype=np.float32)
        done = shelf.fill(segments.keys_of([str(n) for n in asked]), sheet)
    assert done.tolist() == [n in known for n in asked]
    assert all(sheet[row].tolist() == [n, -n] for row, n in enumerate(asked) if n in known)


def test_large_results_lie_in_a_file_and_are_the_same(
    monkeypatch: pytest.MonkeyPatch, network: object
) -> None:
    inputs = pictures(7)
    small = extract(network, inputs, size=32)
    monkeypatch.setattr("headstart.sources.sheets.IN_MEMORY_BYTES", 100)
    large = extract(network, inputs, size=32)
    assert all(isinstance(value, np.memmap) for value in large.values())
    assert same(dict(small), dict(large))


def test_the_file_of_a_large_result_goes_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("headstart.sources.sheets.IN_MEMORY_BYTES", 0)
    array = Sheet(3, 2, tmp_path).array()
    assert list(tmp_path.iterdir())
    del array
    assert not list(tmp_path.iterdir())


def test_a_request_to_stop_ends_the_pass_and_keeps_what_was_read(
    network: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from headstart.core.watch import Silent

    class Impatient(Silent):
        steps = 0

        def advance(self, steps: int = 1) -> None:
            self.steps += steps

        @property
        def stop_requested(self) -> bool:  # type: ignore[override]
            return self.steps >= 4

    monkeypatch.setattr(sys.modules["headstart.sources.extract"], "CHUNK_ROWS", 4)
    cache, inputs = FeatureCache(), pictures(12)
    extract(network, inputs, size=32, cache=cache, watch=Impatient())
    inputs.reads.clear()
    extract(network, inputs, size=32, cache=cache)
    assert sorted(inputs.reads) == list(range(4, 12))


def test_a_texts_features_do_not_depend_on_its_neighbours(tmp_path: Path) -> None:
    network = text_network(tmp_path)
    texts = [" ".join(f"w{(row * 7 + word) % 60}" for word in range(1 + row * 3 % 40)) for row in range(20)]
    whole = extract(network, Examples(texts, Modality.TEXT), size=32)
    backwards = extract(network, Examples(texts[::-1], Modality.TEXT), size=32, batch_size=5)
    assert all(np.allclose(whole[key], backwards[key][::-1], atol=1e-5) for key in whole)


def test_texts_are_padded_by_their_own_length_alone() -> None:
    assert [bucket(length, 100) for length in (1, 16, 17, 100, 1000)] == [16, 16, 32, 100, 100]


def test_a_long_text_is_cut_and_an_empty_one_is_read(tmp_path: Path) -> None:
    network = text_network(tmp_path)
    ids, mask = network.batch(["w1 " * 100, ""], 8)
    assert ids.shape == mask.shape == (2, 8)
    assert np.isfinite(extract(network, Examples(["w1 " * 100, ""], Modality.TEXT), size=8)["last"]).all()


def test_a_large_photo_is_reduced_the_same_way_for_every_size() -> None:
    large = Image.fromarray(np.random.default_rng(0).integers(0, 256, (1600, 2100, 3), dtype=np.uint8))
    assert min(pixels.working_copy(large).size) >= pixels.WORKING_SIDE
    once = pixels.resized(large, 64, "bilinear")
    assert np.array_equal(once, pixels.resized(pixels.working_copy(large), 64, "bilinear"))
