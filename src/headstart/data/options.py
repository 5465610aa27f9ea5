"""What a person may say about their data when it is loaded."""

from __future__ import annotations

from dataclasses import dataclass

from headstart.core.kinds import Kind


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """Columns (names in a table; None: guessed, and said), the kind of task, the metric.

    Attributes:
        groups: column whose equal values must not be split apart between folds.
        normalize_labels: merge labels that differ only in case or blanks instead of refusing them.
        name: what to call the task; the folder's or file's name when empty.
        classes: of a task or model that is there already, when this is its test data: the targets are indices
            into them, and few classes or few rows are no fault. None: this data is to be learned from.

    >>> LoadOptions(label="sentiment").text is None
    True
    """

    label: str | None = None
    text: str | None = None
    image: str | None = None
    groups: str | None = None
    kind: Kind | None = None
    metric: str | None = None
    normalize_labels: bool = False
    name: str = ""
    classes: tuple[str, ...] | None = None
