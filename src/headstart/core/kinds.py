"""The few closed sets of words that the whole house shares."""

from __future__ import annotations

from enum import StrEnum


class Modality(StrEnum):
    """What one example is."""

    IMAGE = "image"
    TEXT = "text"
    TABLE = "table"
    SERIES = "series"
    SOUND = "sound"
    CONTROL = "control"


class Kind(StrEnum):
    """What is asked about an example."""

    CLASSIFICATION = "classification"
    REGRESSION = "regression"
    CONTROL = "control"


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Decision(StrEnum):
    """What is known about transfer: a statement of knowledge, not what is handed back."""

    TRANSFER = "transfer"
    NO_TRANSFER = "no-transfer"
    UNDECIDED = "undecided"


class Preset(StrEnum):
    """How much work a run may do (counted in work, not in seconds)."""

    FAST = "fast"
    BALANCED = "balanced"
    BEST = "best"
