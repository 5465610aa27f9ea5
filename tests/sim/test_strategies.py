"""What holds of every strategy, and what each one promises."""

import numpy as np
import pytest

from headstart.sim.environment import EnvironmentId
from headstart.sim.learning.job import Job
from headstart.sim.learning.knowledge import Knowledge
from headstart.sim.learning.learner import Learner
from headstart.sim.learning.life import work
from headstart.sim.learning.networks import named_layers
from headstart.sim.learning.settings import LearnerSettings
from headstart.sim.metered import metered
from headstart.sim.strategies import STRATEGIES
from headstart.sim.strategies.warm_critic import WARM_FRAC

SETTINGS = {
    "sac": LearnerSettings(family="sac", hidden=(8, 8), batch=8, starts=10, every=5),
    "dqn": LearnerSettings(family="dqn", hidden=(8, 8), batch=8, starts=10, every=5),
}
WORLDS = {"sac": "Pendulum-v1", "dqn": "CartPole-v1"}
WAYS = [(name, family) for name in STRATEGIES for family in SETTINGS if family in STRATEGIES[name].families]


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    made = {}
    for family, settings in SETTINGS.items():
        folder = tmp_path_factory.mktemp(family)
        text = WORLDS[family]
        work(
            Job(id="s", strategy="scratch", environment=text, target=text, settings=settings, steps=80,
                seed=0, run_seed=0, episodes=1),
            folder, lambda: False,
        )  # fmt: skip
        made[family] = folder / "best"
    return made


def begun(name, family, sources):
    source, strategy = Knowledge.load(sources[family]), STRATEGIES[name]
    env = strategy.wrapped(metered(EnvironmentId.parse(WORLDS[family])), source)
    settings = strategy.settings(source) or source.settings
    learner = Learner(env, settings, 0, steps=80, name=WORLDS[family])
    if strategy.uses_source:
        strategy.begin(learner, source)
    return strategy, learner, source


@pytest.mark.parametrize(("name", "family"), WAYS)
def test_every_strategy_learns_and_is_handed_back_as_one_artefact(name, family, sources, tmp_path):
    text = WORLDS[family]
    asked = Job(
        id=name, strategy=name, environment=text, target=text, source=str(sources[family]),
        settings=SETTINGS[family], steps=80, seed=3, run_seed=0, episodes=1,
    )  # fmt: skip
    done = work(asked, tmp_path, lambda: False)
    assert done.status == "complete"
    assert [point.step for point in done.curve] == [0, 20, 40, 60, 80]
    kept = Knowledge.load(tmp_path / "best").policy
    width = len(kept.record.observation_space["low"])
    assert len(kept.act(np.zeros((3, width)))) == 3


@pytest.mark.parametrize(
    ("name", "family"), [way for way in WAYS if STRATEGIES[way[0]].begins_as_source and way[0] != "scratch"]
)
def test_those_that_say_so_begin_by_acting_just_like_the_source(name, family, sources):
    strategy, learner, source = begun(name, family, sources)
    width = len(source.policy.record.observation_space["low"])
    seen = np.random.default_rng(0).normal(size=(40, width))
    ours, theirs = strategy.policy(learner, source).act(seen), source.policy.act(seen)
    assert np.abs(ours - theirs).max() < 1e-6


def test_a_warm_critic_learns_while_the_actor_stands_still(sources):
    strategy, learner, source = begun("warm-critic", "sac", sources)
    before = {name: layer.weight.detach().clone() for name, layer in named_layers(learner.model).items()}
    critic = learner.model.critic.qf0[0].weight.detach().clone()
    strategy.during(learner, source, 0.0)
    learner.learn(25, lambda: False)
    assert all((layer.weight == before[name]).all() for name, layer in named_layers(learner.model).items())
    assert not (learner.model.critic.qf0[0].weight == critic).all()
    strategy.during(learner, source, WARM_FRAC)
    learner.learn(25, lambda: False)
    assert not any(
        (layer.weight == before[name]).all() for name, layer in named_layers(learner.model).items()
    )


