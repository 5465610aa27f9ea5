"""Rollouts as small films: GIFs that a report can hold, each under a megabyte."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from headstart.core.errors import HeadstartError
from headstart.sim.environment import EnvironmentId
from headstart.sim.metered import Ledger, metered
from headstart.sim.rollouts import Acting

LONGEST_STEPS = 200
EVERY = 3  # steps a frame
WIDTH = 180  # pixels
FRAME_MS = 70
LARGEST_BYTES = 700_000
COLOURS = 64


def film(policy: Acting, environment: EnvironmentId, seed: int, file: Path, ledger: Ledger) -> float | None:
    """Act one episode from `seed` and write its film; the return, None where the environment cannot be drawn.

    A film is evidence for the eye, so that a machine without a renderer loses nothing else.
    """
    try:
        env = metered(environment, ledger, render_mode="rgb_array")
    except HeadstartError:
        return None
    frames: list[Any] = []
    total, over, step = 0.0, False, 0
    try:
        observation, _ = env.reset(seed=seed)
        while not over and step < LONGEST_STEPS:
            if step % EVERY == 0:
                frames.append(_small(env.render()))
            action = policy.act(observation[None])[0]
            observation, reward, terminated, truncated, _ = env.step(action)
            total, over, step = total + reward, terminated or truncated, step + 1
    except HeadstartError:
        raise
    except Exception:  # drivers of screens fail in ways of their own
        return None
    finally:
        env.close()
    data = _gif(frames)
    if data is None:
        return None
    file.write_bytes(data)
    return total


def _small(frame: Any) -> Any:
    from PIL import Image

    picture = Image.fromarray(np.asarray(frame, dtype=np.uint8))
    height = max(1, round(WIDTH * picture.height / picture.width))
    return picture.resize((WIDTH, height)).quantize(COLOURS)


def _gif(frames: list[Any]) -> bytes | None:
    """The frames as a GIF; every second one is left out until it is small enough."""
    while frames:
        stream = BytesIO()
        frames[0].save(
            stream, "GIF", save_all=True, append_images=frames[1:], duration=FRAME_MS, loop=0, optimize=True
        )
        if len(stream.getvalue()) <= LARGEST_BYTES:
            return stream.getvalue()
        frames = frames[::2] if len(frames) > 1 else []
    return None
