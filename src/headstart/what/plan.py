"""From the look to the candidates that are worth tuning, the most promising first.

Where tuning may pay is on far tasks and with labels to learn from (DESIGN, traps); whether it does, the
race finds out. So the plan names few: the cheaper of the three best tunable sources, cuts at half and at a
third of the depth (a third is a little better and half as dear again, lower gains nothing, two thirds loses
most of the gain; docs/how.md), and the cheap ways of moving little.
"""

from __future__ import annotations

from headstart.core.candidate import Candidate, Scalar
from headstart.core.kinds import Kind, Modality, Preset
from headstart.core.task import Task
from headstart.what.experience import NOTHING, Experience
from headstart.what.look import Look
from headstart.what.reading import Reading

SOURCES = {Preset.FAST: 1, Preset.BALANCED: 2, Preset.BEST: 3}
HALF, THIRD, TEXT_CUT = 0.5, 0.33, 0.43  # share of the blocks that stays frozen
WORTH_TUNING = 3  # of the sources, by the look; the cheaper of them come first, or none would end in time
WORTH_GAIN = 0.005  # of the way from the commonest answer to a perfect score
TUNING_SIDE = 128  # pixels; kept the gains of 160 and more on six sets at half of the cost (docs/how.md)
LEAST_PER_CLASS = 8  # below it a fold model sees too few labels to move a network safely


def too_few_to_tune(task: Task) -> bool:
    """Whether a network would see too few labels of a class to learn from a part of them."""
    return len(task) / max(len(task.classes), 2) < LEAST_PER_CLASS


def plan(look: Look, task: Task, preset: Preset, earlier: Experience = NOTHING) -> tuple[Candidate, ...]:
    """Candidates for the race, best bets first; none where labels are too few.

    What gained something in `earlier` runs on alike tasks comes first, what gained nothing there last.
    """
    if too_few_to_tune(task):
        return ()
    merit: dict[str, float] = {}
    for probe in look.probes:
        source = probe.reading.card.id
        merit[source] = max(merit.get(source, float("-inf")), probe.merit)
    tunable = [reading for reading in look.readings if reading.card.tunable]
    ahead = sorted(tunable, key=lambda reading: -merit[reading.card.id])[:WORTH_TUNING]
    if task.modality is Modality.IMAGE:  # encoders of texts are cheap enough to go by merit
        ahead = sorted(ahead, key=_cost)
    chosen = ahead[: SOURCES[preset]]
    waves = [_wave(reading, task, preset) for reading in chosen]
    longest = max((len(wave) for wave in waves), default=0)
    named = [wave[place] for place in range(longest) for wave in waves if place < len(wave)]
    cheapest = min(tunable, key=_cost, default=None)
    if preset is not Preset.FAST and cheapest is not None and cheapest not in chosen:
        named.append(_wave(cheapest, task, preset)[0])  # for when time is too short for the others
    return tuple(sorted(named, key=lambda candidate: _class_of(candidate, earlier)))


def _class_of(candidate: Candidate, earlier: Experience) -> int:
    """0: it gained in alike runs; 1: not known; 2: tried there, and gained nothing."""
    gain = earlier.gain_of(candidate.strategy, float(candidate.settings["depth"] or 0.0))
    return 1 if gain is None else 0 if gain >= WORTH_GAIN else 2


def _wave(reading: Reading, task: Task, preset: Preset) -> list[Candidate]:
    """The candidates on one source, best bets first."""
    is_text = task.modality is Modality.TEXT
    named = [_candidate(reading, "lp_ft", depth=TEXT_CUT if is_text else HALF)]
    if is_text and task.kind is Kind.CLASSIFICATION:  # pairs taught TREC 13 points more than labels did
        named.insert(0, _candidate(reading, "contrastive", depth=TEXT_CUT))
    if preset is not Preset.FAST and not is_text:
        named.append(_candidate(reading, "lp_ft", depth=THIRD))
    if preset is Preset.BEST:
        named += [
            _candidate(reading, "norm_bias", depth=0.0),
            _candidate(reading, "low_rank", depth=THIRD),
            _candidate(reading, "anchored", depth=THIRD),
            _candidate(reading, "reset_top", depth=THIRD),
            _candidate(reading, "full", depth=0.0),
        ]
    return named


def tuning_size(reading: Reading) -> int:
    """The input size to tune at: near TUNING_SIDE for images, as read for texts."""
    if reading.card.modality is not Modality.IMAGE:
        return reading.size
    return min(reading.card.input_sizes, key=lambda side: abs(side - TUNING_SIDE))


def _cost(reading: Reading) -> float:
    """Seconds of a pass at the tuning size, as far as the look's own pass tells."""
    return reading.forward_s * (tuning_size(reading) / max(reading.size, 1)) ** 2


def _candidate(reading: Reading, strategy: str, *, depth: float) -> Candidate:
    size = tuning_size(reading)
    settings: dict[str, Scalar] = {"size": size, "depth": depth}
    name = f"{reading.card.id}/{strategy}@{depth:.2f}:{size}"
    rung = 4 if depth == 0.0 else 3
    return Candidate(name, reading.card.id, strategy, settings=settings, rung=rung)
