"""The specification, line by line, as the report and the terminal show it."""

from __future__ import annotations

from dataclasses import dataclass

from headstart.core.development import DevelopRecord
from headstart.core.run import RunRecord
from headstart.core.specification import SpecLine
from headstart.report.quantities import NARROW, WORD, count, fixed, significant
from headstart.report.units import Unit, unit_of

FLOORS_SHOWN = 8  # of those that are met; a table of a hundred met floors hides the one that is not

WORDS = {"yes": "met", "no": "not met", "unknown": "not known yet"}
ORDER = ("no", "unknown", "yes")
_NAMES = {
    "classes": "Classes",
    "latency_ms": "Time an example",
    "size_mb": "Size of the model",
    "input_size": "Side of a picture",
    "licence": "Licence of the sources",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line as words: what is required, wanted, found, whether it is met, and what else is known."""

    requirement: str
    wanted: str
    found: str
    met: str
    state: str
    note: str


def rows(run: RunRecord | DevelopRecord) -> list[Row]:
    """The lines, those that fail first; met floors beyond a few as one."""
    lines = sorted(run.specification, key=lambda line: ORDER.index(line.met))
    met = [one for one in lines if _is_floor(one) and one.met == "yes"]
    hidden = met[FLOORS_SHOWN:] if len(met) > FLOORS_SHOWN + 1 else []
    shown = [_row(line) for line in lines if line not in hidden]
    if hidden:
        least = min(float(one.by or 0.0) for one in hidden)
        note = f"the least room is {100 * least:.1f} points"
        shown.append(Row(f"Recall of {len(hidden)} more classes", "", "", WORDS["yes"], "yes", note))
    return shown


def sentence(run: RunRecord | DevelopRecord) -> str:
    """How many requirements are met, fail, are not known yet."""
    total = len(run.specification)
    counts = {state: sum(line.met == state for line in run.specification) for state in ORDER}
    if counts["yes"] == total:
        return f"The model meets {'the one requirement' if total == 1 else f'all {total} requirements'}."
    parts = [f"meets {counts['yes']} of {total} requirement{'s' if total > 1 else ''}"]
    if counts["no"]:
        parts.append(f"fails {counts['no']}")
    if counts["unknown"]:
        parts.append(f"{counts['unknown']} cannot be told with so few labels")
    return f"The model {'; '.join(parts)}."


def table(run: RunRecord | DevelopRecord) -> list[list[str]]:
    """[requirement, wanted, found, met] of each row, as plain words for a terminal."""
    listed = ((r.requirement, r.wanted, r.found, "; ".join(filter(None, (r.met, r.note)))) for r in rows(run))
    return [[cell.replace(NARROW, " ").replace(WORD, " ") for cell in row] for row in listed]


def _row(line: SpecLine) -> Row:
    wanted, found, missed = _WRITTEN.get(line.unit, _as_score)(line)
    note = "; ".join(filter(None, (missed, line.note)))
    return Row(_name(line), wanted, found, WORDS[line.met], line.met, note)


def _name(line: SpecLine) -> str:
    if line.requirement == "minimum_score":
        label = unit_of(line.unit).label
        return label[0].upper() + label[1:]
    kind, _, of = line.requirement.partition(".")
    return f"Recall of {of}" if of else _NAMES.get(kind, kind)


def _is_floor(line: SpecLine) -> bool:
    return line.requirement.startswith("per_class_floors.")


def _as_score(line: SpecLine) -> tuple[str, str, str]:
    unit = unit_of("accuracy" if line.unit == "recall" else line.unit)
    word = "at most" if unit.style == "error" else "at least"
    found = unit.score(_value(line.found))
    if line.interval is not None:
        found += f" ({unit.interval(line.interval)})"
    return f"{word} {unit.score(_value(line.wanted))}", found, _missed(line, unit)


def _missed(line: SpecLine, unit: Unit) -> str:
    if line.by is None or line.met == "yes":
        return ""
    return f"short by {unit.amount(line.by)}" if line.by < 0 else ""


def _as_amount(line: SpecLine) -> tuple[str, str, str]:
    def written(value: float | None) -> str:
        is_whole = value is not None and value.is_integer() and abs(value) < 1e6
        return f"{count(value) if is_whole else significant(value)}{NARROW}{line.unit}"

    found = written(_value(line.found)) if _value(line.found) is not None else "–"
    over = f"{significant(-line.by, 2)}{NARROW}{line.unit} too much" if line.by and line.by < 0 else ""
    return f"at most {written(_value(line.wanted))}", found, over


def _as_words(line: SpecLine) -> tuple[str, str, str]:
    return str(line.wanted), str(line.found or "–"), ""


def _as_classes(line: SpecLine) -> tuple[str, str, str]:
    wanted, found = (len(str(names).split(", ")) if names else 0 for names in (line.wanted, line.found))
    missing = f"{fixed(-line.by, 0)} missing" if line.by and line.by < 0 else ""
    return str(line.wanted), "all" if found == wanted else str(line.found), missing


_WRITTEN = dict.fromkeys(("ms", "MB", "pixels"), _as_amount) | {"": _as_words, "classes": _as_classes}


def _value(value: float | str | None) -> float | None:
    return value if isinstance(value, int | float) else None
