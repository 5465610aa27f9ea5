"""`sim develop` and `sim fit`, whole: what is kept, handed back, recorded, counted, resumed."""

import json
from dataclasses import replace

import numpy as np
import pytest

import headstart as hs
from headstart.core.errors import InputError, OptionError, SimulationError, SourceError
from headstart.core.watch import Silent
from headstart.recipes.policies import found
from headstart.recipes.sim_develop import sim_develop
from headstart.recipes.sim_eval import sim_eval
from headstart.recipes.sim_fit import sim_fit
from headstart.recipes.sim_race import names
from headstart.recipes.sim_settings import SimDevelopSettings, SimFitSettings
from headstart.recipes.storing import add
from headstart.report import read_run
from headstart.sim.policy import Policy
from headstart.store import ObjectKind, Store


def fitted(settings, **given):
    return sim_fit(SimFitSettings.read({**settings, **given}), Silent())


@pytest.fixture(scope="module")
def developed(tmp_path_factory):
    root = tmp_path_factory.mktemp("developed")
    settings = SimDevelopSettings.read(
        {
            "environment": "pair:pendulum-late/source", "name": "swing", "steps": 160, "seeds": 2,
            "threads": 1, "hidden": (8, 8), "store": str(root / "store"), "out": str(root / "out"),
        }
    )  # fmt: skip
    return root, sim_develop(settings, Silent())


@pytest.fixture(scope="module")
def ran(developed):
    root, _ = developed
    settings = {
        "environment": "pair:pendulum-late/target", "source": "store:swing", "target_steps": 80, "seeds": 2,
        "threads": 1, "store": str(root / "store"), "out": str(root / "run"),
        "strategy": ("warm-critic", "identify"),
    }  # fmt: skip
    return settings, fitted(settings)


def test_what_is_developed_is_kept_with_all_that_strategies_need(developed):
    root, made = developed
    kept = Store(root / "store").get("swing")
    assert kept.kind is ObjectKind.POLICY
    assert {file.path for file in kept.files} == {
        "policy.json", "policy.safetensors", "critic.safetensors", "replay.safetensors", "learner.json",
        "README.md",
    }  # fmt: skip
    assert kept.card["environment"] == "pair:pendulum-late/source"
    assert {"versions", "score", "normalisation", "observation_space", "cost"} <= set(kept.card)
    assert made.record.score.interval.low <= made.record.score.estimate <= made.record.score.interval.high


def test_every_step_of_a_development_is_counted(developed):
    _, made = developed
    learning, looks, judging = 2 * 160, 2 * 5 * 3 * 200, 2 * 15 * 200
    assert made.record.steps == learning + looks + judging


def test_the_run_folder_is_that_of_every_run(ran):
    _, run = ran
    record = read_run(run.folder)
    assert record == run.record
    assert record.task.kind == "control"
    assert {one.id for one in record.controls} == {"zero-shot", "scratch"}
    assert {one.id for one in record.candidates} == {"warm-critic", "identify"}
    assert "<script>" in (run.folder / "report.html").read_text()
    assert (run.folder / "evidence.parquet").exists()


def test_what_is_handed_back_loads_and_acts(ran):
    _, run = ran
    policy = hs.load(run.folder)
    assert isinstance(policy, Policy)
    assert policy.act(np.zeros((4, 3))).shape == (4, 1)
    assert "base_model: store:swing@1" in (run.folder / "model" / "README.md").read_text()


def test_all_target_steps_are_counted_and_simulated_ones_are_apart(ran):
    _, run = ran
    arms = {arm.candidate: arm for arm in run.record.control.arms}
    assert arms["scratch"].steps == arms["warm-critic"].steps == 2 * 80
    assert (arms["identify"].steps, arms["identify"].simulated) == (0, 2 * 2 * 80)
    assert arms["scratch"].looked == 2 * 5 * 3 * 200
    assert arms["warm-critic"].looked == 2 * 4 * 3 * 200  # how it begins is known: as the source
    elsewhere = run.record.cost.target_steps - sum(arm.steps + arm.looked for arm in arms.values())
    rows = 10 + 2 * (10 + 5)
    films = len(run.record.control.films) * 200
    walk = 200  # of random actions, to read the target's contract
    trajectories = 3 * 200 + 2 * 100  # the looks at the source, and two more that are cut
    assert elsewhere == trajectories + rows * 200 + films + walk


def test_the_simulator_was_identified_from_them(ran):
    _, run = ran
    named = {one.name for one in run.record.control.identified}
    assert named == {"mass", "length", "gravity", "action_delay"}


def test_the_same_seed_hands_back_the_same_bytes(ran, tmp_path):
    settings, run = ran
    again = fitted(settings, out=str(tmp_path / "again"))
    assert (again.folder / "model" / "policy.safetensors").read_bytes() == (
        run.folder / "model" / "policy.safetensors"
    ).read_bytes()
    assert again.record.verdict == run.record.verdict


def test_a_finished_run_is_not_run_again(ran):
    settings, run = ran
    assert fitted(settings, resume=True).record == run.record


