"""Go on, held near the source by a pull that fades."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headstart.sim.strategies.strategy import STRATEGIES, Strategy
from headstart.sim.strategies.warm_critic import hold_actor

if TYPE_CHECKING:
    import torch

    from headstart.sim.learning.knowledge import Knowledge
    from headstart.sim.learning.learner import Learner, Regulariser

WARM_FRAC = 0.125  # of the steps; the pull makes a long warming needless
FADE_FRAC = 0.75  # of the steps after which nothing pulls any more
PULL = 0.1  # of the values' size for one nat of divergence


class KickStarted(Strategy):
    """Kullback–Leibler divergence to the source policy is added to the actor's loss and annealed to nothing.

    The weight is a share of the values' own size, so that it means the same whatever the rewards' unit.
    """

    name, title = "kick-start", "held near the source, then let go"
    paper = "Schmitt et al., Kickstarting Deep Reinforcement Learning (2018)"

    def during(self, learner: Learner, source: Knowledge, share: float) -> None:
        """A pull that fades with the share of steps done."""
        hold_actor(learner, source, share < WARM_FRAC)
        weight = PULL * max(0.0, 1.0 - share / FADE_FRAC)
        learner.regularise(_pull(learner, source, weight) if weight and share >= WARM_FRAC else None)


def _pull(learner: Learner, source: Knowledge, weight: float) -> Regulariser:
    from headstart.sim.learning.networks import as_torch, spread_as_torch

    teacher, spread, model = as_torch(source.policy), spread_as_torch(source.policy), learner.model

    def choices(seen: torch.Tensor) -> torch.Tensor:
        import torch
        from stable_baselines3 import DQN
        from torch.nn.functional import kl_div

        assert isinstance(model, DQN)
        own, old = model.q_net(seen), teacher(seen)
        size = old.std(1).mean().clamp(min=1e-6)  # values as a preference: a deviation is one nat
        between = kl_div((own / size).log_softmax(1), (old / size).softmax(1), reduction="batchmean")
        return torch.as_tensor(weight * size * between)

    def gaussians(seen: torch.Tensor) -> torch.Tensor:
        import torch
        from stable_baselines3 import SAC

        assert isinstance(model, SAC)
        mean, log_spread, _ = model.actor.get_action_dist_params(seen)
        old = teacher(seen)
        old_log = spread(seen).clamp(-20, 2) if spread is not None else torch.zeros_like(old)
        with torch.no_grad():
            acts = torch.tanh(mean)
            size = torch.cat(model.critic(seen, acts), dim=1).abs().mean()
        apart = (log_spread.exp() ** 2 + (mean - old) ** 2) / (2 * old_log.exp() ** 2)
        between = old_log - log_spread + apart - 0.5  # the same before and after squashing
        return torch.as_tensor(weight * size * between.sum(1).clamp(max=20.0).mean())

    return choices if learner.settings.family == "dqn" else gaussians


STRATEGIES.add(KickStarted.name, KickStarted())
