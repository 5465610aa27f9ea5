"""Rollouts as small films, to be laid beside each other: same seed, same pace, same length."""

from __future__ import annotations

from dataclasses import dataclass

from headstart.core.errors import MachineError, SimulationError
from headstart.sim.drawing import frames_per_second, open_to_draw, picture
from headstart.sim.environment import EnvironmentId
from headstart.sim.gathering.walking import Left, walk, walked_in
from headstart.sim.gif import Reel, gif
from headstart.sim.metered import Ledger, Metered, metered
from headstart.sim.rollouts import Acting

SECONDS = 8.0
SIDE_PIXELS = 180
MAX_BYTES = 400_000  # a page with three films stays small enough to be sent by mail
FRAME_S = 0.08  # between two frames; smoother costs more bytes than it shows


@dataclass(frozen=True, slots=True)
class Filmed:
    """A film, or why there is none.

    Attributes:
        gif: None where nothing could be drawn; `reason` says why then.
        returned: of the steps that were acted; None where none was.
        steps: acted, and counted into the ledger.
        speed: how many times faster than the simulated world it plays.
    """

    gif: bytes | None
    reason: str = ""
    returned: float | None = None
    steps: int = 0
    speed: float = 1.0


def film(
    policy: Acting,
    environment: EnvironmentId,
    *,
    seed: int,
    ledger: Ledger | None = None,
    seconds: float = SECONDS,
    side_pixels: int = SIDE_PIXELS,
    max_bytes: int = MAX_BYTES,
) -> Filmed:
    """Act one episode from `seed` and film it.

    The film lasts `seconds`: longer episodes are played faster (those without a time limit are cut), and one
    that ends early stands still at its end, so that films of the same environment keep in step. The longer
    side has `side_pixels` at most. Deterministic: the same policy and seed give the same bytes on a machine.

    Raises:
        SimulationError: the environment cannot be opened, or failed. That it cannot be drawn is no error.
    """
    metered(environment).close()  # what cannot be opened at all is an error
    try:
        env = open_to_draw(environment, ledger)
    except (MachineError, SimulationError) as error:
        return Filmed(None, _first_line(error))
    try:
        return _filmed(policy, env, seed, seconds, side_pixels, max_bytes)
    finally:
        env.close()


def _filmed(
    policy: Acting, env: Metered, seed: int, seconds: float, side_pixels: int, max_bytes: int
) -> Filmed:
    fps = frames_per_second(env)
    limit = env.spec.max_episode_steps if env.spec is not None else None
    pace = max(fps, (limit or 0) / seconds)  # steps in a second of the film
    most_steps = max(1, int(pace * seconds))
    every = max(1, round(FRAME_S * pace))
    reel, walked, failed = Reel(side_pixels), walked_in(env, seed), ""

    def look() -> None:
        nonlocal failed
        if len(walked.rewards) % every == 0:
            try:
                reel.add(picture(env))
            except (MachineError, SimulationError) as error:
                failed = _first_line(error)
                raise Left from error

    walk(policy, env, walked, most_steps=most_steps, look=look)
    done = walked.trajectory()
    if not failed and done.steps % every:
        reel.end(picture(env))
    if failed:
        return Filmed(None, failed, steps=done.steps)
    frame_ms = 1000 * every * reel.spacing / pace
    hold_ms = max(0.0, 1000 * seconds - frame_ms * len(reel.frames))
    data = gif(reel.frames, frame_ms, max_bytes, hold_ms=hold_ms)
    reason = "" if data is not None else f"its film does not fit into {max_bytes:,} bytes"
    return Filmed(data, reason, done.returned, done.steps, pace / fps)


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split("\n  "))
