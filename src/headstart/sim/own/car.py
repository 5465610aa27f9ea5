"""A car as a single-track model with tyres that slide.

Two axles in one line, tyre forces that grow with the slip angle and saturate at grip × load (a tanh in place
of Pacejka's formula); speed along the car is driven, sideways velocity and yaw rate follow (Rajamani, Vehicle
Dynamics and Control, 2012, ch. 2). The place is kept along a road: distance, offset, heading error.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

GRAVITY = 9.81  # m/s²
STIFFNESS_N_PER_RAD = 80_000.0  # of the tyres of an axle, a usual car's
DRIVE_N, BRAKE_N = 4_500.0, 10_500.0  # largest forces: 3 and 7 m/s² for a car of 1.5 t
STEER_RAD = 0.25  # of the wheels, at full lock
FRONT_FRAC = 0.45  # of the wheelbase lies before the centre of mass
SLOWEST_M_PER_S = 3.0  # below, slip angles make no sense
SUBSTEP_S = 0.025  # explicit steps are stable down to the slowest speed and half the usual mass


@dataclass(slots=True)
class Car:
    """State and constants of one car; `step` moves it along a road."""

    mass_kg: float
    grip: float
    wheelbase_m: float
    steering_lag_s: float
    speed: float
    distance: float = 0.0
    offset: float = 0.0
    heading: float = 0.0
    sideways: float = 0.0
    yaw_rate: float = 0.0
    steering: float = 0.0

    def step(self, steer: float, drive: float, curvature: float, seconds: float) -> None:
        """Hold `steer` and `drive`, each -1 … 1 (left and throttle positive), for some `seconds`, on a road
        that bends by `curvature`, in 1/m, left positive.
        """
        before = self.wheelbase_m * FRONT_FRAC
        behind = self.wheelbase_m - before
        load = self.mass_kg * GRAVITY / self.wheelbase_m
        inertia = self.mass_kg * before * behind
        most = self.grip * GRAVITY
        push = min(max(drive * (DRIVE_N if drive > 0 else BRAKE_N) / self.mass_kg, -most), most)
        left = math.sqrt(max(1.0 - (push / most) ** 2, 0.05))  # of the grip, for the bends
        front_most, rear_most = left * self.grip * load * behind, left * self.grip * load * before
        follow = 1.0 - math.exp(-SUBSTEP_S / self.steering_lag_s)
        for _ in range(round(seconds / SUBSTEP_S)):
            self.steering += follow * (steer * STEER_RAD - self.steering)
            speed, sideways, turn = self.speed, self.sideways, self.yaw_rate
            slip_front = self.steering - math.atan((sideways + before * turn) / speed)
            slip_rear = -math.atan((sideways - behind * turn) / speed)
            front = front_most * math.tanh(STIFFNESS_N_PER_RAD * slip_front / front_most)
            rear = rear_most * math.tanh(STIFFNESS_N_PER_RAD * slip_rear / rear_most)
            self.sideways += SUBSTEP_S * ((front + rear) / self.mass_kg - speed * turn)
            self.yaw_rate += SUBSTEP_S * (before * front - behind * rear) / inertia
            self.speed = max(speed + SUBSTEP_S * push, SLOWEST_M_PER_S)
            cosine, sine = math.cos(self.heading), math.sin(self.heading)
            along = (speed * cosine - sideways * sine) / (1.0 - curvature * self.offset)
            self.distance += SUBSTEP_S * along
            self.offset += SUBSTEP_S * (speed * sine + sideways * cosine)
            self.heading += SUBSTEP_S * (turn - curvature * along)
