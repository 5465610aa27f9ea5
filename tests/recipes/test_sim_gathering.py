"""Gather, learn from it, try it: what is kept, what is said, what is not lost."""

import json
import os

import numpy as np
import pytest

from headstart.cli.main import main
from headstart.core.errors import (
    DataError,
    MachineError,
    NothingYet,
    OptionError,
    OutputError,
    SimulationError,
)
from headstart.core.watch import Silent
from headstart.recipes.recordings import recording
from headstart.recipes.sim_clone import sim_clone
from headstart.recipes.sim_play import sim_play
from headstart.recipes.sim_record import sim_record
from headstart.recipes.storing import open_store
from headstart.sim.gathering import cloning
from headstart.sim.gathering.trajectories import Trajectories

POLES = "CartPole-v1?max_episode_steps=80"


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path / "home"))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(cloning, "clone", cloning.clone)
    monkeypatch.setitem(cloning.clone.__kwdefaults__, "most_updates", 300)
    monkeypatch.setitem(cloning.clone.__kwdefaults__, "hidden", (32,))


def test_a_recording_is_kept_with_what_is_to_be_said_about_it():
    made = sim_record("scripted", POLES, Silent(), episodes=4, name="poles")
    kept = open_store().get("poles")
    assert (kept.kind.value, kept.card["episodes"], kept.card["steps"]) == ("recording", 4, 320)
    assert made.object.source == "store:poles@1"
    found = recording("store:poles", None).recorded
    assert found.header.signature.actions_named
    assert found.header.versions["gymnasium"]
    assert found.returns == (80.0,) * 4


def test_the_same_recording_is_kept_once():
    ids = [sim_record("random", POLES, Silent(), episodes=2, name="r").object.version for _ in range(2)]
    assert ids == [1, 1]


def test_a_file_and_the_store_hold_the_same():
    in_file = sim_record("random", POLES, Silent(), episodes=2, out="r.parquet")
    assert in_file.sha256 == sim_record("random", POLES, Silent(), episodes=2, name="r").sha256


@pytest.mark.parametrize("place", [{}, {"name": "a", "out": "a.parquet"}])
def test_a_recording_goes_to_one_place(place):
    with pytest.raises(OptionError, match="--name"):
        sim_record("random", POLES, Silent(), **place)


def test_a_file_that_is_there_is_not_written_over(tmp_path):
    (tmp_path / "r.parquet").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="there already"):
        sim_record("random", POLES, Silent(), out="r.parquet")
    assert (tmp_path / "r.parquet").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("kind", ["NotANumber", "Raises"])
def test_of_a_broken_environment_nothing_is_kept(tmp_path, kind):
    with pytest.raises(SimulationError):
        sim_record("random", f"tests.sim.broken:Broken{kind}-v0", Silent(), out="n.parquet")
    assert not list(tmp_path.glob("*.parquet"))


def test_an_endless_environment_is_said_to_be_one():
    made = sim_record(
        "random", "tests.sim.broken:BrokenEndless-v0", Silent(), episodes=2, most_steps=50, out="e.parquet"
    )
    assert made.ended == {"cut": 2}
    assert "had not ended after 50 steps" in made.notes[0]


class StopsAfter(Silent):
    def __init__(self, pieces):
        self.left = pieces

    @property
    def stop_requested(self):
        self.left -= 1
        return self.left < 0


def test_stopped_the_whole_episodes_so_far_are_kept():
    made = sim_record("random", POLES, StopsAfter(2), episodes=9, out="s.parquet")
    assert (made.episodes, made.stopped) == (2, "interrupt")
    assert len(Trajectories.load("s.parquet")) == 2


def test_stopped_before_the_first_there_is_nothing():
    with pytest.raises(NothingYet):
        sim_record("random", POLES, StopsAfter(0), name="s")


def test_a_clone_is_kept_with_its_recording_as_parent(quick):
    sim_record("scripted", POLES, Silent(), episodes=6, name="poles")
    made = sim_clone("store:poles", Silent(), name="balancer", environment=POLES, episodes=5)
    assert made.verdict == "learned"
    assert made.clone.estimate > made.chance.estimate
    assert made.steps >= 5 * 80
    kept = open_store().get("balancer")
    assert [parent.label for parent in kept.parents] == ["poles@1"]
    assert "random actions returned there" in open_store().read_file(kept, "README.md").decode()
    assert any("few" in note for note in made.notes)


