"""A task that shares the target's structure is found; chance is not taken for evidence; size breaks ties."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headstart.core.errors import DataError
from headstart.core.task import Task
from headstart.core.watch import Silent
from headstart.develop import task_signs
from headstart.develop.offered import OfferedTask, speaking
from headstart.develop.selecting import rank_source_tasks
from tests import synthetic

WIDTH = 40  # noisy directions; the target's classes differ along the first two only


class World:
    """Features of made-up examples: class means along some axes, noise along all."""

    def __init__(self) -> None:
        self.rows: dict[str, np.ndarray] = {}

    def task(self, name: str, n: int, axes: tuple[int, int], *, seed: int, strength: float = 1.2) -> Task:
        rng = np.random.default_rng(seed)
        labels = synthetic.balanced(n, 4)
        x = rng.normal(size=(n, WIDTH))
        x[:, axes[0]] += strength * (2 * (labels % 2) - 1)
        x[:, axes[1]] += strength * (2 * (labels // 2) - 1)
        made = synthetic.task(labels, items=[f"{name} {row}" for row in range(n)])
        contents = [f"{name}-{row}" for row in range(n)]
        for content, row in zip(contents, x, strict=True):
            self.rows[content] = row
        return replace(made, name=name, fingerprint=name, inputs=_Named(made.inputs.items, contents))

    def read(self, task: Task) -> list[np.ndarray]:
        return [np.stack([self.rows[content] for content in task.inputs.hashes]).astype(np.float32)]


class _Named(synthetic.Held):
    def __init__(self, items: tuple[str, ...], contents: list[str]) -> None:
        super().__init__(tuple(items))
        object.__setattr__(self, "contents", contents)

    @property
    def hashes(self) -> list[str]:
        return self.contents

    def select(self, rows: object) -> _Named:
        return _Named(tuple(self.items[r] for r in rows), [self.contents[r] for r in rows])


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def target(world: World) -> Task:
    return world.task("target", 60, (0, 1), seed=1)


def ranked(world: World, target: Task, *offered: OfferedTask, **more: object) -> dict[str, object]:
    return {one.name: one for one in rank_source_tasks(target, offered, world.read, **more)}


def test_a_task_with_the_targets_structure_comes_before_a_larger_one_without(world, target):
    near = OfferedTask("near", world.task("near", 200, (0, 1), seed=2))
    far = OfferedTask("far", world.task("far", 500, (20, 30), seed=3))
    found = ranked(world, target, far, near)
    assert found["near"].rank == 1
    assert found["near"].interval.low > 0
    assert "helps" in found["near"].reason
    assert found["near"].shared_features > found["far"].shared_features + 0.2
    assert found["near"].label_affinity > found["far"].label_affinity + 0.2


def test_tasks_that_say_nothing_are_undecided_and_the_larger_one_comes_first(world, target):
    small = OfferedTask("small", world.task("small", 100, (20, 30), seed=4))
    large = OfferedTask("large", world.task("large", 600, (21, 31), seed=5))
    found = ranked(world, target, small, large)
    assert found["large"].rank == 1
    assert all("undecided" in one.reason or "misleads" in one.reason for one in found.values())
    bare = ranked(world, target, OfferedTask("a", n=10, n_classes=2), OfferedTask("b", n=900, n_classes=2))
    assert bare["b"].rank == 1
    assert "by size alone (the largest offered)" in bare["b"].reason
    assert bare["b"].interval is None
    assert bare["b"].error


def test_the_targets_own_rows_do_not_speak_for_a_task(world, target):
    assert speaking(target, target) is None
    found = ranked(world, target, OfferedTask("copy", target))
    assert "not the target's own" in found["copy"].reason


def test_a_developed_network_is_looked_at_in_place_of_the_head(world, target):
    knows = np.eye(4)[target.targets] + 0.3 * np.random.default_rng(0).normal(size=(60, 4))
    found = ranked(world, target, OfferedTask("stored", developed=knows, n=50, n_classes=4))
    assert found["stored"].interval.low > 0
    blind = OfferedTask("blind", developed=np.random.default_rng(1).normal(size=(60, 4)), n=50, n_classes=4)
    assert ranked(world, target, blind, OfferedTask("sees", developed=knows, n=50))["sees"].rank == 1


def test_the_same_seed_gives_the_same_ranking(world, target):
    offered = [OfferedTask(str(seed), world.task(f"t{seed}", 90, (0, seed), seed=seed)) for seed in (6, 7)]
    first, again = (ranked(world, target, *order) for order in (offered, offered[::-1]))
    assert all(first[name].score == again[name].score for name in first)


def test_a_stop_leaves_the_rest_to_size(world, target):
    class Stopped(Silent):
        stop_requested = True

    found = ranked(world, target, OfferedTask("x", world.task("x", 90, (0, 1), seed=8)), watch=Stopped())
    assert found["x"].error == "stopped before it was looked at"


def test_nothing_offered_and_a_name_given_twice_are_refused(world, target):
    with pytest.raises(DataError, match="no task is offered"):
        rank_source_tasks(target, [], world.read)
    with pytest.raises(DataError, match="called 'a'"):
        rank_source_tasks(target, [OfferedTask("a"), OfferedTask("a")], world.read)


def test_other_kinds_of_example_are_said_to_be_such(world, target):
    from headstart.core.kinds import Modality

    pictures = replace(world.task("pictures", 60, (0, 1), seed=9), modality=Modality.IMAGE)
    found = ranked(world, target, OfferedTask("pictures", pictures))
    assert "images" in found["pictures"].reason


def test_values_are_ranked_too(world):
    from headstart.core.kinds import Kind

    def values(name: str, axis: int, seed: int, n: int) -> Task:
        made = world.task(name, n, (0, 1), seed=seed)
        x = world.read(made)[0][:, axis].astype(np.float64)
        return replace(made, kind=Kind.REGRESSION, targets=x, classes=(), metric="r2")

    target = values("v", 5, 10, 50)
    near, far = OfferedTask("n", values("vn", 5, 11, 200)), OfferedTask("f", values("vf", 9, 12, 200))
    found = ranked(world, target, near, far)
    assert found["n"].rank == 1
    assert found["n"].label_affinity is None


def test_distance_is_nought_in_one_place_and_grows_to_one():
    rows = np.random.default_rng(0).normal(size=(200, 5))
    steps = [task_signs.distance(rows[:100], rows[100:] + shift) for shift in (0, 1, 3, 50)]
    assert steps == sorted(steps)
    assert steps[0] < 0.02
    assert steps[-1] > 0.95
