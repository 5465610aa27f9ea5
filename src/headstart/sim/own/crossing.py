"""A walker, four lanes of traffic, and the other side of the street: cross it as often as time allows."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from headstart.sim.own.canvas import Canvas

STEP_S = 0.1
LANES = 4
SEEN = 3  # lanes: the walker's own and the next two
STRIDE = 0.05  # to the side, of the street's width
WALKER = 0.03  # half of the walker's width
STAY, AHEAD, LEFT, RIGHT = range(4)
HURRY = 0.3  # share by which a hurried driver changes speed at a step, at most


class Crossing(gymnasium.Env[NDArray[np.float32], np.int64]):
    """Actions: stay, ahead (to the next lane), left, right. Each lane ahead earns 0.2, a car that hits costs
    1 and ends the episode; after the last lane the walker starts again. In each lane one car goes round and
    round, every other lane in the other direction.

    Args:
        car_speed: street widths a step, in the slowest lane; the fastest is half as fast again.
        car_length: street widths.
        hurry: how often a step a driver speeds up or slows down, which nobody modelled.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": round(1 / STEP_S)}  # noqa: RUF012 (as Gymnasium has it)
    observation_names = (
        ("lane of the walker", "of all lanes"),
        ("x of the walker", "width"),
        *((f"{what} the car {ahead} lanes ahead", unit)
          for ahead in range(SEEN)
          for what, unit in (("x from the walker to", "half width"), ("velocity of", "width/10 steps"))),
    )  # fmt: skip
    action_names = ("stay", "ahead", "left", "right")
    time_step_s = STEP_S

    def __init__(
        self,
        car_speed: float = 0.03,
        car_length: float = 0.25,
        hurry: float = 0.0,
        render_mode: str | None = None,
    ) -> None:
        self.car_speed, self.car_length, self.hurry = car_speed, car_length, hurry
        self.render_mode = render_mode
        high = np.array([1, 1, *(1, 4) * SEEN], dtype=np.float32)
        low = np.array([0, 0, *(-1, -4) * SEEN], dtype=np.float32)
        self._low, self._high = low, high
        self.observation_space = gymnasium.spaces.Box(low, high, dtype=np.float32)
        self.action_space = gymnasium.spaces.Discrete(4)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """Before the street, the cars anywhere."""
        super().reset(seed=seed)
        self.lane, self.x = 0, 0.5  # lane 0 is the pavement, 1 … LANES the street
        self.cars: list[float] = self.np_random.uniform(0, 1, LANES).tolist()
        swift = np.linspace(1.0, 1.5, LANES).tolist()
        self.speeds = [self.car_speed * times * (-1) ** at for at, times in enumerate(swift)]
        return self._observed(), {}

    def step(self, action: np.int64) -> Any:
        """The walker, then the cars."""
        earned = 0.0
        if action == AHEAD:
            self.lane, earned = self.lane + 1, 1 / (LANES + 1)
        elif action in (LEFT, RIGHT):
            self.x = min(max(self.x + (STRIDE if action == RIGHT else -STRIDE), 0.0), 1.0)
        if self.lane > LANES:
            self.lane = 0
        self._drive()
        hit = self.lane > 0 and abs(self._from_walker(self.lane)) < self.car_length / 2 + WALKER
        return self._observed(), earned - hit, hit, False, {}

    def _drive(self) -> None:
        for at in range(LANES):
            if self.hurry and self.np_random.random() < self.hurry:
                self.speeds[at] *= 1 + float(self.np_random.uniform(-HURRY, HURRY))
            self.cars[at] = (self.cars[at] + self.speeds[at]) % 1.0

    def _from_walker(self, lane: int) -> float:
        """How far right of the walker the lane's car is, the shorter way round: -0.5 … 0.5."""
        return (self.cars[lane - 1] - self.x + 0.5) % 1.0 - 0.5

    def _observed(self) -> NDArray[np.float32]:
        seen = [self.lane / (LANES + 1), self.x]
        for lane in range(self.lane, self.lane + SEEN):
            there = 1 <= lane <= LANES
            seen += [2 * self._from_walker(lane), 10 * self.speeds[lane - 1]] if there else [1.0, 0.0]
        return np.clip(np.array(seen, dtype=np.float32), self._low, self._high)

    def render(self) -> NDArray[np.uint8]:
        """The street from above; the pavements below and above."""
        canvas, high = Canvas(240, (150, 150, 140)), 1 / (LANES + 2)
        for lane, car in enumerate(self.cars, start=1):
            canvas.box(0.5, (lane + 0.5) * high, 1.0, 0.96 * high, (70, 70, 75))
            for x in (car - 1, car, car + 1):
                canvas.box(x, (lane + 0.5) * high, self.car_length, 0.6 * high, (60, 90, 200))
        canvas.box(self.x, (self.lane + 0.5) * high, 2 * WALKER, 2 * WALKER, (240, 180, 60))
        return canvas.pixels
