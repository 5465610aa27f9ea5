"""The same action with other limits."""

from __future__ import annotations

import math

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract.mismatch import Contract, Mismatch, register


@register
class ActionLimits(Mismatch):
    """A policy scales its output to the limits: with others the same output is another force."""

    code, title, severity = "HS-C08", "Other limits of actions", Severity.WARNING

    def __call__(self, contract: Contract) -> Finding | None:
        """Which, with both limits."""
        mapping = contract.mapping
        if mapping.impossible:
            return None
        said, where = [], []
        mapped = zip(contract.target.actions, mapping.actions, mapping.action_factors, strict=True)
        for one, index, times in mapped:
            if index is None:
                continue
            ours = contract.source.actions[index]
            before = tuple(None if limit is None else limit * times for limit in (ours.low, ours.high))
            if not _alike(before, (one.low, one.high)):
                where.append(one.name)
                said.append(f"'{one.name}' goes from {_span(before)} in the source and from "
                            f"{_span((one.low, one.high))} in the target")  # fmt: skip
        if not said:
            return None
        return self.finding(
            "; ".join(said) + ".",
            "Act through the source's limits: headstart.sim.contract.SourceActions wraps the target so that "
            "the same output is the same force, cut where the target ends.",
            where=where,
        )


def _alike(before: tuple[float | None, ...], after: tuple[float | None, ...]) -> bool:
    return all(
        one is other if one is None or other is None else math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
        for one, other in zip(before, after, strict=True)
    )


def _span(limits: tuple[float | None, ...]) -> str:
    low, high = ("no limit" if limit is None else f"{limit:g}" for limit in limits)
    return f"{low} to {high}"
