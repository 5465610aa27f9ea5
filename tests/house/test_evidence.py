"""What a benchmark measured survives the machine: pieces go into the repository and come back."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import evidence
from benchmarks.evidence import Pieces, origins, pack, unpacked

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setenv("HEADSTART_BENCH", str(tmp_path / "bench"))
    return tmp_path


def forget(bench):
    for path in (bench / "bench").rglob("*.json"):
        path.unlink()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(
    found=st.dictionaries(st.from_regex(r"[a-z]{1,8}-[0-9]", fullmatch=True), VALUES, min_size=1, max_size=4)
)
def test_pieces_come_back_from_the_packed_file_as_they_were(bench, found, monkeypatch):
    monkeypatch.setattr(evidence, "commit", lambda: "abc1234")
    (bench / "packed" / "b.json.xz").unlink(missing_ok=True)
    forget(bench)
    pieces = Pieces("b", packed=bench / "packed")
    for name, value in found.items():
        pieces[name] = value
    pack("b", bench / "packed")
    forget(bench)
    again = Pieces("b", packed=bench / "packed")
    assert {name: again[name] for name in again.named()} == found


def test_the_same_pieces_make_the_same_bytes_in_whichever_order_they_came(bench):
    made = {}
    for order in ("ab", "ba"):
        forget(bench)
        for name in order:
            Pieces("b")[name] = {"score": 0.1, "name": name}
        made[order] = pack("b", bench / order).read_bytes()
    assert made["ab"] == made["ba"]


def test_packing_adds_to_what_is_packed_and_replaces_the_same_piece(bench):
    pieces = Pieces("b")
    pieces["old"], pieces["both"] = 1, 1
    pack("b", bench)
    forget(bench)
    pieces["both"], pieces["new"] = 2, 2
    packed = unpacked(pack("b", bench))
    assert {name: piece["found"] for name, piece in packed.items()} == {"old": 1, "both": 2, "new": 2}


def test_a_piece_of_other_settings_or_of_unknown_making_is_measured_anew(bench):
    Pieces("b", seconds=60.0)["slow"] = 1
    (bench / "bench" / "b" / "bare.json").write_text(json.dumps({"score": 1}))
    pieces = Pieces("b", seconds=120.0)
    assert "slow" not in pieces
    assert "bare" not in pieces
    assert list(Pieces("b", seconds=60.0).named()) == ["slow"]
    with pytest.raises(KeyError):
        pieces["slow"]


def test_origins_tell_the_commits_that_are_mixed_and_count_only_what_was_asked_for(bench, monkeypatch):
    pieces = Pieces("b")
    for name, commit in (("a", "1111111"), ("b", "2222222"), ("c", "2222222"), ("unasked", "3333333")):
        monkeypatch.setattr(evidence, "commit", lambda commit=commit: commit)
        pieces[name] = 0
    assert [pieces[name] for name in "abc"] == [0, 0, 0]
    said = pieces.origins().splitlines()
    assert [line.split(",")[0] for line in said] == ["1 pieces made by 1111111", "2 pieces made by 2222222"]


def test_what_is_too_large_for_a_repository_is_refused_and_nothing_is_written(bench, monkeypatch):
    monkeypatch.setattr(evidence, "MOST_BYTES", 100)
    Pieces("b")["a"] = list(range(1000))
    with pytest.raises(ValueError, match="at most 100"):
        pack("b", bench / "packed")
    assert not (bench / "packed").exists()


def test_every_packed_file_of_the_repository_is_small_and_says_what_made_it():
    for path in evidence.EVIDENCE.glob("*"):
        assert path.stat().st_size <= evidence.MOST_BYTES
        assert origins(unpacked(path).values())
