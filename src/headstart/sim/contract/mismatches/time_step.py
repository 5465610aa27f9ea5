"""Another time between two actions."""

from __future__ import annotations

import math

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract.mismatch import Contract, Mismatch, register


@register
class TimeStep(Mismatch):
    """A policy's actions are held for longer or shorter, and its velocities mean other distances."""

    code, title, severity = "HS-C09", "Another time step", Severity.WARNING

    def __call__(self, contract: Contract) -> Finding | None:
        """Both time steps, or both frame skips where the time is not known."""
        ours, theirs = contract.source, contract.target
        if ours.time_step_s and theirs.time_step_s:
            if math.isclose(ours.time_step_s, theirs.time_step_s, rel_tol=1e-3):
                return None
            ratio = ours.time_step_s / theirs.time_step_s
            steps = [f"{one.time_step_s:g} s" for one in (ours, theirs)]
        elif ours.frame_skip and theirs.frame_skip and ours.frame_skip != theirs.frame_skip:
            ratio = ours.frame_skip / theirs.frame_skip
            steps = [f"{one.frame_skip} simulation steps" for one in (ours, theirs)]
        else:
            return None
        whole = round(ratio)
        repeat = f"Hold each action for {whole} steps of the target, or make" if whole > 1 else "Make"
        return self.finding(
            f"A step takes {steps[0]} in the source, {steps[1]} in the target: the policy acts {ratio:.3g} "
            "times as often.",
            f"{repeat} the time steps equal (frame_skip, dt, policy_frequency); otherwise tune, and discount "
            "per second, not per step.",
        )
