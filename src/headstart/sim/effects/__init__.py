"""Effects that a simulator does not model, a file each: what makes a target unlike its source."""

from headstart.sim.effects.effect import EFFECTS, Effect, every_effect

__all__ = ["EFFECTS", "Effect", "every_effect"]
