"""What a strategy is: where a learner begins, and what moves when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from headstart.core.registry import Registry
from headstart.sim.learning.settings import LearnerSettings

if TYPE_CHECKING:
    import gymnasium as gym

    from headstart.sim.learning.knowledge import Knowledge
    from headstart.sim.learning.learner import Learner
    from headstart.sim.policy import Policy

STRATEGIES: Registry[Strategy] = Registry("strategy")


class Strategy:
    """One way to learn in the target environment; the defaults are those of plain tuning.

    Attributes:
        title: a few words for people. `paper`: where the method is from.
        families: learners that it works with.
        uses_source: False for the control.
        in_simulator: learns in the source's simulator, changed; only its looks are target steps.
        begins_as_source: whether before the first step it acts just like the source.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    paper: ClassVar[str] = ""
    families: ClassVar[tuple[str, ...]] = ("sac", "dqn")
    uses_source: ClassVar[bool] = True
    begins_as_source: ClassVar[bool] = True
    in_simulator: ClassVar[bool] = False

    def settings(self, source: Knowledge) -> LearnerSettings | None:
        """The learner's settings; None: the source's own."""
        return None

    def wrapped(self, env: gym.Env[Any, Any], source: Knowledge) -> gym.Env[Any, Any]:
        """The environment that the learner sees."""
        return env

    def begin(self, learner: Learner, source: Knowledge) -> None:
        """Put the learner where it begins; called once, also before it is taken up again."""
        learner.inherit(source)

    def during(self, learner: Learner, source: Knowledge, share: float) -> None:
        """Before each piece: what moves from here on. `share` of the steps (0…1) is done."""

    def policy(self, learner: Learner, source: Knowledge) -> Policy:
        """What the learner would hand back now."""
        return learner.policy()
