"""The target's actions, given in the source's limits and units."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np

from headstart.core.errors import SimulationError
from headstart.sim.contract.mapping import Mapping
from headstart.sim.contract.signature import Signature


class SourceActions(gymnasium.ActionWrapper[Any, Any, Any]):
    """Offers for each action the limits that it has in the source; what is beyond the target's is cut off.

    So a policy whose output is scaled to its limits gives the same force as before. An action that only the
    target has keeps its own limits.

    Raises:
        SimulationError: actions are choices, or cannot be mapped.
    """

    def __init__(self, env: gymnasium.Env[Any, Any], source: Signature, mapping: Mapping) -> None:
        super().__init__(env)
        space = env.action_space
        if mapping.impossible or not isinstance(space, gymnasium.spaces.Box):
            raise SimulationError(mapping.impossible or "choices have no limits", where=str(env))
        low, high = space.low.astype(np.float64), space.high.astype(np.float64)
        for at, index in enumerate(mapping.actions):
            if index is not None:
                channel, times = source.actions[index], mapping.action_factors[at]
                low[at] = -np.inf if channel.low is None else channel.low * times
                high[at] = np.inf if channel.high is None else channel.high * times
        self._low, self._high = space.low, space.high
        self.action_space = gymnasium.spaces.Box(
            low.astype(space.dtype), high.astype(space.dtype), dtype=space.dtype.type
        )

    def action(self, action: Any) -> Any:
        """Cut to what the target can do."""
        return np.clip(action, self._low, self._high)
