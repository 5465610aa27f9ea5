"""A learner's life: the same seed the same weights, killed and taken up the same curve, bad worlds said."""

import json

import numpy as np
import pytest

from headstart.core.watch import Silent
from headstart.sim.environment import EnvironmentId
from headstart.sim.learning import job as jobs
from headstart.sim.learning import learner as learners
from headstart.sim.learning.job import BEST, OUTCOME, UNDER_WAY, Job, pieces
from headstart.sim.learning.life import work
from headstart.sim.learning.settings import LearnerSettings
from headstart.sim.learning.team import Team
from headstart.sim.learning.worker import JOB, run
from headstart.sim.metered import Ledger, metered
from headstart.sim.policy import Policy

SAC = LearnerSettings(family="sac", hidden=(8, 8), batch=8, starts=10, every=5)
DQN = LearnerSettings(family="dqn", hidden=(8,), batch=8, starts=10, every=5)


def a_job(text="Pendulum-v1", settings=SAC, **given):
    said = {"id": "one", "strategy": "scratch", "environment": text, "target": text, "settings": settings}
    return Job.model_validate(
        {**said, "steps": 80, "seed": 1, "run_seed": 0, "episodes": 1, "typed": True, **given}
    )


def weights(folder):
    return {name: array.tobytes() for name, array in Policy.load(folder / BEST).arrays.items()}


def never():
    return False


@pytest.mark.parametrize(("text", "settings"), [("Pendulum-v1", SAC), ("CartPole-v1", DQN)])
def test_the_same_seed_gives_the_same_curve_and_weights_and_another_seed_does_not(text, settings, tmp_path):
    first = work(a_job(text, settings), tmp_path / "a", never)
    again = work(a_job(text, settings), tmp_path / "b", never)
    other = work(a_job(text, settings, seed=2), tmp_path / "c", never)
    assert first.curve == again.curve
    assert weights(tmp_path / "a") == weights(tmp_path / "b")
    assert weights(tmp_path / "a") != weights(tmp_path / "c")
    assert other.status == "complete"


@pytest.mark.parametrize(("text", "settings"), [("Pendulum-v1", SAC), ("CartPole-v1", DQN)])
@pytest.mark.parametrize("buffer", [1000, 25])  # one that overflows keeps its newest rows in their places
def test_a_learner_that_was_stopped_goes_on_to_the_same_curve(text, settings, buffer, tmp_path, monkeypatch):
    settings = settings.model_copy(update={"buffer": buffer})
    whole = work(a_job(text, settings), tmp_path / "whole", never)
    piecewise, asked = a_job(text, settings), []

    def stop():  # in the sixth piece: what it did there is lost
        asked.append(None)
        return len(asked) > 5

    monkeypatch.setattr(learners, "LOOK_EVERY", 10)
    broken = work(piecewise, tmp_path / "cut", stop)
    assert broken.status == "out of time"
    assert (tmp_path / "cut" / UNDER_WAY).exists()
    ended = work(piecewise, tmp_path / "cut", never)
    assert ended.curve == whole.curve
    assert weights(tmp_path / "cut") == weights(tmp_path / "whole")
    assert not (tmp_path / "cut" / UNDER_WAY).exists()


def test_a_kept_learner_of_another_job_is_not_taken_up(tmp_path):
    asked = []

    def soon():
        asked.append(None)
        return len(asked) > 0

    work(a_job(steps=800), tmp_path, soon)
    ended = work(a_job(steps=80), tmp_path, never)
    assert [point.step for point in ended.curve] == [0, 20, 40, 60, 80]


def test_all_steps_are_counted_learning_and_looking(tmp_path):
    done = work(a_job(), tmp_path, never)
    assert done.steps == 80
    assert done.looked == 5 * 200


@pytest.mark.parametrize(
    ("kind", "said"), [("Raises", "ZeroDivisionError"), ("NotANumber", "no number"), ("Unmakeable", "port")]
)
def test_a_broken_world_is_an_outcome_that_says_what_broke(kind, said, tmp_path):
    outcome = run(a_job(f"tests.sim.broken:Broken{kind}-v0", DQN), tmp_path / "one", None)
    assert outcome.status.startswith("failed: ")
    assert said in outcome.status
    assert json.loads((tmp_path / "one" / OUTCOME).read_text())["status"] == outcome.status


def test_an_episode_that_never_ends_is_cut(monkeypatch):
    from headstart.sim import metered as meter

    monkeypatch.setattr(meter, "LONGEST_EPISODE", 30)
    env = metered(EnvironmentId.parse("tests.sim.broken:BrokenEndless-v0", typed=True))
    env.reset(seed=0)
    ended = [env.step(0)[3] for _ in range(30)]
    assert ended == [False] * 29 + [True]


def test_learning_stops_at_the_cap_of_broken_limits_and_keeps_what_it_has(tmp_path):
    capped = a_job("pair:cart-pole-long/target", DQN, steps=400, most_violations=3)
    done = work(capped, tmp_path, never)
    assert done.status == "cap"
    assert done.violations == 3
    assert Policy.load(tmp_path / BEST)


def test_violations_are_counted_into_the_ledger():
    ledger = Ledger()
    env = metered(EnvironmentId.parse("pair:cart-pole-long/source"), ledger)
    env.reset(seed=0)
    while not env.step(0)[2]:
        pass
    assert (ledger.violations, ledger.episodes) == (1.0, 1)


def test_one_worker_that_dies_does_not_take_the_others_with_it(tmp_path, monkeypatch):
    monkeypatch.setattr("headstart.sim.learning.team.WORKER", "tests.sim.dying_worker")
    fine, dying = a_job(id="fine"), a_job(id="dies")
    team = Team(tmp_path, 2, Silent())
    outcomes = team.done([fine, dying])
    assert [one.status for one in outcomes] == ["complete", "failed: its process ended with status -9"]


def test_finished_jobs_are_not_done_again_but_changed_ones_are(tmp_path):
    team = Team(tmp_path, 1, Silent())
    (first,) = team.done([a_job()])
    marked = first.model_copy(update={"wall_s": 123.0})
    (tmp_path / "one" / OUTCOME).write_text(marked.model_dump_json())
    assert team.done([a_job()])[0].wall_s == 123.0
    assert team.done([a_job(seed=5)])[0].wall_s != 123.0
    assert (tmp_path / "one" / JOB).exists()


@pytest.mark.parametrize("steps", [8, 100, 1000, 12_345, 250_000])
def test_pieces_cover_all_steps_and_looks_fall_between_them(steps):
    cut = pieces(steps)
    assert sum(cut) == steps
    assert len(cut) % jobs.LOOKS == 0
    assert np.ptp(cut) <= 1
