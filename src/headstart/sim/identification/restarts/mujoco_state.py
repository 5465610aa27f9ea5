"""MuJoCo robots whose observations show positions and velocities; run in batches by MuJoCo itself."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.sim.identification.restarts.restart import TURN, Array, Restart, register
from headstart.sim.simulators import Simulated


class MujocoRestart(Restart):
    """States are some of the positions and velocities; `places` says where among (qpos, qvel) they belong.

    What is not observed (where along the track a runner is) stays as in the model and must not matter.
    """

    places: NDArray[np.int64]

    def __init__(self, env: Simulated) -> None:
        super().__init__(env)
        import mujoco

        self._model, self._data = self.env.model, mujoco.MjData(self.env.model)
        self._whole = int(mujoco.mj_stateSize(self._model, mujoco.mjtState.mjSTATE_FULLPHYSICS))

    def run(self, states: Array, actions: NDArray[Any], context: Array) -> Array:
        """All in one call; a command is held for the environment's frames."""
        from mujoco import rollout

        frames, (count, steps) = self.env.frame_skip, actions.shape[:2]
        first = np.zeros((count, self._whole))
        first[:, 1 : 1 + self._model.nq] = self.env.init_qpos
        first[:, 1 + self.places] = states  # before them lies the time
        held = np.repeat(np.float64(actions).reshape(count, steps, -1), frames, axis=1)
        with rollout.Rollout(nthread=0) as engine:
            reached, _ = engine.rollout(self._model, self._data, first, held)
        return np.asarray(reached[:, frames - 1 :: frames][..., 1 + self.places])


@register
class Plain(MujocoRestart):
    """Observations that begin with positions, then velocities: runners, hoppers, swimmers, poles."""

    def __init__(self, env: Simulated) -> None:
        super().__init__(env)
        parts = self.env.observation_structure
        skipped = parts.get("skipped_qpos", 0)
        self.places = np.arange(skipped, self._model.nq + self._model.nv)
        self.period = np.zeros(len(self.places))

    @staticmethod
    def fits(unwrapped: Any) -> bool:
        """Whether the environment says that its observations hold all of it."""
        parts = getattr(unwrapped, "observation_structure", None)
        if not parts or not hasattr(unwrapped, "model"):
            return False
        whole = parts.get("skipped_qpos", 0) + parts.get("qpos", 0) == unwrapped.model.nq
        return bool(whole and parts.get("qvel", 0) == unwrapped.model.nv and unwrapped.model.na == 0)

    def states(self, observations: NDArray[Any]) -> Array:
        """The first numbers."""
        return np.asarray(observations[..., : len(self.places)], dtype=np.float64)


@register
class DoublePole(MujocoRestart):
    """States are (cart, two angles, three velocities)."""

    places = np.arange(6)
    period = np.array([0, TURN, TURN, 0, 0, 0])

    @staticmethod
    def fits(unwrapped: Any) -> bool:
        """Gymnasium's."""
        return type(unwrapped).__name__ == "InvertedDoublePendulumEnv"

    def states(self, observations: NDArray[Any]) -> Array:
        """From (cart, sines, cosines, velocities, force)."""
        seen = np.asarray(observations, dtype=np.float64)
        angles = np.arctan2(seen[..., 1:3], seen[..., 3:5])
        return np.concatenate([seen[..., :1], angles, seen[..., 5:8]], axis=-1)


@register
class Arm(MujocoRestart):
    """States are (two angles, their speeds) of the reacher; where its mark lies does not move it."""

    places = np.array([0, 1, 4, 5])
    period = np.array([TURN, TURN, 0, 0])

    @staticmethod
    def fits(unwrapped: Any) -> bool:
        """Gymnasium's."""
        return type(unwrapped).__name__ == "ReacherEnv"

    def states(self, observations: NDArray[Any]) -> Array:
        """From (cosines, sines, mark, speeds, …)."""
        seen = np.asarray(observations, dtype=np.float64)
        angles = np.arctan2(seen[..., 2:4], seen[..., 0:2])
        return np.concatenate([angles, seen[..., 6:8]], axis=-1)
