"""The same quantity in another unit."""

from __future__ import annotations

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract.mismatch import Contract, Mismatch, register
from headstart.sim.contract.signature import Channel


@register
class Units(Mismatch):
    """An observation or an action is told in another unit."""

    code, title, severity = "HS-C04", "Other units", Severity.WARNING

    def __call__(self, contract: Contract) -> Finding | None:
        """Each number, with both units."""
        mapping = contract.mapping
        if mapping.impossible:
            return None
        found = [
            *_differing(contract.source.observations, contract.target.observations, mapping.observations),
            *_differing(contract.source.actions, contract.target.actions, mapping.actions),
        ]
        if not found:
            return None
        said = [f"'{one.name}' in {ours.unit} there, in {one.unit} here" for ours, one in found]
        return self.finding(
            f"From the source to the target: {'; '.join(said)}.",
            "Nothing: the factors are known.",
            where=tuple(one.name for _, one in found),
            applied="Surgery folds the factors into the first and the last layer.",
        )


def _differing(
    source: tuple[Channel, ...], target: tuple[Channel, ...], mapped: tuple[int | None, ...]
) -> list[tuple[Channel, Channel]]:
    pairs = [(source[at], one) for one, at in zip(target, mapped, strict=True) if at is not None]
    return [
        (ours, theirs) for ours, theirs in pairs if ours.unit and theirs.unit and ours.unit != theirs.unit
    ]
