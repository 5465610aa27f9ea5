"""A reel as the bytes of a film file: GIF always, MP4 where imageio has a writer for it."""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from headstart.core.errors import MachineError
from headstart.sim.gif import Reel, gif

SUFFIXES = (".gif", ".mp4")
MAX_BYTES = 5_000_000


def check_writer(file: Path) -> None:
    """Refuse a file that nothing here can write.

    Raises:
        MachineError: said is what to install.
    """
    if file.suffix.lower() == ".mp4" and find_spec("imageio_ffmpeg") is None:
        raise MachineError(
            "nothing here writes .mp4",
            where=str(file),
            remedy="Install a writer:  pip install imageio-ffmpeg  (or name a .gif file).",
        )


def encoded(reel: Reel, file: Path, steps_per_second: float) -> bytes:
    """The film at the world's own pace (slower where that is more than 50 frames a second).

    Raises:
        MachineError: even its smallest form is larger than `MAX_BYTES`.
    """
    frame_ms = 1000 * reel.spacing / steps_per_second
    if file.suffix.lower() == ".gif":
        data = gif(reel.frames, frame_ms, MAX_BYTES)
        if data is None:
            raise MachineError(f"the film does not fit into {MAX_BYTES:,} bytes", where=str(file))
        return data
    return _mp4(reel, 1000 / frame_ms)


def _mp4(reel: Reel, frames_per_second: float) -> bytes:
    """H.264 wants even sides: an odd last row or column is left out."""
    import imageio.v2 as imageio

    frames = [np.asarray(frame) for frame in reel.frames]
    high, wide = (side // 2 * 2 for side in frames[0].shape[:2])
    with tempfile.TemporaryDirectory() as work:
        file = Path(work) / "film.mp4"
        imageio.mimwrite(
            file, [frame[:high, :wide] for frame in frames], fps=frames_per_second, macro_block_size=2
        )
        return file.read_bytes()
