"""A recording is what happened, step by step, and nothing that is damaged is taken for one."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headstart.core.errors import DataError, SimulationError
from headstart.sim.gathering import writing as writing_module
from headstart.sim.gathering.trajectories import HEADER, Header, Trajectories, Trajectory
from headstart.sim.gathering.writing import writing
from tests.sim.recordings import recorded

BOX = {"type": "box", "low": [-2.0], "high": [2.0]}
NUMBERS = st.floats(-1e6, 1e6, width=32)


def header(action_space=BOX):
    return Header(
        environment="X-v0",
        demonstrator="nobody",
        observation_space={"type": "box", "low": [None, None], "high": [None, None]},
        action_space=action_space,
        seed=0,
        most_steps=10,
    )


@st.composite
def trajectories(draw):
    n = draw(st.integers(0, 6))
    row = st.lists(NUMBERS, min_size=2, max_size=2)
    return Trajectory(
        draw(st.integers(0, 2**32 - 1)),
        np.array(draw(st.lists(row, min_size=n + 1, max_size=n + 1)), dtype=np.float32),
        np.array(draw(st.lists(NUMBERS, min_size=n, max_size=n)), dtype=np.float32).reshape(n, 1),
        np.array(draw(st.lists(st.floats(-1e9, 1e9), min_size=n, max_size=n)), dtype=np.float64),
        np.array(draw(st.lists(st.floats(0, 9), min_size=n, max_size=n)), dtype=np.float64),
        draw(st.sampled_from(["terminated", "truncated", "cut", "left"])),
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(episodes=st.lists(trajectories(), max_size=4))
def test_what_is_written_is_read_back(tmp_path, episodes):
    file = tmp_path / "some.parquet"
    with writing(file, header()) as writer:
        for one in episodes:
            writer.add(one)
    found = Trajectories.load(file)
    assert found.header == header()
    assert found.episodes == tuple(writer.episodes)
    for ours, theirs in zip(found, episodes, strict=True):
        assert (ours.seed, ours.ended) == (theirs.seed, theirs.ended)
        for part in ("observations", "actions", "rewards", "violations"):
            left, right = getattr(ours, part), getattr(theirs, part)
            assert left.dtype == right.dtype
            assert np.array_equal(left, right)


@pytest.mark.parametrize("text", ["CartPole-v1", "Pendulum-v1", "pair:pendulum-heavy/target"])
def test_the_same_seed_gives_the_same_bytes(tmp_path, text):
    files = [tmp_path / "one.parquet", tmp_path / "two.parquet"]
    for file in files:
        recorded(file, text, who="chance", episodes=2, most_steps=40)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_another_seed_gives_others(tmp_path):
    one, two = (
        recorded(tmp_path / f"{seed}.parquet", "CartPole-v1", who="chance", seed=seed) for seed in (0, 1)
    )
    assert one.returns != two.returns


def test_an_endless_episode_is_cut_at_the_cap(tmp_path):
    found = recorded(tmp_path / "e.parquet", "tests.sim.broken:BrokenEndless-v0", who="chance", most_steps=25)
    assert {(one.steps, one.ended) for one in found.episodes} == {(25, "cut")}


def test_a_time_limit_is_no_cut(tmp_path):
    found = recorded(tmp_path / "t.parquet", "Pendulum-v1?max_episode_steps=20", who="chance")
    assert {(one.steps, one.ended) for one in found.episodes} == {(20, "truncated")}


def test_what_is_no_number_is_not_recorded(tmp_path):
    with pytest.raises(SimulationError, match="no number"):
        recorded(tmp_path / "n.parquet", "tests.sim.broken:BrokenNotANumber-v0", who="chance")


def test_an_action_that_is_no_number_is_refused(tmp_path):
    class Mad:
        def act(self, observations):
            return np.full((1, 1), np.nan)

    with pytest.raises(SimulationError, match="the action of step 1 is no number"):
        recorded(tmp_path / "a.parquet", "Pendulum-v1", actor=lambda seed: Mad())


def test_rows_are_written_in_groups_so_that_few_wait(tmp_path, monkeypatch):
    monkeypatch.setattr(writing_module, "GROUP_BYTES", 4 * 4 * 100)  # a hundred rows of CartPole
    found = recorded(tmp_path / "g.parquet", "CartPole-v1?max_episode_steps=60", episodes=6)
    parquet = pq.ParquetFile(found.file)
    sizes = [parquet.metadata.row_group(at).num_rows for at in range(parquet.num_row_groups)]
    assert sizes == [122, 122, 122]
    assert len(list(found)) == 6


def whole(tmp_path):
    return recorded(tmp_path / "whole.parquet", "CartPole-v1?max_episode_steps=30").file


def test_a_flipped_bit_is_noticed(tmp_path):
    file = whole(tmp_path)
    found = bytearray(file.read_bytes())
    for at in range(200, 260):  # inside the pages
        found[at] ^= 0xFF
    file.write_bytes(bytes(found))
    with pytest.raises(DataError, match="damaged"):
        Trajectories.load(file)


def test_a_part_of_a_file_is_no_recording(tmp_path):
    file = whole(tmp_path)
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(DataError, match="cannot be read"):
        Trajectories.load(file)


def test_another_table_is_no_recording(tmp_path):
    file = tmp_path / "table.parquet"
    pq.write_table(pa.table({"x": [1]}), file)
    with pytest.raises(DataError, match="not a recording"):
        Trajectories.load(file)


def altered(file, **columns):
    table = pq.read_table(file)
    for name, change in columns.items():
        at = table.schema.get_field_index(name)
        column = pa.array(change(table.column(name).to_pylist()), table.schema.field(name).type)
        table = table.set_column(at, table.schema.field(name), column)
    pq.write_table(table, file)
    return file


@pytest.mark.parametrize(
    ("column", "change", "said"),
    [
        ("reward", lambda values: [float("nan"), *values[1:]], "no number"),
        ("observation", lambda values: [[1.0], *values[1:]], "damaged"),
        ("step", lambda values: [7, *values[1:]], "no unbroken row"),
        ("ended", lambda values: ["cut" if one else None for one in values[:-1]] + [None], "has no end"),
        ("action", lambda values: [None, *values[1:]], "damaged"),
    ],
)
def test_a_recording_that_was_altered_is_refused(tmp_path, column, change, said):
    with pytest.raises(DataError, match=said):
        Trajectories.load(altered(whole(tmp_path), **{column: change}))


def test_a_newer_format_is_refused(tmp_path):
    file = whole(tmp_path)
    table = pq.read_table(file)
    newer = table.schema.metadata[HEADER].replace(b'"format":1', b'"format":2')
    pq.write_table(table.replace_schema_metadata({HEADER: newer}), file)
    with pytest.raises(DataError, match="newer version"):
        Trajectories.load(file)
