"""The purse of target steps: what it pays, what it keeps back, and what it refuses."""

import numpy as np
import pytest

from headstart.core.errors import OptionError
from headstart.recipes.sim_purse import FEWEST_FRESH, FRESH, Purse, purse_for
from headstart.recipes.sim_settings import SimFitSettings
from headstart.sim.environment import EnvironmentId
from headstart.sim.learning.job import Job

TARGET = "Pendulum-v1"


def job(name: str, steps: int = 1000, home: str = TARGET, **given: object) -> Job:
    return Job(
        id=name, strategy=name, environment=home, target=TARGET, steps=steps, seed=0, run_seed=0, **given
    )


def settings(**given: object) -> SimFitSettings:
    whole = {"environment": TARGET, "source": "store:swing", "target_steps": 1000, **given}
    return SimFitSettings.read(whole)


def test_without_a_total_everything_is_paid():
    purse = purse_for(settings(), EnvironmentId.parse(TARGET))
    jobs = [job(f"replay-{index}", 10**6) for index in range(20)]
    assert purse.afforded(jobs, 10**9) == jobs
    assert purse.fresh == FRESH


def test_a_learner_costs_its_steps_and_looks_and_a_simulated_one_only_looks():
    purse = Purse(total=10_000, episode=200)
    assert purse.cost(job("scratch")) == 1000 + 5 * 3 * 200
    assert purse.cost(job("replay", beginning=(1.0,))) == 1000 + 4 * 3 * 200  # how it begins is known
    assert purse.cost(job("identify", home="Pendulum-v1?g=9.0", beginning=(1.0,))) == 4 * 3 * 200


@pytest.mark.parametrize("total", [5_000, 20_000, 100_000])
def test_what_is_paid_and_kept_back_stays_within_the_total(total):
    purse = Purse(total=total, episode=200)
    paid = purse.afforded([job(f"replay-{index}") for index in range(100)], taken=1000)
    spent = 1000 + sum(purse.cost(one) for one in paid) + purse.reserve
    assert spent <= total or not paid
    assert FEWEST_FRESH <= purse.fresh <= FRESH


def test_what_is_too_dear_does_not_keep_out_what_is_cheap():
    purse = Purse(total=8_000, episode=100)
    dear, cheap = job("replay", 10**6), job("identify", 10**6, home="Pendulum-v1?g=9.0")
    assert purse.afforded([dear, cheap], taken=0) == [cheap]


def test_a_total_with_which_nothing_can_be_said_is_refused_before_any_step():
    least = Purse(1.0, episode=200).least
    assert purse_for(settings(total_steps=least), EnvironmentId.parse(TARGET)).total == least
    with pytest.raises(OptionError, match="an episode has up to 200 steps") as refused:
        purse_for(settings(total_steps=least - 1), EnvironmentId.parse(TARGET))
    assert f"at least {least:,}" in str(refused.value)


@pytest.mark.parametrize(
    ("learner", "total", "walk"),
    [(80, np.inf, 200), (2000, np.inf, 400), (10**6, np.inf, 1000), (2000, 4000, 200)],
)
def test_the_walk_that_reads_the_contract_is_short_beside_what_is_learned_from(learner, total, walk):
    assert Purse(total=total, learner=learner).walk_steps == walk


def test_where_the_environment_does_not_say_the_longest_episode_seen_counts():
    purse = Purse(total=10_000)
    purse.saw(np.array([30, 70, 50]).tolist())
    assert purse.episode == 70
    known = Purse(total=10_000, episode=200)
    known.saw([30])
    assert known.episode == 200
