"""Which number of the source stands behind each number of the target."""

from __future__ import annotations

from headstart.core.record import Record
from headstart.sim.contract.signature import Channel, Signature
from headstart.sim.contract.units import factor


class Mapping(Record):
    """For each observation and each action of the target: where it is in the source, or null.

    Attributes:
        observations, actions: source indices, in the target's order.
        observation_factors: what the target's number is multiplied by to be in the source's unit.
        action_factors: what the source's action is multiplied by to be in the target's unit.
        source_observations, source_actions: how many the source has.
        impossible: why no policy can be carried over; "" where one can.
    """

    observations: tuple[int | None, ...]
    observation_factors: tuple[float, ...]
    actions: tuple[int | None, ...]
    action_factors: tuple[float, ...]
    source_observations: int
    source_actions: int
    impossible: str = ""

    @property
    def missing_observations(self) -> tuple[int, ...]:
        """Source observations that the target has not."""
        return tuple(sorted(set(range(self.source_observations)) - set(self.observations)))

    @property
    def missing_actions(self) -> tuple[int, ...]:
        """Source actions that the target has not."""
        return tuple(sorted(set(range(self.source_actions)) - set(self.actions)))

    @property
    def nothing_to_do(self) -> bool:
        """A policy fits as it is."""
        return (
            not self.impossible
            and self.observations == tuple(range(self.source_observations))
            and self.actions == tuple(range(self.source_actions))
            and set(self.observation_factors) | set(self.action_factors) <= {1.0}
        )


def mapping(source: Signature, target: Signature) -> Mapping:
    """By name where both sides know their names, by place where they are as many; else impossible.

    >>> from headstart.sim.environment import EnvironmentId, open_environment
    >>> from headstart.sim.contract.signature import signature
    >>> one = signature(open_environment(EnvironmentId.parse("Pendulum-v1")))
    >>> mapping(one, one).nothing_to_do
    True
    """
    ours, theirs = source.observations, target.observations
    seen = _matched(ours, theirs, source.observations_named and target.observations_named)
    done = _matched(source.actions, target.actions, source.actions_named and target.actions_named)
    return Mapping(
        observations=seen,
        observation_factors=tuple(
            1.0 if index is None else _factor(theirs[at], ours[index]) for at, index in enumerate(seen)
        ),
        actions=done,
        action_factors=tuple(
            1.0 if index is None else _factor(source.actions[index], target.actions[at])
            for at, index in enumerate(done)
        ),
        source_observations=len(ours),
        source_actions=len(source.actions),
        impossible=_impossible(source, target, seen, done),
    )


def _matched(source: tuple[Channel, ...], target: tuple[Channel, ...], named: bool) -> tuple[int | None, ...]:
    if named:
        places = {plain(channel.name): at for at, channel in enumerate(source)}
        return tuple(places.get(plain(channel.name)) for channel in target)
    if len(source) == len(target):
        return tuple(range(len(source)))
    return (None,) * len(target)


def plain(name: str) -> str:
    """A name without what people spell differently.

    >>> plain("Pole_Angle"), plain("pole  angle")
    ('pole angle', 'pole angle')
    """
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def _factor(found: Channel, wanted: Channel) -> float:
    """1 where the units do not convert: `_impossible` says so, unless one of the names is not known."""
    one = factor(found.unit, wanted.unit)
    return 1.0 if one is None else one


def _impossible(
    source: Signature, target: Signature, seen: tuple[int | None, ...], done: tuple[int | None, ...]
) -> str:
    if source.action_kind != target.action_kind:
        return f"the source's actions are {source.action_kind}, the target's {target.action_kind}"
    sensed = source.observations_named and target.observations_named
    acted = source.actions_named and target.actions_named
    pairs = [("observations", source.observations, target.observations, seen, sensed),
             ("actions", source.actions, target.actions, done, acted)]  # fmt: skip
    for what, ours, theirs, found, known in pairs:
        if all(index is None for index in found):
            return f"no {what[:-1]} of the target is known to be one of the source's {len(ours)}"
        for at, index in enumerate(found):
            if known and index is not None and factor(theirs[at].unit, ours[index].unit) is None:
                units = f"in {theirs[at].unit or 'no unit'}, in the source in {ours[index].unit or 'no unit'}"
                return f"'{theirs[at].name}' is {units}, which does not convert"
    return ""
