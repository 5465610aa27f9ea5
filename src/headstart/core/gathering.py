"""Records of what was gathered in an environment, and of what was learned from it."""

from __future__ import annotations

from typing import Literal

from headstart.core.development import KeptAs
from headstart.core.estimate import Interval, Score
from headstart.core.record import Record


class Gathered(Record):
    """What `sim record` (or a person in `sim play`) recorded.

    Attributes:
        object: where the store keeps it; null when it went to a file.
        file: its path; "" when it went to the store.
        returned: of whole episodes; null without any.
        ended: how many episodes ended in which way: terminated, truncated, cut (at the cap), left.
        signature_steps: steps of random actions that reading the contract cost, beside `steps`.
    """

    schema_version: Literal[1] = 1
    kind: Literal["recording"] = "recording"
    environment: str
    demonstrator: str
    object: KeptAs | None
    file: str
    sha256: str
    episodes: int
    steps: int
    signature_steps: int
    violations: float
    returned: Score | None
    ended: dict[str, int]
    seed: int
    notes: tuple[str, ...] = ()
    stopped: Literal["interrupt"] | None = None


class Imitation(Record):
    """How well a learner foresees the actions of episodes that it has not seen.

    Attributes:
        measure: ``squared error`` (of actions scaled to -1 … 1, per number) or ``log-loss`` (nats).
        loss: on held-out episodes; `baseline`: of the mean action (the shares of the choices) there.
        skill: 1 - loss / baseline, 1 is perfect; its interval comes from a bootstrap over episodes.
        agreement: share of held-out steps with the demonstrator's choice; null for numbers.
        updates: gradient steps of the network that is kept.
    """

    measure: Literal["squared error", "log-loss"]
    loss: float
    baseline: float
    skill: float
    interval: Interval
    agreement: float | None
    updates: int


class Cloned(Record):
    """What `sim clone` found.

    Attributes:
        verdict: ``learned``: the interval of the skill lies above 0; ``undecided``: it does not.
        demonstrator, clone, chance: returns of the recorded episodes, of the clone and of random actions, the
            last two on fresh episodes of `environment`; null where no environment was given.
        difference: clone minus demonstrator.
        steps: taken in the environment for these.
    """

    schema_version: Literal[1] = 1
    kind: Literal["clone"] = "clone"
    object: KeptAs
    recording: str
    demonstrated_in: str
    episodes: int
    examples: int
    imitation: Imitation
    verdict: Literal["learned", "undecided"]
    environment: str | None = None
    demonstrator: Score | None = None
    clone: Score | None = None
    chance: Score | None = None
    difference: Score | None = None
    steps: int = 0
    violations: float = 0.0
    wall_s: float
    notes: tuple[str, ...] = ()


class Played(Record):
    """One episode that somebody played or watched; `film` and `recording` are files, "" for none."""

    schema_version: Literal[1] = 1
    kind: Literal["play"] = "play"
    environment: str
    player: str
    seed: int
    steps: int
    returned: float
    violations: float
    ended: str
    film: str
    recording: str
    notes: tuple[str, ...] = ()