def test_a_run_that_was_killed_goes_on_and_hands_back_the_same_bytes(ran, tmp_path, monkeypatch):
    settings, run = ran
    there = {"out": str(tmp_path / "killed"), "resume": True}
    with monkeypatch.context() as patched:
        patched.setattr("headstart.recipes.sim_fit.compare", killed)
        with pytest.raises(KeyboardInterrupt):
            fitted(settings, **there)
    assert not (tmp_path / "killed" / "run.json").exists()
    learned = []
    monkeypatch.setattr("headstart.sim.learning.team.run", lambda *given: learned.append(given))
    again = fitted(settings, **there)
    assert not learned  # every learner had ended before the kill
    assert (again.folder / "model" / "policy.safetensors").read_bytes() == (
        run.folder / "model" / "policy.safetensors"
    ).read_bytes()


def killed(*_):
    raise KeyboardInterrupt


def test_a_total_of_target_steps_is_kept_and_the_cheapest_way_is_begun_first(ran, tmp_path):
    settings, _ = ran
    given = {"strategy": ("identify", "warm-critic"), "total_steps": 9_500, "films": False}
    run = fitted(settings, out=str(tmp_path / "capped"), **given)
    assert run.record.cost.target_steps <= 9_500
    arms = {one.id: one for one in (*run.record.candidates, *run.record.controls)}
    assert arms["identify"].score is not None
    assert arms["warm-critic"].status.startswith("not begun: it may take")
    assert arms["warm-critic"].score is None


def test_it_is_said_when_transfer_was_as_good_as_learning_from_scratch(ran):
    _, run = ran
    reached = run.record.control.reached
    scratch = next(arm for arm in run.record.control.arms if arm.candidate == "scratch")
    assert reached.control_steps == (scratch.steps + scratch.looked) / 2
    assert reached.by in {"", "zero-shot", "warm-critic", "identify"}
    if reached.by == "zero-shot":
        assert reached.steps == 200 + 3 * 200  # the walk, and three looks


def test_a_run_stopped_at_once_hands_back_the_source_and_claims_nothing(ran, tmp_path):
    settings, _ = ran
    run = fitted(settings, out=str(tmp_path / "late"), time_limit=0.001, strategy=("warm-critic",))
    assert run.record.stopped == "budget"
    assert run.record.chosen.candidate == "zero-shot"
    assert run.record.verdict.decision == "undecided"


def test_what_is_handed_back_can_be_kept_and_be_a_source_again(ran, tmp_path):
    settings, run = ran
    kept = add(str(run.folder / "model"), name="moved", store=settings["store"])
    assert kept.kind is ObjectKind.POLICY
    assert [parent.label for parent in kept.parents] == ["source store:swing@1"]
    again = fitted(settings, source="store:moved", strategy=("residual",), out=str(tmp_path / "on"))
    assert again.record.ranking[0].source == "store:moved@1"
    assert add(str(run.folder), name="run", store=settings["store"]).kind is ObjectKind.RUN


def test_a_policy_is_scored_on_episodes_of_its_own(ran):
    _, run = ran
    found = sim_eval(str(run.folder / "model"), "Pendulum-v1", Silent(), episodes=3)
    assert (found.metric, found.n) == ("return", 3)
    assert found.interval.low <= found.score <= found.interval.high


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"environment": "CartPole-v1"}, SimulationError, "actions"),
        ({"environment": "Pendulm-v1"}, SimulationError, "Pendulum"),
        ({"source": "store:nothing"}, InputError, "nothing"),
        ({"strategy": ("wonder",)}, OptionError, "wonder"),
        ({"target_steps": 1}, OptionError, "target-steps"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_left_behind(given, kind, said, ran, tmp_path):
    settings, _ = ran
    with pytest.raises(kind, match=said):
        fitted(settings, out=str(tmp_path / "refused"), **given)
    left = [path.name for path in (tmp_path / "refused").glob("*")] if (tmp_path / "refused").exists() else []
    assert set(left) <= {"log.jsonl"}


def test_only_a_policy_can_be_a_source(ran, tmp_path):
    settings, _ = ran
    store = Store(tmp_path / "store")
    store.add({}, name="cars", kind=ObjectKind.TASK, card={})
    with pytest.raises(SourceError, match="is a task"):
        fitted(settings, store=str(tmp_path / "store"), source="store:cars", out=str(tmp_path / "o"))


def test_the_record_is_strict_json(ran):
    _, run = ran
    text = (run.folder / "run.json").read_text()
    assert "NaN" not in text
    assert json.loads(text)["cost"]["target_steps"] > 0


def test_a_simulator_is_not_fitted_to_a_target_that_is_observed_otherwise(developed):
    root, _ = developed
    source = replace(found("store:swing", str(root / "store"), home=""), refitted=True)
    settings = {"environment": "x", "source": "x", "target_steps": 80}
    learner = source.knowledge.settings
    assert "identify" not in names(SimFitSettings.read(settings), source, learner)
    with pytest.raises(OptionError, match="observed or commanded otherwise"):
        names(SimFitSettings.read({**settings, "strategy": ("identify",)}), source, learner)
    assert "identify" in names(SimFitSettings.read(settings), replace(source, refitted=False), learner)
