"""The story of `sim play`: one episode by a person, a script or a policy, seen, filmed and recorded."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from headstart.core.errors import HeadstartError, MachineError, OptionError, OutputError
from headstart.core.gathering import Played
from headstart.core.watch import Watch
from headstart.recipes.demonstrators import SCRIPTED, Demonstrator, demonstrator
from headstart.recipes.sim_record import header_of, keep
from headstart.report.whole_file import write_bytes
from headstart.sim import spaces
from headstart.sim.drawing import frames_per_second, has_screen, open_to_draw, picture
from headstart.sim.environment import EnvironmentId
from headstart.sim.gathering.actors import gym_id
from headstart.sim.gathering.keys import keys_for
from headstart.sim.gathering.trajectories import FILE, Header, Trajectory
from headstart.sim.gathering.walking import Left, Walked, walk, walked_in
from headstart.sim.gathering.window import ByKeyboard, Window, require_screen
from headstart.sim.gathering.writing import writing
from headstart.sim.gif import Reel
from headstart.sim.metered import LONGEST_EPISODE, Metered, metered
from headstart.sim.rollouts import episode_seeds
from headstart.sim.video import SUFFIXES, check_writer, encoded

FILM_SIDE_PIXELS = 320


def sim_play(
    environment: str,
    watch: Watch,
    *,
    policy: str | None = None,
    script: str | None = None,
    film: str | None = None,
    record: str | None = None,
    most_steps: int = LONGEST_EPISODE,
    seed: int = 0,
    store: str | None = None,
) -> Played:
    """Play one episode. Whatever ends it, the steps until then are in `record` and `film`.

    Raises:
        MachineError: a window or a picture is wanted, and cannot be had here; said is what to do instead.
        OptionError, OutputError: options that do not go together, files that are there already.
        SimulationError, DataError: the environment or the script cannot be used.
    """
    target = EnvironmentId.parse(environment, typed=True)
    _check(policy, script, film, record)
    by_hand = policy is None and script is None
    if by_hand:
        require_screen()
    seen = by_hand or film is not None or has_screen()
    with ExitStack() as stack:
        env = stack.enter_context(_opened(target, seen, needed=by_hand or film is not None))
        window = _window(target, env, stack, needed=by_hand) if env.render_mode is not None else None
        acting = _player(policy, script, target, env, window, seed=seed, store=store)
        header = header_of(target, env, acting, seed=seed, most_steps=most_steps) if record else None
        walked = walked_in(env, episode_seeds(seed, "play", 1)[0])
        reel = Reel(FILM_SIDE_PIXELS) if film is not None else None
        watch.stage(f"{acting.words} in {target.text}")
        if window is not None and by_hand:
            watch.say(str(_keys(target, env)))

        def look() -> None:
            if watch.stop_requested:
                raise Left
            if window is not None or (reel is not None and reel.due):
                frame = picture(env)
                if window is not None:
                    window.show(frame)
                if reel is not None:
                    reel.add(frame)
            elif reel is not None:
                reel.add(None)

        try:
            walk(acting.actor(walked.seed), env, walked, most_steps=most_steps, look=look)
        except HeadstartError as error:
            kept = _kept(walked, header, acting, reel, film, record, env)
            if kept:
                error.remedy += f" Until then is kept: {', '.join(kept)}."
            raise
        kept = _kept(walked, header, acting, reel, film, record, env)
        done = walked.trajectory()
        return _played(target, acting, done, film if film in kept else "", record if record in kept else "")


def _check(policy: str | None, script: str | None, film: str | None, record: str | None) -> None:
    if policy is not None and script is not None:
        raise OptionError(
            "both --policy and --script",
            expected="one of them, or neither: then you play",
            remedy="Leave one of them out.",
        )
    for option, file in (("--film", film), ("--record", record)):
        if file is not None and Path(file).expanduser().exists():
            raise OutputError("it is there already", where=file, remedy=f"Name another file with {option}.")
    if film is not None:
        if Path(film).suffix.lower() not in SUFFIXES:
            raise OptionError(
                f"--film {film}",
                expected=f"a file that ends in {' or '.join(SUFFIXES)}",
                remedy="Name the film so.",
            )
        check_writer(Path(film))


def _opened(target: EnvironmentId, seen: bool, *, needed: bool) -> Metered:
    """The environment, with pictures where they are of use and can be had."""
    if not seen:
        return metered(target)
    try:
        return open_to_draw(target)
    except MachineError:
        if needed:
            raise
        return metered(target)


def _window(target: EnvironmentId, env: Metered, stack: ExitStack, *, needed: bool) -> Window | None:
    if not needed and not has_screen():
        return None
    window = Window(target.text, frames_per_second(env))
    stack.callback(window.close)
    return window


def _player(
    policy: str | None,
    script: str | None,
    target: EnvironmentId,
    env: Metered,
    window: Window | None,
    *,
    seed: int,
    store: str | None,
) -> Demonstrator:
    if policy is None and script is None:
        assert window is not None
        keyboard = ByKeyboard(window, _keys(target, env))
        return Demonstrator("a person at the keyboard", lambda _: keyboard)
    return demonstrator(policy or SCRIPTED, target, env, script=script, seed=seed, store=store)


def _keys(target: EnvironmentId, env: Metered) -> Any:
    return keys_for(gym_id(target), spaces.to_json(env.action_space))


def _kept(
    walked: Walked,
    header: Header | None,
    acting: Demonstrator,
    reel: Reel | None,
    film: str | None,
    record: str | None,
    env: Metered,
) -> list[str]:
    """Write what there is; the files that were written."""
    kept = []
    if record is not None and header is not None and walked.observations:
        with tempfile.TemporaryDirectory() as work:
            file = Path(work) / FILE
            with writing(file, header) as writer:
                writer.add(walked.trajectory())
            keep(file, header, writer.episodes, acting, name=None, out=record, store=None)
        kept.append(record)
    if film is not None and reel is not None and reel.frames:
        data = encoded(reel, Path(film), frames_per_second(env))
        write_bytes(Path(film).expanduser(), data)
        kept.append(film)
    return kept


def _played(
    target: EnvironmentId, acting: Demonstrator, done: Trajectory, film: str | None, record: str | None
) -> Played:
    return Played(
        environment=target.text,
        player=acting.words,
        seed=done.seed,
        steps=done.steps,
        returned=done.returned,
        violations=float(done.violations.sum()),
        ended=done.ended,
        film=film or "",
        recording=record or "",
    )
