"""What each network and each control would cost in the model: measured here, as limits on the combination."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from headstart.core.predictor import Predictor
from headstart.core.source import Network
from headstart.core.specification import Specification
from headstart.core.task import Inputs, Task
from headstart.how.race import Race
from headstart.recipes.speed import milliseconds
from headstart.sources.extract import extract
from headstart.what.look import Look
from headstart.what.probed_source import precision
from headstart.what.reading import Reading
from headstart.when.controls import FittedControl
from headstart.when.controls.majority import Majority
from headstart.when.limits import Limits, Price, unit_of

# Networks are timed one by one on a few rows, so that pricing costs little beside the look.
PRICED_ROWS, PRICED_ROUNDS = 16, 2
ROOM_FRAC = 0.9  # of the latency, for what a combination takes beside its networks and for a busy machine

Answer = Callable[[Inputs], object]


def limits(
    asked: Specification | None,
    task: Task,
    plain: Sequence[FittedControl],
    look: Look,
    race: Race,
    networks: Mapping[str, Network],
    *,
    max_networks: int,
) -> Limits:
    """The limits of the specification, each as far as anything at all meets it.

    What nothing meets by itself, guessing by the classes' shares apart, does not restrict: it could only
    have made the model worse.
    """
    if asked is None or (asked.latency_ms is None and asked.size_mb is None):
        return Limits(max_networks)
    answers: dict[str, Answer] = {c.candidate.id: c.predictor.predict for c in plain}
    answers |= {name: member.predict for name, member in race.members.items()}
    answers |= {reading.label: _reader(reading, networks) for reading in look.readings}
    times = [0.0] * len(answers)
    if asked.latency_ms is not None:
        times = milliseconds(list(answers.values()), task.inputs, rows=PRICED_ROWS, rounds=PRICED_ROUNDS)
    ms = dict(zip(answers, times, strict=True))
    own, source = own_bytes(plain, look, race)
    prices = {unit: Price(ms[unit], own.get(unit, 0), source.get(unit)) for unit in answers}
    used = dict(networks) | {str(one.config["source"]): one.network for one in race.members.values()}
    shared = {name: folder_bytes(getattr(network, "folder", None)) for name, network in used.items()}
    models = [price for unit, price in prices.items() if unit not in guesses(plain)]
    lightest = min((p.own_bytes + shared.get(p.source or "", 0) for p in models), default=0)
    return Limits(
        networks=max_networks,
        ms=_within(asked.latency_ms, min((p.ms for p in models), default=0.0), ROOM_FRAC),
        size_bytes=_within(asked.size_mb and 1e6 * asked.size_mb, lightest, 1.0),
        prices=prices,
        shared_bytes=shared,
    )


def guesses(plain: Sequence[FittedControl]) -> set[str]:
    """Controls that do not look at an example: within any limit, and no answer to one."""
    return {c.candidate.id for c in plain if isinstance(c.predictor, Majority)}


def own_bytes(
    plain: Sequence[FittedControl], look: Look, race: Race
) -> tuple[dict[str, int], dict[str, str | None]]:
    """By unit, the bytes of what was fitted, and the source that it stands on."""
    own: dict[str, int] = {}
    source: dict[str, str | None] = {}

    def add(unit: str, fitted: Predictor | Any, of: str | None) -> None:
        arrays, _ = fitted.state()
        own[unit] = own.get(unit, 0) + sum(array.nbytes for array in arrays.values())
        source[unit] = of

    for control in plain:
        add(control.candidate.id, control.predictor, None)
    for name, member in race.members.items():
        add(name, member, str(member.config["source"]))
    for probe in look.probes:
        add(unit_of(probe.candidate), probe.head, probe.reading.card.id)
    return own, source


def folder_bytes(folder: Path | None) -> int:
    """The size of a source's files; 0 where it lies in no folder."""
    if folder is None:
        return 0
    return sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())


def _reader(reading: Reading, networks: Mapping[str, Network]) -> Answer:
    network, number = networks[reading.card.id], precision(reading.precision)
    return lambda inputs: extract(network, inputs, size=reading.size, precision=number)


def _within(asked: float | None, least: float, room: float) -> float:
    """The limit with some room; none where even the least is beyond it."""
    if asked is None or least > asked:
        return math.inf
    return max(room * asked, least)
