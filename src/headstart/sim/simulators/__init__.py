"""Simulators of the built-in suite: one file each, with the parameters that may be set or identified."""

from headstart.sim.simulators.simulator import Parameter, Simulated, Simulator

__all__ = ["Parameter", "Simulated", "Simulator"]
