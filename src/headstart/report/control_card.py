"""README.md of a policy that `sim fit` handed back."""

from __future__ import annotations


def control_card(source: str, target: str, reason: str) -> str:
    """The model card: where it comes from, where it was judged, why it was chosen."""
    return f"""---
base_model: {source}
tags: [reinforcement-learning, transfer-learning]
---
# A policy for {target}

Brought from `{source}`. {reason}

`headstart.load(FOLDER).act(observations)` gives its actions: observations [n, numbers], as the environment
gives them, flat. No library of the learner is needed, and no code in this folder is run.

Limits: it was judged in simulation, in `{target}` and nowhere else. Before it moves anything real, cap forces
and speeds outside of it; a change of load, delay or sensors can make it worse without warning.
"""
