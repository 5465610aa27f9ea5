"""What ``headstart sim record``, ``clone`` and ``play`` print for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headstart.cli.output import columns
from headstart.cli.simulated import score

if TYPE_CHECKING:
    from headstart.core.gathering import Cloned, Gathered, Played


def show_recording(record: Gathered) -> None:
    """Where it lies, what is in it, what is odd about it."""
    where = record.file if record.object is None else f"{record.object.name}@{record.object.version}"
    ended = ", ".join(f"{n} {how}" for how, n in record.ended.items())
    rows = [
        ["kept", where],
        ["episodes", f"{record.episodes} ({ended}), {record.steps:,} steps"],
        ["who", f"{record.demonstrator} in {record.environment}"],
    ]
    if record.returned is not None:
        rows.append(["return", score(record.returned)])
    rows.append(["safety", f"{record.violations:g} limits broken"])
    source = record.file if record.object is None else record.object.source
    rows.append(["reuse", f"headstart sim clone {source} --name NAME"])
    if record.stopped:
        rows.append(["stopped", f"by {record.stopped}: these are the whole episodes so far"])
    print(columns(rows))
    _notes(record.notes)


def show_clone(record: Cloned) -> None:
    """What was learned, and how it acts beside its demonstrator."""
    imitation = record.imitation
    low, high = imitation.interval.low, imitation.interval.high
    blind = "the mean action" if imitation.measure == "squared error" else "the shares of the choices"
    rows = [
        ["kept", f"{record.object.name}@{record.object.version} ({record.verdict})"],
        [
            "skill",
            f"{imitation.skill:.3f} [{low:.3f}, {high:.3f}]  1 is perfect, 0 is {blind}; on unseen episodes",
        ],
        ["error", f"{imitation.loss:.4g} {imitation.measure}, {blind}: {imitation.baseline:.4g}"],
    ]
    if imitation.agreement is not None:
        rows.append(["agreement", f"{imitation.agreement:.1%} of the choices are the demonstrator's"])
    for words, one in (
        ("demonstrator", record.demonstrator),
        ("clone", record.clone),
        ("random", record.chance),
        ("difference", record.difference),
    ):
        if one is not None:
            rows.append([words, score(one)])
    rows.append(["reuse", f"headstart sim fit ENV --source {record.object.source} --target-steps N"])
    print(columns(rows))
    _notes(record.notes)


def show_play(record: Played) -> None:
    """How it went, and what was written."""
    rows = [["played", f"{record.steps} steps by {record.player} in {record.environment}, {record.ended}"]]
    rows.append(["return", f"{record.returned:.4g}, {record.violations:g} safety limits broken"])
    rows += [
        [words, file] for words, file in (("film", record.film), ("recording", record.recording)) if file
    ]
    print(columns(rows))
    _notes(record.notes)


def _notes(notes: tuple[str, ...]) -> None:
    for note in notes:
        print(f"note: {note}")
