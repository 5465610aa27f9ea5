"""The name and the unit of every number of an observation and of an action, where they are known."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import gymnasium

OBSERVATIONS, ACTIONS = "observations", "actions"
# An environment, or a wrapper, says its own names with these attributes: strings or (name, unit) pairs.
ATTRIBUTES = {OBSERVATIONS: "observation_names", ACTIONS: "action_names"}


class Named(NamedTuple):
    """A name, and its unit ("" for none)."""

    name: str
    unit: str


def names(env: gymnasium.Env[Any, Any], what: str, count: int) -> tuple[Named, ...] | None:
    """The names of an environment's `observations` or `actions` (for choices: of each choice).

    What the environment or a wrapper declares goes before the table of known environments. None where
    neither knows, or knows another number of them than `count`.
    """
    found = _declared(env, ATTRIBUTES[what])
    if found is None:
        entry = known(env.spec.id) if env.spec else None
        found = entry[what] if entry else None
    if found is None or len(found) != count:
        return None
    read = tuple(Named(one, "") if isinstance(one, str) else Named(str(one[0]), str(one[1])) for one in found)
    return read if len({one.name for one in read}) == count else None


def known(gym_id: str) -> dict[str, Any] | None:
    """What the table says of an environment, whatever its version.

    >>> known("Pendulum-v1")["actions"]
    [['torque on the pole', 'N m']]
    """
    entry: dict[str, Any] | None = _table().get(re.sub(r"-v\d+$", "", gym_id))
    return entry


@cache
def _table() -> dict[str, Any]:
    text = (files("headstart.sim.contract") / "known.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def _declared(env: gymnasium.Env[Any, Any], attribute: str) -> Sequence[Any] | None:
    try:
        declared: Sequence[Any] = env.get_wrapper_attr(attribute)
    except AttributeError:
        return None
    return declared
