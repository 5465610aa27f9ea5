"""Which key does what in an environment."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

import numpy as np

# Choices by key, for environments whose choices have a direction; "" is what happens without a key.
CHOICES: dict[str, dict[str, int]] = {
    "CartPole-v1": {"left": 0, "right": 1},
    "MountainCar-v0": {"left": 0, "": 1, "right": 2},
    "Acrobot-v1": {"left": 0, "": 1, "right": 2},
    "headstart/Paddle-v0": {"left": 0, "": 1, "right": 2},
    "LunarLander-v3": {"": 0, "left": 1, "up": 2, "right": 3},
    "highway-v0": {"up": 0, "": 1, "down": 2, "right": 3, "left": 4},
}
CHOICES["highway-fast-v0"] = CHOICES["highway-v0"]
# Of actions that are numbers: the first follows left and right, the second up and down; -1 where left is +.
SIGNS = {"headstart/LaneKeeping-v0": -1.0, "Pendulum-v1": -1.0}


@dataclass(frozen=True)
class Keys:
    """From keys that are held down to an action.

    `choices`: key to choice ("" for none), or None where actions are numbers between `low` and `high`.
    """

    choices: Mapping[str, int] | None
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    sign: float = 1.0

    def action(self, held: Set[str]) -> Any:
        """The action; a choice is that of the first of the keys, in the order of `choices`."""
        if self.choices is not None:
            for key, choice in self.choices.items():
                if key in held:
                    return choice
            return self.choices.get("", min(self.choices.values()))
        wanted = np.zeros(len(self.low))
        wanted[0] = self.sign * (("right" in held) - ("left" in held))
        if len(wanted) > 1:
            wanted[1] = ("up" in held) - ("down" in held)
        low, high = np.array(self.low), np.array(self.high)
        middle = np.clip(0.0, low, high)
        return np.where(wanted > 0, high, np.where(wanted < 0, low, middle)).astype(np.float32)

    def __str__(self) -> str:
        """What the player is told."""
        if self.choices is None:
            more = ", ↑ and ↓ the second" if len(self.low) > 1 else ""
            return f"← and → move the first number of the action{more}; Esc leaves"
        return (
            ", ".join(f"{key or 'no key'}: {choice}" for key, choice in self.choices.items()) + "; Esc leaves"
        )


def keys_for(gym_id: str, action_space: Mapping[str, Any]) -> Keys:
    """The keys of an environment; digits for choices whose meaning is not known.

    >>> keys_for("CartPole-v1", {"type": "discrete", "n": 2, "start": 0}).action({"right"})
    1
    """
    if action_space["type"] == "discrete":
        first, n = action_space["start"], action_space["n"]
        known = CHOICES.get(gym_id, {})
        if known and max(known.values()) < n:
            return Keys(known)
        return Keys({str(at): first + at for at in range(min(n, 10))})
    low = tuple(-1.0 if one is None else one for one in action_space["low"])
    high = tuple(1.0 if one is None else one for one in action_space["high"])
    return Keys(None, low, high, SIGNS.get(gym_id, 1.0))
