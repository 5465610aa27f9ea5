"""What every pretext promises, and the guards of the door."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import pytest
import torch

from headstart.core.errors import DataError, OptionError, SourceError
from headstart.core.estimate import Interval
from headstart.core.kinds import Modality
from headstart.core.watch import Silent
from headstart.develop.pretext import METHODS, Pretrained, pretrain
from headstart.develop.pretext.agreement import Sight
from headstart.develop.pretext.following import AFTER_STEPS, Followed
from headstart.develop.pretext.pictures import another_look
from headstart.develop.pretext.worth import fault, on_held_out, proven, worth
from headstart.develop.quick_probe import Gain
from headstart.training.diverged import Diverged
from headstart.training.loop import train
from tests import synthetic, tiny_networks
from tests.clock import Clock

PICTURES = synthetic.Held(tiny_networks.stripes(synthetic.balanced(40, 3)), Modality.IMAGE)
TEXTS = synthetic.Held(synthetic.words(40))
EVERY = sorted(METHODS)


@pytest.fixture(params=["images", "texts"])
def network(request: pytest.FixtureRequest) -> Iterator[tiny_networks.Tiny]:
    lent = getattr(tiny_networks, request.param)()
    before = {name: value.clone() for name, value in lent.module.state_dict().items()}
    yield lent
    for name, value in lent.module.state_dict().items():
        assert torch.equal(value, before[name]), f"{name} was not put back"


def run(network: tiny_networks.Tiny, method: str, *, n: int = 40, **more: object) -> Pretrained:
    inputs = PICTURES if network.card.modality is Modality.IMAGE else TEXTS
    given = {"size": 8, "seed": 3, "epochs": 2, **more}
    return pretrain(network, inputs.select(range(n)), method=method, **given)


@pytest.mark.parametrize("method", EVERY)
def test_the_same_seed_gives_the_same_bytes_and_another_one_others(network, method):
    first, again, other = (run(network, method, seed=seed) for seed in (3, 3, 4))
    assert first.curve == again.curve != other.curve
    assert first.agreement == again.agreement
    assert list(first.tensors) == list(again.tensors)
    assert all(torch.equal(first.tensors[name], again.tensors[name]) for name in first.tensors)


@pytest.mark.parametrize("method", EVERY)
def test_sixteen_examples_suffice_and_one_is_refused(network, method):
    made = run(network, method, n=16)
    assert made.finished
    assert made.epochs == 2
    assert np.isfinite(made.curve).all()
    with pytest.raises(DataError, match="1 examples without labels"):
        run(network, method, n=1)


@pytest.mark.parametrize("method", EVERY)
def test_features_that_are_not_numbers_are_refused(method):
    broken = tiny_networks.images()
    with torch.no_grad():
        broken.module[3].weight[0, 0] = float("nan")
    with pytest.raises(Diverged):
        run(broken, method)


@pytest.mark.parametrize("method", EVERY)
def test_the_loss_falls_where_nothing_was_learned_before(method):
    from dataclasses import replace

    network = tiny_networks.images()
    network.card = replace(network.card, pretraining="none")
    made = run(network, method, epochs=40)
    assert np.mean(made.curve[-5:]) < np.mean(made.curve[:5])


@pytest.mark.parametrize("method", EVERY)
def test_losses_of_all_alike_projections_have_finite_gradients(method):
    alike = torch.ones(6, 5, requires_grad=True)
    METHODS[method].loss(alike, alike * 1.0).backward()
    assert torch.isfinite(alike.grad).all()


def test_a_stop_gives_what_was_learned_so_far(network):
    class StopsSoon(Silent):
        asked = 0

        @property
        def stop_requested(self) -> bool:
            self.asked += 1
            return self.asked > 3

    made = run(network, "contrast", epochs=50, watch=StopsSoon())
    assert not made.finished
    assert made.epochs == 3


def test_a_stop_before_the_first_step_leaves_the_network_as_it_was(network):
    class Stopped(Silent):
        stop_requested = True

    made = run(network, "contrast", watch=Stopped())
    assert not made.is_kept
    assert made.reason == "stopped before the first step"


def test_a_deadline_is_kept_by_fewer_passes(monkeypatch: pytest.MonkeyPatch):
    clock = Clock(look_s=1.0)  # the loop looks once a step
    for module in (pretrain.__module__, train.__module__):
        monkeypatch.setattr(sys.modules[module], "time", clock)
    made = run(tiny_networks.texts(), "contrast", epochs=100_000, deadline=200.0)
    assert 1 <= made.epochs < 100_000
    assert clock.now_s < 210.0


def test_a_network_that_cannot_be_trained_and_an_unknown_pretext_are_refused():
    with pytest.raises(SourceError, match="cannot be trained"):
        run(tiny_networks.images(tunable=False), "contrast")
    with pytest.raises(OptionError, match="unknown pretext"):
        run(tiny_networks.images(), "jigsaw")


def followed(spread: float) -> Followed:
    follow = Followed(lambda scores, features, wanted: scores.sum(), None)
    rng = torch.Generator().manual_seed(0)
    for step in range(AFTER_STEPS + 1):
        noise = torch.randn(8, 4, generator=rng)
        follow(noise, 1.0 + noise * (spread if step else 1.0), noise)
    return follow


def test_a_collapse_stops_the_training():
    assert followed(spread=1e-4).stop_requested


def test_features_that_keep_their_spread_do_not_stop_it():
    assert not followed(spread=0.5).stop_requested


def sights(*, change: float, rose: float = 0.4) -> tuple[Sight, Sight]:
    """50 held-out examples before and after; the share of views that find each other rose by so much."""
    rng = np.random.default_rng(0)
    before, other = (rng.normal(size=(50, 6)).astype(np.float32) for _ in range(2))
    hits = rng.uniform(0.3, 0.5, 50)
    return Sight(before, hits), Sight(
        (1 - change) * before + change * other, hits + rng.normal(rose, 0.1, 50)
    )


def gained(low: float) -> Gain:
    return Gain(0.05, 0.02, Interval(low, 0.1, 0.9), 0.8)


def test_a_parent_that_was_lost_is_left_as_it_was():
    found = worth(*sights(change=1.0), followed(0.5), has_parent=True, on_target=lambda: gained(0.01))
    assert not found.is_kept
    assert "too much of the parent was lost" in found.reason


def test_a_parent_that_moved_a_little_is_kept_and_a_scratch_network_may_move_far():
    assert worth(*sights(change=0.1), followed(0.5), has_parent=True).is_kept
    assert worth(*sights(change=1.0), followed(0.5), has_parent=False).is_kept
    assert not fault(*sights(change=1.0), followed(0.5), has_parent=False)


@pytest.mark.parametrize(("rose", "said"), [(-0.1, "nothing was learned"), (0.001, "no gain beyond noise")])
def test_what_merely_did_not_fall_is_not_kept(rose, said):
    found = worth(*sights(change=0.1, rose=rose), followed(0.5), has_parent=False)
    assert not found.is_kept
    assert said in found.reason


def test_a_change_that_chance_makes_is_rarely_taken_for_a_gain():
    rng = np.random.default_rng(0)
    plain = np.zeros((30, 2), np.float32)
    pairs = [[Sight(plain, rng.binomial(8, 0.5, 30) / 8) for _ in range(2)] for _ in range(400)]
    taken = sum(on_held_out(*pair).is_kept for pair in pairs)
    assert taken / 400 < 0.08  # 5 %, and two standard errors


def test_where_a_target_speaks_a_parent_is_kept_by_its_labels_alone():
    level = sights(change=0.1, rose=0.0)
    assert worth(*level, followed(0.5), has_parent=True, on_target=lambda: gained(0.01)).is_kept
    risen = sights(change=0.1)
    assert not worth(*risen, followed(0.5), has_parent=True, on_target=lambda: gained(-0.01)).is_kept


def test_what_begins_from_nothing_may_show_its_gain_on_either():
    level = sights(change=1.0, rose=0.0)
    assert worth(*level, followed(0.5), has_parent=False, on_target=lambda: gained(0.01)).is_kept
    risen = sights(change=1.0)
    assert worth(*risen, followed(0.5), has_parent=False, on_target=lambda: gained(-0.01)).is_kept


@pytest.mark.parametrize("method", EVERY)
def test_a_training_that_was_stopped_goes_on_to_the_same_bytes(network, method, tmp_path, monkeypatch):
    from headstart.training import checkpoint

    class StopsSoon(Silent):
        asked = 0

        @property
        def stop_requested(self) -> bool:
            self.asked += 1
            return self.asked > 3

    defaults = {"beside": None, "watch": None, "every_s": 0.0}  # kept after every step
    monkeypatch.setattr(checkpoint.Checkpoint.__init__, "__kwdefaults__", defaults)
    whole = run(network, method, epochs=6)
    stopped = run(network, method, epochs=6, checkpoints=tmp_path, watch=StopsSoon())
    assert not stopped.finished
    gone_on = run(network, method, epochs=6, checkpoints=tmp_path)
    assert gone_on.finished
    assert gone_on.curve == whole.curve
    assert (gone_on.agreement, gone_on.likeness) == (whole.agreement, whole.likeness)
    assert gone_on.reason == whole.reason
    assert all(torch.equal(gone_on.tensors[name], whole.tensors[name]) for name in whole.tensors)


def test_a_target_whose_labels_show_no_gain_keeps_the_parent():
    labels = synthetic.balanced(30, 3)
    pictures = synthetic.task(labels, items=tiny_networks.stripes(labels, 5), modality=Modality.IMAGE)
    made = run(tiny_networks.images(), "contrast", target=pictures)
    assert not made.is_kept
    assert "no gain over the parent" in made.reason


@pytest.mark.parametrize(("low", "is_kept"), [(0.01, True), (-0.01, False)])
def test_a_gain_is_proven_where_its_interval_lies_above_nought(low, is_kept):
    assert proven(gained(low), "the parent").is_kept is is_kept


def test_every_look_differs_and_keeps_shape_and_range():
    torch.manual_seed(0)
    pictures = torch.rand(6, 3, 16, 16)
    first, second = another_look(pictures), another_look(pictures)
    assert first.shape == pictures.shape
    assert not torch.equal(first, second)
    assert torch.isfinite(first).all()
    assert float(first.abs().max()) < 4.0
