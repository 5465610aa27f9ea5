"""Keep the lane of a winding road, as fast as the car ahead and the bends allow."""

from __future__ import annotations

import math
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from headstart.sim.own.canvas import Canvas
from headstart.sim.own.car import STEER_RAD, Car

STEP_S = 0.1
HALF_LANE_M = 1.75
SHARPEST_PER_M = 0.012  # a bend of 83 m radius
WAVES_M = ((180.0, 0.6), (70.0, 0.4))  # lengths of the road's waves and their shares of the sharpest bend
FAST_M_PER_S = 20.0  # earns a reward of 1 a step
CRASH = 10.0  # reward lost by leaving the lane or hitting the car ahead
SEEN_M = 60.0  # how far the car ahead is seen
CAR_M = 4.5
BRAKING_S, BRAKING_M_PER_S2 = 1.5, 5.0
VIEW_M = 60.0

NAMES = (
    ("offset from the middle of the lane", "m"),
    ("heading against the road", "rad"),
    ("sideways velocity", "m/s"),
    ("yaw rate", "rad/s"),
    ("speed", "10 m/s"),
    ("bend here", "1/100 m"),
    ("bend 10 m ahead", "1/100 m"),
    ("bend 25 m ahead", "1/100 m"),
    ("gap to the car ahead", "10 m"),
    ("closing speed", "10 m/s"),
    ("steering", "of full lock"),
)
LIMITS = (4.0, math.pi, 20.0, 5.0, 6.0, 2.0, 2.0, 2.0, SEEN_M / 10, 6.0, 1.0)


