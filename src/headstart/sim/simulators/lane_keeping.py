"""A car that keeps its lane behind another one."""

from __future__ import annotations

from headstart.sim.simulators.simulator import Parameter, Simulator, attribute

LANE_KEEPING = Simulator(
    "headstart/LaneKeeping-v0",
    {
        "grip": Parameter(0.8, 1.0, 0.9, 0.15, 1.2, "", "grip of the tyres", attribute("grip")),
        "mass": Parameter(1300, 1700, 1500, 800, 4000, "kg", "mass of the car", attribute("mass_kg")),
        "wheelbase": Parameter(2.5, 2.9, 2.7, 1.8, 4.5, "m", "wheelbase", attribute("wheelbase_m")),
        "steering_lag": Parameter(
            0.08, 0.12, 0.1, 0.02, 1.0, "s", "time constant of the steering", attribute("steering_lag_s")
        ),
        "traffic": Parameter(
            1.0, 3.0, 2.0, 0.0, 6.0, "m/s", "swing of the speed ahead", attribute("traffic_m_per_s")
        ),
    },
    violated=lambda env, terminated: terminated,
    limit="the car leaves its lane, or hits the car ahead",
)
