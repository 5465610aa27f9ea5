"""Films are small, the same each time, in step with one another, and never the reason that a run fails."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from headstart.sim import drawing
from headstart.sim.environment import EnvironmentId
from headstart.sim.films import film
from headstart.sim.gathering.actors import by_rule
from headstart.sim.gif import Reel, gif
from headstart.sim.metered import Ledger


def acted(text, **options):
    identity = EnvironmentId.parse(text, typed=True)
    return film(by_rule(identity)(0), identity, seed=1, **options)


def frames_of(data):
    with Image.open(BytesIO(data)) as picture:
        found = []
        for at in range(picture.n_frames):
            picture.seek(at)
            found.append((picture.info["duration"], np.asarray(picture.convert("RGB"))))
    return found


def test_the_same_seed_gives_the_same_film():
    one, two = (acted("headstart/LaneKeeping-v0?max_episode_steps=40") for _ in range(2))
    assert one.gif is not None
    assert one == two


def test_a_film_is_as_wide_and_as_long_as_asked():
    found = frames_of(acted("Pendulum-v1", seconds=2.0, side_pixels=96).gif)
    assert max(found[0][1].shape) == 96
    assert sum(duration for duration, _ in found) == pytest.approx(2000, rel=0.1)
    assert len({picture.tobytes() for _, picture in found}) > 5  # it moves


def test_an_episode_that_ends_early_stands_still_until_the_others_end():
    whole, short = (acted(f"pair:lane-ice/target?grip={grip}", seconds=2.0) for grip in (0.9, 0.15))
    assert short.steps < whole.steps
    lasted = [sum(duration for duration, _ in frames_of(one.gif)) for one in (whole, short)]
    assert lasted[0] == pytest.approx(lasted[1], rel=0.1)


def test_a_long_episode_is_played_faster_and_its_steps_are_counted():
    ledger = Ledger()
    found = acted("CartPole-v1", seconds=1.0, ledger=ledger)
    assert (found.steps, ledger.steps, found.returned) == (500, 500, 500.0)
    assert found.speed == pytest.approx(10.0)


def test_a_film_that_is_too_large_gets_fewer_frames_and_colours():
    large = acted("headstart/LaneKeeping-v0", side_pixels=160)
    small = acted("headstart/LaneKeeping-v0", side_pixels=160, max_bytes=len(large.gif) // 3)
    assert len(small.gif) <= len(large.gif) // 3
    assert len(frames_of(small.gif)) > 5


def test_what_fits_in_no_way_is_no_film_and_says_why():
    found = acted("CartPole-v1", max_bytes=100)
    assert found.gif is None
    assert "does not fit" in found.reason


def test_an_environment_without_pictures_is_no_film_and_says_why():
    identity = EnvironmentId.parse("tests.sim.broken:BrokenWalked-v0", typed=True)
    found = film(by_rule(EnvironmentId.parse("CartPole-v1"))(0), identity, seed=0)
    assert found.gif is None
    assert "no pictures" in found.reason


def test_a_renderer_that_fails_is_no_film_and_says_why(monkeypatch):
    def fails(self):
        raise RuntimeError("no card")

    monkeypatch.setattr("gymnasium.envs.classic_control.pendulum.PendulumEnv.render", fails)
    found = acted("Pendulum-v1")
    assert found.gif is None
    assert "no card" in found.reason


def test_without_any_renderer_mujoco_says_what_to_install(monkeypatch):
    monkeypatch.setattr(drawing, "mujoco_backend", lambda wanted, screen: "")
    found = film(by_rule(EnvironmentId.parse("Pendulum-v1"))(0), EnvironmentId.parse("Hopper-v5"), seed=0)
    assert found.gif is None
    assert "MUJOCO_GL" in found.reason


def test_renderers_are_tried_in_turn_until_one_draws(monkeypatch):
    tried = []
    monkeypatch.setattr(drawing, "_draws", lambda one: tried.append(one) or one == "osmesa")
    drawing.mujoco_backend.cache_clear()
    try:
        assert drawing.mujoco_backend("", False) == "osmesa"
        assert drawing.mujoco_backend("glfw", False) == ""
    finally:
        drawing.mujoco_backend.cache_clear()
    assert tried == ["egl", "osmesa", "glfw"]


def test_a_reel_never_holds_more_than_it_should_and_stays_evenly_spaced():
    reel = Reel(8, most=10)
    taken = []
    for at in range(100):
        if reel.due:
            taken.append(at)
        reel.add(np.full((8, 8, 3), at, dtype=np.uint8) if reel.due else None)
    shades = [int(np.asarray(frame)[0, 0, 0]) for frame in reel.frames]
    assert len(shades) <= 10
    assert shades == list(range(0, 100, reel.spacing))
    assert len(taken) < 30


def test_a_gif_of_the_same_frames_is_the_same():
    random = np.random.default_rng(0)
    reel = Reel(32)
    for _ in range(4):
        reel.add(random.integers(0, 255, (32, 32, 3), dtype=np.uint8))
    assert gif(reel.frames, 50, 10**6) == gif(reel.frames, 50, 10**6)
