"""A tuning that is killed and taken up again ends in the bytes of one that was left alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from headstart.core.kinds import Kind, Modality
from headstart.core.watch import Silent
from headstart.training import sealed
from headstart.training.checkpoint import Checkpoint
from headstart.training.head import starting_head
from headstart.training.loop import Tuned, train
from headstart.training.objectives import cross_entropy, supervised_contrastive
from headstart.training.reading import features
from headstart.training.sealed import Sealed
from headstart.training.states import cache_prefix
from headstart.training.tuning import Tuning
from tests import synthetic, tiny_networks

LABELS = synthetic.balanced(30, 3)
ROWS = np.arange(30)
CODED = np.eye(3, dtype=np.float32)[LABELS]
TASK = synthetic.task(LABELS, items=tiny_networks.stripes(LABELS), modality=Modality.IMAGE)
NAMES = ("2.0.weight", "2.0.bias", "2.1.weight", "2.1.bias", "3.weight", "3.bias")
TUNING = Tuning(cut=2, rates=dict.fromkeys(NAMES, 1.0), epochs=6, peak_rate=5e-3, batch_size=8)
STEPS = 24


@dataclass
class Killed(Silent):
    """A process that ends before the step with this number."""

    at: int = STEPS
    heard: list[str] = field(default_factory=list)
    asked: int = 0

    @property
    def stop_requested(self) -> bool:  # type: ignore[override]
        self.asked += 1
        return self.asked > self.at

    def say(self, line: str) -> None:
        self.heard.append(line)


def dropping() -> tiny_networks.TinyImages:
    """A network whose training steps are random: dropout that stays on."""
    network = tiny_networks.images()
    network.module[2].append(torch.nn.Dropout(0.3).train())
    return network


def tune(
    network: tiny_networks.Tiny,
    tuning: Tuning = TUNING,
    *,
    flips: tuple[bool, ...] = (False,),
    dtype: torch.dtype = torch.float32,
    seed: int = 0,
    objective: object = None,
    **more: object,
) -> Tuned:
    states = cache_prefix(network, TASK.inputs, 8, tuning.cut, dtype=dtype, flips=flips)
    head = starting_head(features(network, states, ROWS, dtype=dtype), CODED, Kind.CLASSIFICATION)
    loss = objective or cross_entropy(0.1)
    return train(network, states, ROWS, CODED, head, tuning, objective=loss, dtype=dtype, seed=seed, **more)


def assert_same(one: Tuned, other: Tuned) -> None:
    assert one.finished
    assert other.finished
    assert (one.loss, one.steps) == (other.loss, other.steps)
    for name in one.tensors:
        assert torch.equal(one.tensors[name], other.tensors[name]), name
    assert np.array_equal(one.head.weight, other.head.weight)
    assert np.array_equal(one.head.bias, other.head.bias)


def killed_and_taken_up(path: Path, kills: list[int], **how: object) -> Tuned:
    """Killed after so many steps each time, then left alone; a checkpoint after every step."""
    build = how.pop("network", tiny_networks.images)
    for steps in kills:
        watch = Killed(steps)
        assert not tune(build(), watch=watch, checkpoint=Checkpoint(path, every_s=0.0), **how).finished
    watch = Killed()
    tuned = tune(build(), watch=watch, checkpoint=Checkpoint(path, watch=watch, every_s=0.0), **how)
    assert watch.heard == [f"taken up again at step {sum(kills)}"]
    return tuned


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({}, id="plain"),
        pytest.param({"network": dropping}, id="dropout"),
        pytest.param({"flips": (False, True)}, id="views"),
        pytest.param({"tuning": replace(TUNING, mixup=0.4)}, id="mixup"),
        pytest.param({"tuning": replace(TUNING, average_frac=1.0)}, id="averaged from the start"),
        pytest.param({"tuning": replace(TUNING, average_frac=0.0)}, id="not averaged"),
        pytest.param({"tuning": replace(TUNING, anchor=1.0)}, id="anchored"),
        pytest.param({"dtype": torch.bfloat16}, id="bfloat16"),
        pytest.param({"objective": supervised_contrastive(0.1)}, id="head stays"),
    ],
)
def test_killed_twice_it_ends_in_the_same_bytes(how, tmp_path):
    plain = dict(how)
    alone = tune(plain.pop("network", tiny_networks.images)(), **plain)
    assert_same(alone, killed_and_taken_up(tmp_path / "fit", [7, 13], **how))


def test_writing_checkpoints_changes_nothing(tmp_path):
    kept = tune(tiny_networks.images(), checkpoint=Checkpoint(tmp_path / "fit", every_s=0.0))
    assert_same(tune(tiny_networks.images()), kept)


def test_a_finished_tuning_that_is_asked_for_again_takes_no_step(tmp_path):
    first = tune(tiny_networks.images(), checkpoint=Checkpoint(tmp_path / "fit", every_s=0.0))
    watch = Killed(0)
    again = tune(tiny_networks.images(), watch=watch, checkpoint=Checkpoint(tmp_path / "fit", every_s=0.0))
    assert_same(first, again)
    assert watch.asked == 0


def test_a_short_fit_writes_none(tmp_path):
    tune(tiny_networks.images(), checkpoint=Checkpoint(tmp_path / "fit"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 1},
        {"tuning": replace(TUNING, epochs=7)},
        {"dtype": torch.bfloat16},
        {"start": {"2.0.weight": torch.zeros(8, 8, 3, 3)}},
    ],
    ids=["seed", "settings", "format", "starting weights"],
)
def test_a_checkpoint_of_another_tuning_is_left_out_and_said(other, tmp_path):
    path = tmp_path / "fit"
    tune(tiny_networks.images(), watch=Killed(5), checkpoint=Checkpoint(path, every_s=0.0))
    watch = Killed(99)
    found = tune(tiny_networks.images(), watch=watch, checkpoint=Checkpoint(path, watch=watch), **other)
    assert_same(tune(tiny_networks.images(), **other), found)
    assert "begun anew" in watch.heard[0]


@pytest.mark.parametrize("where", [0, 30, 1000, -1])
def test_a_damaged_checkpoint_is_left_out_and_removed(where, tmp_path):
    path = tmp_path / "fit"
    tune(tiny_networks.images(), watch=Killed(5), checkpoint=Checkpoint(path, every_s=0.0))
    content = bytearray(path.read_bytes())
    content[where] ^= 0xFF
    path.write_bytes(content)
    assert_same(tune(tiny_networks.images()), tune(tiny_networks.images(), checkpoint=Checkpoint(path)))
    assert not path.exists()


@pytest.mark.parametrize("kept_frac", [0.0, 0.1, 0.5, 0.999])
def test_a_torn_piece_counts_as_never_written(kept_frac, tmp_path):
    path = tmp_path / "piece"
    sealed.write(path, "origin", Sealed({"a": torch.arange(100)}, {"b": 0.1}))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept_frac)])
    assert sealed.read(path, "origin") is None
    assert not path.exists()


def test_a_whole_piece_comes_back_as_it_was(tmp_path):
    tensors = {"a": torch.randn(3, 4, dtype=torch.bfloat16), "b": torch.tensor(2.0), "c": torch.empty(0, 3)}
    sealed.write(tmp_path / "piece", "origin", Sealed(tensors, {"x": 0.1, "y": [1, 2**100]}))
    found = sealed.read(tmp_path / "piece", "origin")
    assert found.record == {"x": 0.1, "y": [1, 2**100]}
    assert all(torch.equal(found.tensors[name], tensors[name]) for name in tensors)
    assert [path.name for path in tmp_path.iterdir()] == ["piece"]


def test_a_folder_that_cannot_be_made_is_no_reason_to_fail(tmp_path):
    (tmp_path / "file").write_text("in the way")
    watch = Killed()
    checkpoint = Checkpoint(tmp_path / "file" / "fit", watch=watch, every_s=0.0)
    assert_same(tune(tiny_networks.images()), tune(tiny_networks.images(), checkpoint=checkpoint))
    assert len(watch.heard) == 1
    assert "cannot be kept for --resume" in watch.heard[0]


class Counting:
    """A judge with a memory."""

    def __init__(self) -> None:
        self.seen = 0

    def state(self) -> Sealed:
        self.seen += 1
        return Sealed({"best": torch.tensor(self.seen)}, {"seen": self.seen})

    def restore(self, state: Sealed) -> None:
        self.seen = state.record["seen"]
        assert int(state.tensors["best"]) == self.seen


def test_what_goes_on_beside_the_loop_is_kept_with_it(tmp_path):
    path = tmp_path / "fit"
    for at in (5, 6):
        tune(
            tiny_networks.images(),
            watch=Killed(at),
            checkpoint=Checkpoint(path, beside=(judge := Counting()), every_s=0.0),
        )
    assert judge.seen == 11