def test_a_clone_can_be_recorded_and_evaluated_like_any_policy(quick, capsys):
    sim_record("scripted", POLES, Silent(), episodes=6, name="poles")
    sim_clone("store:poles", Silent(), name="balancer")
    made = sim_record("store:balancer", POLES, Silent(), episodes=2, name="again")
    assert [one.label for one in open_store().get("again").parents] == ["balancer@1"]
    assert made.demonstrator == "the policy store:balancer@1"
    assert main(["sim", "eval", "store:balancer", POLES, "--episodes", "2", "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 2


def test_poor_demonstrations_are_called_poor(quick, monkeypatch):
    from headstart.sim.gathering import rules

    monkeypatch.setitem(rules.RULES, "CartPole-v1", lambda seen: int(seen[2] < 0))  # away from the fall
    sim_record("scripted", POLES, Silent(), episodes=10, name="bad")
    made = sim_clone("store:bad", Silent(), name="worse", environment=POLES, episodes=5)
    assert any(note.startswith("the demonstrations are poor") for note in made.notes)


def test_from_chance_no_policy_is_kept(quick):
    sim_record("random", POLES, Silent(), episodes=6, name="blind")
    with pytest.raises(DataError, match="nothing could be learned"):
        sim_clone("store:blind", Silent(), name="blind-policy")
    assert [one.name for one in open_store().ls()] == ["blind"]


def test_a_script_is_played_filmed_and_recorded(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps([1, 0] * 5), encoding="utf-8")
    made = sim_play(POLES, Silent(), script="a.json", film="a.gif", record="a.parquet")
    assert (made.steps, made.ended) == (10, "left")
    (one,) = Trajectories.load("a.parquet")
    assert one.actions.tolist() == [1, 0] * 5
    assert (tmp_path / "a.gif").read_bytes().startswith(b"GIF89a")


def test_where_there_is_no_screen_playing_ends_with_what_to_do_instead(capsys):
    assert main(["sim", "play", "Pendulum-v1", "--record", "p.parquet"]) == 3
    said = capsys.readouterr().err
    assert "no screen" in said
    assert "--script" in said


def test_without_a_screen_a_policy_still_acts_and_nothing_is_drawn():
    made = sim_play(POLES, Silent(), policy="scripted")
    assert (made.steps, made.film, made.recording) == (80, "", "")


def test_what_was_played_until_something_broke_is_kept():
    with pytest.raises(SimulationError, match=r"step\(\) raised ZeroDivisionError") as failed:
        sim_play("tests.sim.broken:BrokenRaises-v0", Silent(), policy="random", record="b.parquet")
    assert "Until then is kept: b.parquet" in failed.value.remedy
    (one,) = Trajectories.load("b.parquet")
    assert (one.steps, one.ended) == (2, "left")


def test_a_renderer_that_breaks_on_the_way_loses_no_step(monkeypatch):
    from gymnasium.envs.classic_control.cartpole import CartPoleEnv

    draw, step, taken = CartPoleEnv.render, CartPoleEnv.step, {}

    def breaks(self):
        if taken.get(self, 0) == 4:
            raise RuntimeError("the card is gone")
        return draw(self)

    def counted(self, action):
        taken[self] = taken.get(self, 0) + 1
        return step(self, action)

    monkeypatch.setattr(CartPoleEnv, "render", breaks)
    monkeypatch.setattr(CartPoleEnv, "step", counted)
    with pytest.raises(MachineError, match="the card is gone"):
        sim_play(POLES, Silent(), policy="scripted", film="f.gif", record="f.parquet")
    assert Trajectories.load("f.parquet").episodes[0].steps == 4
    assert os.path.exists("f.gif")


def test_keys_move_the_cart_and_escape_leaves(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    import pygame

    from headstart.sim.gathering.window import Window

    shown = Window.show

    def pressing(self, frame):
        shown(self, frame)
        pressing.at += 1
        key = {1: (pygame.KEYDOWN, pygame.K_RIGHT), 4: (pygame.KEYUP, pygame.K_RIGHT)}
        key[6] = (pygame.KEYDOWN, pygame.K_ESCAPE)
        if pressing.at in key:
            kind, name = key[pressing.at]
            pygame.event.post(pygame.event.Event(kind, key=name))

    pressing.at = 0
    monkeypatch.setattr(Window, "show", pressing)
    made = sim_play(POLES, Silent(), record="k.parquet")
    assert (made.player, made.ended) == ("a person at the keyboard", "left")
    (one,) = Trajectories.load("k.parquet")
    assert one.actions.tolist() == [1, 1, 1, 0, 0]
    assert np.isfinite(one.observations).all()


def test_a_film_of_a_kind_that_nothing_writes_is_refused_before_playing(monkeypatch):
    from headstart.sim import video

    monkeypatch.setattr(video, "find_spec", lambda name: None)
    with pytest.raises(MachineError, match=r"pip install imageio-ffmpeg"):
        sim_play(POLES, Silent(), policy="scripted", film="a.mp4", record="a.parquet")
    with pytest.raises(OptionError, match=r"\.gif or \.mp4"):
        sim_play(POLES, Silent(), policy="scripted", film="a.avi")
