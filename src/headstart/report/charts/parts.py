"""What is reused of a source: its parts from input to output, frozen, tuned or reset."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from headstart.core.candidate import Parts
from headstart.report.charts.chart import Chart
from headstart.report.charts.markup import tag
from headstart.report.names import span

WORDS = {"frozen": "kept as it is", "tuned": "tuned", "reset": "started afresh", "tap": "read here"}
MOST_SEGMENTS = 24


def draw(parts: Parts, taps_of_source: Sequence[str] = ()) -> Chart | None:
    """A strip of segments; a triangle where features are read. None where a model has no parts.

    A probe keeps the network whole (``frozen=("all",)``): then the source's taps are its segments.

    >>> draw(Parts(frozen=("stem", "block.0"), tuned=("block.1",), taps=("block.1",))).summary
    'kept as it is: stem … block.0; tuned: block.1; read here: block.1'
    """
    frozen = tuple(taps_of_source) or parts.taps if parts.frozen == ("all",) else parts.frozen
    kinds = [("frozen", frozen), ("tuned", parts.tuned), ("reset", parts.reset)]
    segments = [(kind, name) for kind, names in kinds for name in names]
    if not segments:
        return None
    said = [f"{WORDS[kind]}: {span(names)}" for kind, names in (*kinds, ("tap", parts.taps)) if names]
    summary = "; ".join(said)
    crowded = len(segments) > MOST_SEGMENTS
    drawn = _grouped(kinds) if crowded else [_segment(kind, name, parts) for kind, name in segments]
    picture = tag("div", *drawn, class_="strip", role="img", aria_label=summary)
    used = [kind for kind, names in kinds if names]
    if not crowded and set(parts.taps) & {name for _, name in segments}:
        used.append("tap")
    return Chart(picture, summary, key=tuple((f"k-{kind}", WORDS[kind]) for kind in used))


def _segment(kind: str, name: str, parts: Parts) -> Markup:
    tip = f"{name}: {WORDS[kind]}" + (", read here" if name in parts.taps else "")
    mark = " tapped" if name in parts.taps else ""
    return tag("span", class_=f"segment {kind}{mark}", data_tip=tip, title=tip)


def _grouped(kinds: list[tuple[str, tuple[str, ...]]]) -> list[Markup]:
    """Deep networks: one segment per kind, as long as it has parts."""
    return [
        tag(
            "span",
            class_=f"segment {kind}",
            style=f"flex-grow:{len(names)}",
            data_tip=f"{span(names)}: {WORDS[kind]}",
        )
        for kind, names in kinds
        if names
    ]
