"""What ``headstart develop`` prints: the four steps, each with what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headstart.cli.output import columns, show_specification, show_troubles

if TYPE_CHECKING:
    from headstart.core.development import DevelopRecord


def show(record: DevelopRecord, folder: object) -> None:
    """The headline, the four steps, where the report lies."""
    print(record.headline)
    choice, kept = record.choice, record.object
    chosen = [line for line in record.selection if line.rank == 1]
    only = "examples without labels" if record.pretext else "the only task given"
    picked = f"{chosen[0].name}: {chosen[0].reason}" if chosen else f"{record.task.id}, {only}"
    rows = [["1 select", picked]]
    rows.append(["2 develop", choice.reason])
    if record.pretext is not None:
        rows.append(["", f"{record.pretext.method}; no label was looked at and no score was taken"])
    if record.held_out is not None:
        low, high = record.held_out.interval.low, record.held_out.interval.high
        shown = f"{record.held_out.score:.3f} [{low:.3f}, {high:.3f}]  {record.held_out.metric}"
        rows.append(["", f"{shown} on {record.held_out.n} examples that nobody used"])
    if record.baseline is not None:
        rows.append(["", f"{record.baseline.score:.3f}  {record.baseline.name}, nothing developed"])
    for line in record.reuse:
        rows.append(["3 reuse", f"{line.source}: {line.score:.3f} on the target ({line.reason})"])
    if not record.reuse:
        rows.append(["3 reuse", f"kept as {kept.name}@{kept.version}, {kept.bytes / 1e6:.1f} MB"])
    rows.append(["4 tune", record.next_steps[0].partition(": ")[2] or kept.source])
    rows.append(["report", f"{folder}/report.html"])
    if record.stopped:
        from headstart.report import stopped

        rows.append(["stopped", stopped(record)])
    print(columns(rows))
    if record.specification:
        show_specification(record)
    show_troubles(record.findings, f"{folder}/report.html")