def test_values_of_choices_are_learned_while_the_source_goes_on_choosing(sources):
    strategy, learner, source = begun("warm-critic", "dqn", sources)
    strategy.during(learner, source, 0.0)
    learner.model.exploration_rate = 0.0
    seen = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    with_noise = seen + 0.0
    learner.model.q_net.q_net[-1].bias.data[0] += 100.0  # values that would choose otherwise
    chosen, _ = learner.model.predict(learner.venv.normalize_obs(with_noise))
    assert (chosen == source.policy.act(seen)).all()


@pytest.mark.parametrize(("name", "rate"), [("naive", 0.05), ("scratch", 1.0)])
def test_a_source_of_choices_does_not_begin_with_random_ones(name, rate, sources):
    _, learner, _ = begun(name, "dqn", sources)
    assert learner.model.exploration_schedule(1.0) == rate


def test_a_frozen_trunk_stays_and_a_new_head_learns(sources):
    strategy, learner, source = begun("features", "sac", sources)
    head = named_layers(learner.model)["head"].weight.detach().clone()
    learner.learn(25, lambda: False)
    arrays = learner.policy().arrays
    assert (arrays["trunk.0.weight"] == source.policy.arrays["trunk.0.weight"]).all()
    assert not (arrays["head.weight"] == head.numpy()).all()
    strategy.during(learner, source, 0.5)


def test_unfreezing_goes_from_the_head_downwards(sources):
    strategy, learner, source = begun("unfreeze", "sac", sources)
    moving = []
    for share in (0.0, 0.5, 0.9):
        strategy.during(learner, source, share)
        moving.append({n for n, layer in named_layers(learner.model).items() if layer.weight.requires_grad})
    assert moving[0] == {"head", "spread"}
    assert moving[1] == {"head", "spread", "trunk.1"}
    assert moving[2] == {"head", "spread", "trunk.1", "trunk.0"}


def test_a_set_share_of_each_batch_is_the_sources(sources):
    _, learner, _ = begun("replay", "sac", sources)
    learner.learn(25, lambda: False)
    learner.replay.observations[:] = 77.0
    drawn = learner.replay.sample(100)
    assert (drawn.observations == 77.0).all(1).float().mean() == pytest.approx(0.75)


def test_a_residual_cannot_leave_the_reach_of_its_base(sources):
    strategy, learner, source = begun("residual", "sac", sources)
    named_layers(learner.model)["head"].bias.data += 100.0
    seen = np.random.default_rng(0).normal(size=(40, 3))
    gap = strategy.policy(learner, source).act(seen) - source.policy.act(seen)
    assert gap.max() <= 1.0 + 1e-6  # half of half the width of -2 … 2
    assert gap.max() > 0.5


def test_the_pull_of_kick_starting_is_towards_the_source_and_fades(sources):
    import torch

    strategy, learner, source = begun("kick-start", "sac", sources)
    strategy.during(learner, source, 0.2)
    seen = torch.randn(32, 3)
    at_home = learner._regulariser(seen).item()
    named_layers(learner.model)["head"].bias.data += 1.0
    away, near_the_end = learner._regulariser(seen).item(), None
    strategy.during(learner, source, 0.6)
    near_the_end = learner._regulariser(seen).item()
    assert at_home == pytest.approx(0.0, abs=1e-6)
    assert away > near_the_end > 0
    strategy.during(learner, source, 0.8)
    assert learner._regulariser is None


def test_a_student_of_other_layers_acts_nearly_like_its_teacher(sources):
    strategy, learner, source = begun("distil", "sac", sources)
    seen = source.replay["observations"]
    gap = np.abs(strategy.policy(learner, source).act(seen) - source.policy.act(seen)).mean()
    assert learner.settings.hidden == (8, 8)  # no narrower than that
    assert gap < 0.2  # of -2 … 2
