"""What a task looks like before its labels speak and before any source is read: enough to tell alike tasks.

A sketch is the mean and the spread of a few plain measures over some examples. Two tasks are alike when their
sketches differ by no more than examples of one of them do (a diagonal Fisher distance), and their size and
number of classes are of one order. Labels are not used, so what is learned from alike tasks flatters nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from headstart.core.kinds import Modality
from headstart.core.memory import Traits
from headstart.core.task import Task
from headstart.core.thinning import evenly

Array = NDArray[np.float64]

SAMPLE = {Modality.IMAGE: 96, Modality.TEXT: 256}  # examples: pictures have to be decoded for it
VIEW = 32  # pixels a side
DIGITS = 4  # of each number in the store
# Words that are in any English text at a rate that tells the sort of text, and hold none of its content.
FUNCTION_WORDS = ("the", "a", "of", "to", "in", "is", "i", "my", "what", "it", "and", "you", "not", "he")
DISTANT = 0.3  # spreads apart (root mean square over the measures) where likeness has fallen to exp(-1/2)
OCTAVES = {"side": 1.5, "n_classes": 2.0, "n": 3.0}  # doublings for the same fall
LEAST_ALIKE = 0.1  # below it a task counts as unlike, and its run is not heard


def traits(task: Task) -> Traits:
    """Read a few examples of the task, spread evenly over it."""
    sample = evenly(len(task), SAMPLE.get(task.modality, 1))
    is_image = task.modality is Modality.IMAGE
    sides, measures = list[float](), list[Array]()
    for row in sample.tolist():
        example = task.inputs.read(row)
        sides.append(float(max(example.size) if is_image else len(example)))
        measures.append(of_picture(example) if is_image else of_text(example))
    table = np.stack(measures)
    return Traits(
        modality=task.modality,
        kind=task.kind,
        n=len(task),
        n_classes=len(task.classes),
        side=float(np.median(sides)),
        sketch=_short(table.mean(0)),
        spread=_short(table.std(0)),
        sampled=len(sample),
    )


def of_picture(picture: Image.Image) -> Array:
    """[19] colour, contrast and direction of a picture, each about 0…1."""
    pixels = np.asarray(picture.resize((VIEW, VIEW), Image.Resampling.BOX), dtype=np.float64) / 255.0
    grey = pixels.mean(2)
    down, across = np.gradient(grey)
    strength = np.hypot(down, across)
    angle = np.mod(np.arctan2(down, across), np.pi)
    turns = np.histogram(angle, bins=4, range=(0.0, np.pi), weights=strength)[0]
    quarter = VIEW // 4
    middle, rim = grey[quarter:-quarter, quarter:-quarter], np.concatenate([grey[0], grey[-1], grey[:, 0]])
    colourful = pixels.max(2) - pixels.min(2)
    return np.array(
        [
            *pixels.mean((0, 1)),
            *pixels.std((0, 1)),
            colourful.mean(),
            colourful.std(),
            strength.mean(),
            strength.std(),
            *(turns / (turns.sum() + 1e-6)),
            middle.mean() - rim.mean(),
            middle.std(),
            rim.std(),
            float((grey < 0.1).mean()),
            float((grey > 0.9).mean()),
        ]
    )


def of_text(text: str) -> Array:
    """[8 + words] length, signs and function words of a text."""
    words = re.findall(r"\w+", text.lower())
    n, letters = max(len(words), 1), max(len(text), 1)
    return np.array(
        [
            math.log1p(len(text)),
            math.log1p(len(words)),
            len("".join(words)) / n,
            sum(sign.isupper() for sign in text) / letters,
            sum(sign.isdigit() for sign in text) / letters,
            sum(not sign.isalnum() and not sign.isspace() for sign in text) / letters,
            float("?" in text),
            float(any(ord(sign) > 127 for sign in text)),
            *(words.count(word) / n for word in FUNCTION_WORDS),
        ]
    )


def likenesses(present: Traits, others: Sequence[Traits]) -> Array:
    """[len(others)] how alike each task is to the present one, 0…1.

    0 where modality or kind differ, and below LEAST_ALIKE.
    """
    found = np.zeros(len(others))
    form = (present.modality, present.kind, len(present.sketch))
    near = [i for i, other in enumerate(others) if (other.modality, other.kind, len(other.sketch)) == form]
    if not near:
        return found
    apart = sketch_distances(present, [others[i] for i in near]) / DISTANT**2
    for name, octaves in OCTAVES.items():
        there = np.array([getattr(others[i], name) for i in near], dtype=np.float64)
        apart += (np.log2((there + 1) / (getattr(present, name) + 1)) / octaves) ** 2
    alike = np.exp(-0.5 * apart)
    found[near] = np.where(alike >= LEAST_ALIKE, alike, 0.0)
    return found


def sketch_distances(present: Traits, others: Sequence[Traits]) -> Array:
    """[len(others)] mean squared difference of the measures, in units of their spread, less chance's part."""
    here, there = np.array(present.sketch), np.array([other.sketch for other in others])
    variance = (np.square(present.spread) + np.square([other.spread for other in others])) / 2
    floor = 1e-4 + 0.01 * np.abs(here * there)  # a measure that never varies there: 1 % of its size counts
    chance = 1.0 / present.sampled + 1.0 / np.array([other.sampled for other in others])
    return np.asarray(np.maximum(np.mean((here - there) ** 2 / (variance + floor), axis=1) - chance, 0.0))


def _short(values: Sequence[float] | Array) -> tuple[float, ...]:
    return tuple(float(f"{value:.{DIGITS}g}") for value in values)
