"""A ball, a paddle, one player: keep the ball in the game."""

from __future__ import annotations

import math
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from headstart.sim.own.canvas import Canvas

STEP_S = 0.05
STEEPEST_RAD = 1.0  # of a serve, against straight up
SPIN_RAD = 0.6  # how much the paddle's edge bends the ball's way


class Paddle(gymnasium.Env[NDArray[np.float32], np.int64]):
    """A field one wide and one high. Actions: left, stay, right. A ball returned earns 1, a ball missed costs
    1 and ends the episode.

    Args:
        ball_speed: fields a step.
        paddle_speed: fields a step.
        half_width: of the paddle, in fields.
        wind: sideways acceleration of the ball, in thousandths of a field a step², which nobody modelled.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": round(1 / STEP_S)}  # noqa: RUF012 (as Gymnasium has it)
    observation_names = (
        ("x of the ball", "field"),
        ("y of the ball", "field"),
        ("x velocity of the ball", "field/20 steps"),
        ("y velocity of the ball", "field/20 steps"),
        ("x of the paddle", "field"),
    )
    action_names = ("left", "stay", "right")
    time_step_s = STEP_S

    def __init__(
        self,
        ball_speed: float = 0.05,
        paddle_speed: float = 0.04,
        half_width: float = 0.12,
        wind: float = 0.0,
        render_mode: str | None = None,
    ) -> None:
        self.ball_speed, self.paddle_speed, self.half_width, self.wind = (
            ball_speed,
            paddle_speed,
            half_width,
            wind,
        )
        self.render_mode = render_mode
        self.x = self.y = self.vx = self.vy = self.at = 0.0
        high = np.array([1, 1, 4, 4, 1], dtype=np.float32)
        low = np.array([0, 0, -4, -4, 0], dtype=np.float32)
        self.observation_space = gymnasium.spaces.Box(low, high, dtype=np.float32)
        self.action_space = gymnasium.spaces.Discrete(3)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """A serve from the middle, towards the top."""
        super().reset(seed=seed)
        random = self.np_random
        self.x, self.y = float(random.uniform(0.2, 0.8)), 0.5
        self._aim(float(random.uniform(-STEEPEST_RAD, STEEPEST_RAD)))
        self.at = 0.5
        return self._observed(), {}

    def step(self, action: np.int64) -> Any:
        """The paddle moves, then the ball."""
        room = self.half_width
        self.at = min(max(self.at + (int(action) - 1) * self.paddle_speed, room), 1 - room)
        self.vx += self.wind / 1000
        self.x, self.y = self.x + self.vx, self.y + self.vy
        if not 0 <= self.x <= 1:
            self.x, self.vx = min(max(self.x, 0.0), 1.0), -self.vx
        if self.y >= 1:
            self.y, self.vy = 1.0, -abs(self.vy)
        reward, missed = 0.0, False
        if self.y <= 0:
            self.y, off = 0.0, (self.x - self.at) / self.half_width
            missed = abs(off) > 1
            reward = -1.0 if missed else 1.0
            angle = math.atan2(self.vx, -self.vy) + SPIN_RAD * off
            self._aim(min(max(angle, -STEEPEST_RAD), STEEPEST_RAD))
        return self._observed(), reward, missed, False, {}

    def _aim(self, angle: float) -> None:
        self.vx, self.vy = self.ball_speed * math.sin(angle), self.ball_speed * math.cos(angle)

    def _observed(self) -> NDArray[np.float32]:
        vx, vy = (min(max(20 * v, -4.0), 4.0) for v in (self.vx, self.vy))
        return np.array((self.x, self.y, vx, vy, self.at), dtype=np.float32)

    def render(self) -> NDArray[np.uint8]:
        """The field, from the front."""
        canvas = Canvas(200, (24, 28, 40))
        canvas.box(self.at, 0.015, 2 * self.half_width, 0.03, (230, 230, 230))
        canvas.box(self.x, self.y, 0.04, 0.04, (240, 180, 60))
        return canvas.pixels
