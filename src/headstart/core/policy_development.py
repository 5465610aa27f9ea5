"""The record of a policy's development: what `develop.json` of `sim develop` holds."""

from __future__ import annotations

from typing import Literal

from headstart.core.control import LearnerCurve
from headstart.core.development import KeptAs
from headstart.core.estimate import Score
from headstart.core.record import Record
from headstart.core.run import Lineage


class PolicyDevelopment(Record):
    """What `sim develop` found; written to `develop.json`.

    `score` is over all learners, `kept` that of the one in the store; both on episodes nobody chose by.
    """

    schema_version: Literal[1] = 1
    kind: Literal["control"] = "control"
    name: str
    object: KeptAs
    environment: str
    learners: tuple[LearnerCurve, ...]
    kept_seed: int
    score: Score
    kept: Score
    steps: int
    violations: float
    wall_s: float
    lineage: Lineage
    stopped: Literal["budget", "interrupt"] | None
    created: str = ""
