"""Other actions, fewer, more, or in another order."""

from __future__ import annotations

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract.mismatch import Contract, Mismatch, listed, register


@register
class Actions(Mismatch):
    """What can be done differs, or stands in another order."""

    code, title, severity = "HS-C07", "Other actions", Severity.WARNING

    def __call__(self, contract: Contract) -> Finding | None:
        """What is gone, what is new, what moved."""
        mapping, source, target = contract.mapping, contract.source, contract.target
        if mapping.impossible:
            return None
        gone = [source.actions[index] for index in mapping.missing_actions]
        new = [one for one, index in zip(target.actions, mapping.actions, strict=True) if index is None]
        shared = [index for index in mapping.actions if index is not None]
        said = [f"The target cannot do {listed(gone)}."] if gone else []
        said += [f"Only the target can do {listed(new)}."] if new else []
        said += ["The actions stand in another order."] if shared != sorted(shared) else []
        if not said:
            return None
        return self.finding(
            " ".join(said),
            "Tune the policy where actions are gone or new: what it was used to do by them it does not do by "
            "others on its own.",
            where=tuple(one.name for one in (*gone, *new)),
            applied="Surgery permutes the rows of the last layer; a new force starts at its middle, a new "
            "choice just behind a known one, so that it is not taken before tuning.",
        )
