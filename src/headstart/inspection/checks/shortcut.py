"""A class that can be told by how its files are, not by what they show."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.finding import Finding, NotApplicable
from headstart.core.kinds import Severity
from headstart.core.seeds import generator
from headstart.inspection.check import Check, register
from headstart.inspection.facts import Facts

BINS = 8
PERMUTATIONS = 200
LEAST_ROWS = 20  # with fewer, chance alone makes a class look different
SUSPICIOUS = 0.7  # balanced accuracy of one class against the rest, from the nuisance alone; chance is .5
# These follow from what is shown as well (texture makes files large, anger makes texts long): more is asked.
SUSPICIOUS_OF_CONTENT = {"file size": 0.85, "length": 0.85}


@register
class Shortcut(Check):
    """One class differs from the rest in resolution, file size, length, encoding or format."""

    code, title, severity = "HS-D06", "A shortcut: a class differs in form", Severity.WARNING
    needs = ("classes", "nuisances")

    def __call__(self, facts: Facts) -> Finding | NotApplicable | None:
        """The nuisances that give a class away, the most telling first."""
        labels = facts.task.targets
        if len(labels) < LEAST_ROWS:
            return self.silent(f"fewer than {LEAST_ROWS} examples; chance alone could make a class differ")
        telling = []
        for name, values in facts.nuisances.items():
            bins = binned(values)
            if bins.max(initial=0) == 0:
                continue
            score, which = told_apart(bins, labels)
            if score >= SUSPICIOUS_OF_CONTENT.get(name, SUSPICIOUS) and _beyond_chance(
                score, bins, labels, generator(facts.task.seed, self.code, name)
            ):
                telling.append((score, name, which, values))
        if not telling:
            return None
        telling.sort(key=lambda found: -found[0])
        _, _, which, _ = telling[0]
        said = "; ".join(
            _said(name, facts.task.classes[c], values, labels == c) for _, name, c, values in telling
        )
        return self.finding(
            f"{said}.",
            "A model may learn the form instead of the content. Bring all classes into one form (camera, "
            "size, format), or make sure that the data to be predicted differ in the same way.",
            rows=np.flatnonzero(labels == which)[:8].tolist(),
        )


def binned(values: NDArray[Any]) -> NDArray[np.int64]:
    """[n] bins: words and few distinct numbers as they are, other numbers by quantiles."""
    distinct, index = np.unique(values, return_inverse=True)
    if len(distinct) <= BINS or values.dtype.kind not in "fiu":
        return index.astype(np.int64)
    edges = np.unique(np.quantile(values, np.arange(1, BINS) / BINS))
    return np.searchsorted(edges, values, side="right").astype(np.int64)


def told_apart(bins: NDArray[np.int64], labels: NDArray[np.int64]) -> tuple[float, int]:
    """The class that the bins tell best from the rest, and with what balanced accuracy.

    Each row is judged by the other rows of its bin (leave-one-out), so that many bins do not help.
    """
    table = np.zeros((bins.max() + 1, labels.max() + 1))
    np.add.at(table, (bins, labels), 1)
    inside = table.sum(axis=0)
    rest = table.sum(axis=1, keepdims=True) - table
    outside = np.maximum(inside.sum() - inside, 1)
    own = (table - 1) / np.maximum(inside - 1, 1) > rest / outside
    other = (rest - 1) / np.maximum(outside - 1, 1) >= table / np.maximum(inside, 1)
    found = (table * own).sum(axis=0) / np.maximum(inside, 1)
    spared = (rest * other).sum(axis=0) / outside
    scores = np.where(inside > 1, (found + spared) / 2, 0.0)
    return float(scores.max()), int(scores.argmax())


def _beyond_chance(
    score: float, bins: NDArray[np.int64], labels: NDArray[np.int64], random: np.random.Generator
) -> bool:
    """Whether fewer than 1 % of shuffled labels are told apart as well."""
    shuffled = sum(told_apart(bins, random.permutation(labels))[0] >= score for _ in range(PERMUTATIONS))
    return bool((shuffled + 1) / (PERMUTATIONS + 1) < 0.01)


def _said(name: str, label: str, values: NDArray[Any], inside: NDArray[np.bool_]) -> str:
    if values.dtype.kind in "fiu":
        usual, elsewhere = np.median(values[inside]), np.median(values[~inside])
        return f"{name} of {label!r}: median {usual:g}, of the rest {elsewhere:g}"
    words, counts = np.unique(values[inside], return_counts=True)
    word = words[counts.argmax()]
    shares = [float((values[rows] == word).mean()) for rows in (inside, ~inside)]
    return f"{name} of {label!r}: {shares[0]:.0%} {word}, of the rest {shares[1]:.0%}"
