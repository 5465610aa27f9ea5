"""Pieces of evidence: what a long benchmark measured, with what made it, so that no machine takes it along.

    python benchmarks/evidence.py [verdict tuning …]     packs the pieces of these benchmarks, or of all

A piece is a JSON file in .bench/BENCH, which git ignores: what was found, and the commit, date, machine and
settings that made it. Packed into one file a benchmark, benchmarks/evidence/BENCH.json.xz, pieces live in
the repository: a benchmark looks for a piece in .bench, then there, and measures only what is in neither.
A piece of other settings, or one that does not say what made it, is measured anew. Pieces of another
commit count, lest a comma costs a night, and `Pieces.origins` tells which there are: a summary prints it.
"""

from __future__ import annotations

import json
import lzma
import os
import platform
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EVIDENCE = Path(__file__).resolve().parent / "evidence"
MOST_BYTES = 1 << 20  # of a packed file: more does not belong into a repository

Piece = dict[str, Any]  # "made": commit, date, machine, settings; "found": what was measured


def bench_folder(name: str) -> Path:
    """Where a benchmark keeps what it makes; ignored by git, resumed by the next run."""
    folder = Path(os.environ.get("HEADSTART_BENCH", ROOT / ".bench")) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Pieces:
    """The pieces of one benchmark that were made with `settings`, from .bench and from the repository."""

    def __init__(self, bench: str, *, packed: Path = EVIDENCE, **settings: object) -> None:
        self.folder, self.settings, self.asked = bench_folder(bench), settings, dict[str, Piece]()
        self.packed = unpacked(packed / f"{bench}.json.xz")

    def __contains__(self, name: str) -> bool:
        piece = read(self.folder / f"{name}.json") or self.packed.get(name)
        if piece is not None and piece["made"]["settings"] == self.settings:
            self.asked[name] = piece
        return name in self.asked

    def __getitem__(self, name: str) -> Any:
        """What was found.

        Raises:
            KeyError: there is no such piece, or other settings made it.
        """
        if name not in self:
            raise KeyError(name)
        return self.asked[name]["found"]

    def __setitem__(self, name: str, found: object) -> None:
        """Keep what was found, whole or not at all."""
        made = {
            "commit": commit(),
            "date": f"{date.today()}",
            "machine": machine(),
            "settings": self.settings,
        }
        path = self.folder / f"{name}.json"
        new = path.with_suffix(".new")
        new.write_text(json.dumps({"made": made, "found": found}))
        new.replace(path)

    def named(self) -> Iterator[str]:
        """The names of all pieces with these settings, sorted."""
        names = {path.stem for path in self.folder.glob("*.json")} | set(self.packed)
        return (name for name in sorted(names) if name in self)

    def origins(self) -> str:
        """What made the pieces that were asked for: a line for each commit, machine and settings."""
        return origins(self.asked.values())


def origins(pieces: Any) -> str:
    """How many pieces each commit, date, machine and settings made."""
    keys = ("commit", "date", "machine", "settings")
    made = Counter(", ".join(str(piece["made"][key]) for key in keys) for piece in pieces)
    return "\n".join(f"{count} pieces made by {what}" for what, count in sorted(made.items()))


def read(path: Path) -> Piece | None:
    """The piece in a file; None where there is none, or it does not say what made it."""
    if not path.exists():
        return None
    piece = json.loads(path.read_text())
    return piece if isinstance(piece, dict) and {"made", "found"} <= set(piece) else None


def unpacked(path: Path) -> dict[str, Piece]:
    """The pieces in a packed file by name; none where there is no file."""
    if not path.exists():
        return {}
    pieces: dict[str, Piece] = json.loads(lzma.decompress(path.read_bytes()))
    return pieces


def pack(bench: str, folder: Path = EVIDENCE) -> Path | None:
    """Add the pieces in .bench to the packed ones (which they replace); the same pieces, the same bytes.

    Raises:
        ValueError: more than MOST_BYTES; nothing is written.
    """
    path = folder / f"{bench}.json.xz"
    found = {file.stem: read(file) for file in bench_folder(bench).glob("*.json")}
    pieces = unpacked(path) | {name: piece for name, piece in found.items() if piece is not None}
    if not pieces:
        return None
    packed = lzma.compress(json.dumps(pieces, sort_keys=True, separators=(",", ":")).encode(), preset=9)
    if len(packed) > MOST_BYTES:
        raise ValueError(f"{bench}: {len(packed):,} bytes; at most {MOST_BYTES:,} belong into the repository")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed)
    print(f"{path.name}: {len(pieces)} pieces, {len(packed):,} bytes\n{origins(pieces.values())}")
    return path


def commit() -> str:
    """The commit that runs, with ``-dirty`` where files differ from it; ``unknown`` without git."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    return said.stdout.strip() or "unknown"


def machine() -> str:
    """Processor, cores, and the versions that matter."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    processor = platform.processor() or next(iter(names), "unknown processor")
    versions = f"Python {platform.python_version()}, torch {version('torch')}"
    return f"{platform.machine()}, {os.cpu_count()} cores, {processor}, {versions}"


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(path.name for path in bench_folder("").iterdir()):
        pack(name)
