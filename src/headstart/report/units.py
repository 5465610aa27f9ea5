"""A metric's unit: how a score, a gain and an interval of it are shown to people."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from headstart.core.estimate import Interval
from headstart.report.quantities import MISSING, NARROW, WORD, fixed, percent, signed, significant

# Words for the metrics that people ask about; an unknown name is shown as it is.
_WORDS = {
    "accuracy": ("accuracy", "the share of examples that are answered right"),
    "balanced_accuracy": ("balanced accuracy", "the share answered right, every class counting the same"),
    "macro_f1": (
        "macro F1",
        "how complete and how clean the answers for each class are, averaged over classes",
    ),
    "roc_auc": ("ROC AUC", "the chance that a positive example is ranked above a negative one"),
    "log_loss": ("log loss", "the surprise at the true answers; smaller is better"),
    "brier": ("Brier score", "the squared error of the probabilities; smaller is better"),
    "rmse": ("RMSE", "the typical size of an error, in the target's unit; smaller is better"),
    "mse": ("squared error", "the mean squared error; smaller is better"),
    "mae": ("mean error", "the mean size of an error, in the target's unit; smaller is better"),
    "r2": ("R²", "the share of the target's variation that is explained; 1 is perfect"),
}
_SAME = {"f1_macro": "macro_f1", "auc": "roc_auc", "root_mean_squared_error": "rmse", "f1": "macro_f1"}
_SAME |= {"mean_absolute_error": "mae", "mean_squared_error": "mse", "logloss": "log_loss"}
_NUMBERS = {"r2", "return", "spearman", "pearson"}


@dataclass(frozen=True, slots=True)
class Unit:
    """How one metric is written. Records hold scores with larger better; errors are shown unsigned.

    >>> unit = unit_of("neg_rmse")
    >>> unit.label, unit.score(-2.34), unit.gain(0.4), unit.interval(Interval(-3.0, -2.0, 0.9))
    ('RMSE', '2.34', '0.40 lower', '2.00 to 3.00')
    >>> unit.gain_interval(Interval(0.1, 0.7, 0.9)), unit.gain_interval(Interval(-0.1, 0.7, 0.9))
    ('0.10 to 0.70 lower', '0.10 higher to 0.70 lower')
    >>> unit_of("accuracy").gain(0.081).replace(WORD, " ")
    '+8.1 points'
    """

    metric: str
    label: str
    meaning: str
    style: Literal["percent", "number", "error"]

    @property
    def better(self) -> str:
        """Which way a shown number improves."""
        return "smaller is better" if self.style == "error" else "larger is better"

    def score(self, score: float | None) -> str:
        """One score."""
        if score is None or not math.isfinite(score):
            return MISSING
        if self.style == "percent":
            return percent(score)
        return significant(-score if self.style == "error" else score)

    def gain(self, gain: float | None) -> str:
        """A difference of two scores."""
        if gain is None or not math.isfinite(gain):
            return MISSING
        if self.style == "percent":
            return f"{signed(100 * gain, 1)}{WORD}points"
        if self.style == "error":
            return f"{significant(abs(gain), 2)} {'lower' if gain >= 0 else 'higher'}"
        return ("+" if gain > 0 else "") + significant(gain, 2)

    def amount(self, gain: float | None) -> str:
        """The size of a difference, without its direction."""
        if gain is None or not math.isfinite(gain):
            return MISSING
        return (
            f"{fixed(100 * abs(gain), 1)}{WORD}points"
            if self.style == "percent"
            else significant(abs(gain), 2)
        )

    def interval(self, interval: Interval | None) -> str:
        """The interval of a score."""
        if interval is None or not (math.isfinite(interval.low) and math.isfinite(interval.high)):
            return MISSING
        low, high = self.score(interval.low), self.score(interval.high)
        if self.style == "error":
            low, high = high, low
        return f"{low.removesuffix(NARROW + '%')} to {high}"

    def gain_interval(self, interval: Interval) -> str:
        """The interval of a gain."""
        if self.style == "percent":
            return f"{signed(100 * interval.low, 1)} to {signed(100 * interval.high, 1)}{WORD}points"
        if self.style == "error" and interval.low * interval.high > 0:
            near, far = sorted((interval.low, interval.high), key=abs)
            return f"{self.amount(near)} to {self.gain(far)}"
        return f"{self.gain(interval.low)} to {self.gain(interval.high)}"

    def tick(self, value: float, step: float) -> str:
        """A tick on an axis of scores, with as many decimals as steps of `step` need."""
        scale = 100.0 if self.style == "percent" else 1.0
        shown = abs(value) if self.style == "error" else value
        text = fixed(scale * shown, _decimals(scale * step))
        return f"{text}{NARROW}%" if self.style == "percent" else text

    def gain_tick(self, value: float, step: float) -> str:
        """A tick on an axis of gains."""
        scale = 100.0 if self.style == "percent" else 1.0
        return signed(scale * value, _decimals(scale * step))


def unit_of(metric: str) -> Unit:
    """The unit of a metric by its name; negated error metrics are named ``neg_…`` or ``negative_…``."""
    bare = metric.removeprefix("negative_").removeprefix("neg_").lower()
    bare = _SAME.get(bare, bare)
    label, meaning = _WORDS.get(bare, (bare.replace("_", " "), ""))
    if bare != metric.lower() and metric.lower().startswith("neg"):
        return Unit(metric, label, meaning, "error")
    return Unit(metric, label, meaning, "number" if bare in _NUMBERS else "percent")


def _decimals(step: float) -> int:
    return max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
