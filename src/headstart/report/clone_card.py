"""The card that goes with a cloned policy: whom it imitates, how well, where it was tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headstart.report.quantities import significant


def clone_card(name: str, card: Mapping[str, Any]) -> str:
    """README.md of a cloned policy in the store; `card` is the object's."""
    said, imitation = card["clone"], card["clone"]["imitation"]
    low, high = imitation["interval"]["low"], imitation["interval"]["high"]
    rows = [
        ("demonstrated in", f"`{said['demonstrated_in']}`, by {card['recorded_by']}"),
        ("learned from", f"{said['episodes']} episodes, {said['examples']:,} steps of `{said['recording']}`"),
        (
            "skill",
            f"{imitation['skill']:.2f}, 90 % interval {low:.2f} to {high:.2f} ({said['verdict']}): the share "
            f"of the {imitation['measure']} of a blind answer that it takes away on unseen episodes",
        ),
        ("its demonstrator returned", _score(said["demonstrator"])),
    ]
    if said.get("clone"):
        rows.append((f"it returned in `{said['environment']}`", _score(said["clone"])))
        rows.append(("random actions returned there", _score(said["chance"])))
    rows.append(("versions", ", ".join(f"{one} {version}" for one, version in card["versions"].items())))
    table = "\n".join(f"| {left} | {right} |" for left, right in rows)
    notes = "".join(f"- {note}\n" for note in said["notes"])
    return f"""# {name}: a policy cloned from demonstrations

| | |
|---|---|
{table}

{notes}
Intended use: as a source for `headstart sim fit ENV --source store:{name}`, or to act as it is.

Limits: it knows what was demonstrated and nothing else; where its own mistakes lead it, nobody
showed the way.
"""


def _score(score: Mapping[str, Any] | None) -> str:
    if score is None:
        return "not known"
    interval = score["interval"]
    return (
        f"{significant(score['estimate'])}, 90 % interval {significant(interval['low'])} to "
        f"{significant(interval['high'])}"
    )