class LaneKeeping(gymnasium.Env[NDArray[np.float32], NDArray[np.float32]]):
    """Actions [2] in -1 … 1: steering (left positive), throttle and brake; a step is 0.1 s.

    Reward of a step: progress over 20 m/s, less half the squared offset (in half lanes), less 0.05 × squared
    change of steering; 10 are lost, and the episode ends, off the lane or in the car ahead.

    Args:
        grip: of the tyres on the road; 1 dry, 0.5 wet, 0.3 snow.
        mass_kg, wheelbase_m, steering_lag_s: of the car; the lag is the steering's time constant.
        traffic_m_per_s: by how much the speed of the car ahead swings.
        braking_hz: how often the car ahead brakes hard, which nobody modelled.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": round(1 / STEP_S)}  # noqa: RUF012 (as Gymnasium has it)
    observation_names = NAMES
    action_names = (("steering", "of full lock"), ("throttle and brake", "of the most"))
    time_step_s = STEP_S

    def __init__(
        self,
        grip: float = 0.9,
        mass_kg: float = 1500.0,
        wheelbase_m: float = 2.7,
        steering_lag_s: float = 0.1,
        traffic_m_per_s: float = 2.0,
        braking_hz: float = 0.0,
        render_mode: str | None = None,
    ) -> None:
        self.grip, self.mass_kg, self.wheelbase_m = grip, mass_kg, wheelbase_m
        self.steering_lag_s = steering_lag_s
        self.traffic_m_per_s, self.braking_hz = traffic_m_per_s, braking_hz
        self.render_mode = render_mode
        limits = np.array(LIMITS, dtype=np.float32)
        self._limits = limits
        self.observation_space = gymnasium.spaces.Box(-limits, limits, dtype=np.float32)
        self.action_space = gymnasium.spaces.Box(-1.0, 1.0, (2,), dtype=np.float32)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """A new road, a new car ahead."""
        super().reset(seed=seed)
        random = self.np_random
        self._phases = tuple(random.uniform(0, 2 * math.pi, len(WAVES_M)).tolist())
        self.car = Car(
            self.mass_kg, self.grip, self.wheelbase_m, self.steering_lag_s, float(random.uniform(10, 14))
        )
        self.car.offset = float(random.uniform(-0.5, 0.5))
        self._ahead = float(random.uniform(25, 40)) + CAR_M
        self._cruise, self._swing = float(random.uniform(13, 17)), float(random.uniform(0, 2 * math.pi))
        self._ahead_speed = self._cruise
        self._time, self._braking_until = 0.0, -1.0
        return self._observed(), {}

    def step(self, action: NDArray[np.float32]) -> Any:
        """A tenth of a second."""
        steer, drive = (min(max(float(one), -1.0), 1.0) for one in action)
        car, was = self.car, self.car.steering
        begun = car.distance
        car.step(steer, drive, self.bend(begun), STEP_S)
        self._move_ahead()
        crashed = abs(car.offset) > HALF_LANE_M or self.gap <= 0.0
        progress = (car.distance - begun) / (STEP_S * FAST_M_PER_S)
        change = (car.steering - was) / STEER_RAD
        reward = progress - 0.5 * (car.offset / HALF_LANE_M) ** 2 - 0.05 * change**2 - CRASH * crashed
        return self._observed(), reward, crashed, False, {}

    @property
    def gap(self) -> float:
        """Metres between the bumpers."""
        return self._ahead - self.car.distance - CAR_M

    def bend(self, distance: float) -> float:
        """Curvature of the road, 1/m, left positive."""
        bend = 0.0
        for (length, share), phase in zip(WAVES_M, self._phases, strict=True):
            bend += share * math.sin(2 * math.pi * distance / length + phase)
        return SHARPEST_PER_M * bend

    def _move_ahead(self) -> None:
        """The car ahead swings around its cruising speed, and may brake hard out of the blue."""
        self._time += STEP_S
        cruising = self.braking_hz > 0 and self._time > self._braking_until
        if cruising and self.np_random.random() < self.braking_hz * STEP_S:
            self._braking_until = self._time + BRAKING_S
        wished = self._cruise + self.traffic_m_per_s * math.sin(0.6 * self._time + self._swing)
        if self._time <= self._braking_until:
            self._ahead_speed = max(self._ahead_speed - BRAKING_M_PER_S2 * STEP_S, 4.0)
        else:
            self._ahead_speed += min(max(wished - self._ahead_speed, -0.3), 0.3)
        self._ahead += STEP_S * self._ahead_speed

    def _observed(self) -> NDArray[np.float32]:
        car = self.car
        seen = (
            car.offset,
            car.heading,
            car.sideways,
            car.yaw_rate,
            car.speed / 10,
            100 * self.bend(car.distance),
            100 * self.bend(car.distance + 10),
            100 * self.bend(car.distance + 25),
            min(self.gap, SEEN_M) / 10,
            (car.speed - self._ahead_speed) / 10,
            car.steering / STEER_RAD,
        )
        return np.clip(np.array(seen, dtype=np.float32), -self._limits, self._limits)

    def render(self) -> NDArray[np.uint8]:
        """The road ahead, from above; the car stands at the bottom."""
        canvas = Canvas(240, (96, 128, 88))
        step, heading, x, car = 0.5, -self.car.heading, -self.car.offset, self.car
        points = []
        for at in np.arange(0.0, VIEW_M, step):
            points.append((0.5 - x / VIEW_M, 0.1 + at / VIEW_M))
            heading += step * self.bend(car.distance + at)
            x += step * math.sin(heading)
        xs, ys = np.array(points).T
        canvas.line(xs, ys, 2 * HALF_LANE_M / VIEW_M, (90, 90, 95))
        for side in (-1, 1):
            canvas.line(xs + side * HALF_LANE_M / VIEW_M, ys, 0.006, (240, 240, 240))
        ahead = self.gap + CAR_M
        if 0 <= ahead < VIEW_M * 0.9:
            at = int(ahead / step)
            canvas.box(xs[at], ys[at], 1.8 / VIEW_M, CAR_M / VIEW_M, (60, 90, 200))
        canvas.box(0.5, 0.1, 1.8 / VIEW_M, CAR_M / VIEW_M, (210, 60, 50))
        return canvas.pixels
