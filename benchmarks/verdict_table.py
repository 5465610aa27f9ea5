"""The figures that are asked of the verdict, from the judged draws of bench_verdict."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from harness import DATA_SETS
from scipy.stats import norm
from scipy.stats import t as student

ASKED = ("real", "half", "harmful", "equal")  # the zoos that the targets speak of; the others are harder
HARM = 0.01  # of balanced accuracy below the control


def summary(lines: Iterable[dict[str, object]]) -> None:
    """Print everything: by zoo and labels a class, by set, then what the intervals and words are worth."""
    import pandas as pd

    table = pd.DataFrame(lines)
    table["true"] = table.combination - table.control
    table["short"] = 100 * (table.handed - table.best_single)
    table["is_text"] = table.set.map(lambda name: DATA_SETS[name].is_text)
    for (zoo, is_text), some in table.groupby(["zoo", "is_text"]):
        draws = some.groupby(["set", "per_class"]).size()
        print(
            f"\n{zoo}, {'texts' if is_text else 'images'}: {some.set.nunique()} sets, {len(some)} draws ",
            end="",
        )
        print(f"({draws.min()} to {draws.max()} a set and size)")
        for per, e in some.groupby("per_class"):
            print(f"  {per:2d} a class: {handed_back(e)}")
    print("\nreal sources, handed back - best single by set, at 5 / 10 / 20 / 50 a class:")
    for name, some in table[table.zoo == "real"].groupby("set"):
        print(f"  {name:14}", " / ".join(f"{e.short.mean():+.1f}" for _, e in some.groupby("per_class")))
    asked = table[table.zoo.isin(ASKED)]
    print(
        "\nasked for, harm by labels a class:", {p: harm(e, "control") for p, e in asked.groupby("per_class")}
    )
    for label, e in [("asked for", asked), ("all", table), *table.groupby("zoo")]:
        print(f"\n{label}: {calibration(e)}")
        shown = (("covered", covers(e)), ("allowing for the rest's own error", covers_allowing(e)))
        for what, ones in (*shown, ("undecided", e.decision == "undecided"), ("said wrongly", wrong(e))):
            shares = ones.groupby(e.per_class).mean()
            print(
                f"  {what} by labels a class:", {per: f"{100 * share:.0f} %" for per, share in shares.items()}
            )


def handed_back(e: Any) -> str:
    """What was handed back against the best in hindsight, the controls, and other ways to choose."""
    harmed, hindsight = harm(e, "control"), harm(e, "best_control")
    there = e.true.clip(lower=0)
    share = 100 * (e.handed - e.control).sum() / max(there.sum(), 1e-9)
    kept = f"{share:.1f} %" if there.mean() >= HARM else "-"  # a share of next to nothing says nothing
    others = [f"{name} {100 * (e[name] - e.handed).mean():+.2f}" for name in ("picked", "static", "random")]
    return (
        f"handed back - best single {e.short.mean():+.2f} +- {reach(e):.2f} "
        f"(5 % worst {e.short.quantile(0.05):+.1f}), "
        f"harm {harmed} (against the best control in hindsight {hindsight}), "
        f"kept {kept}; against it: {', '.join(others)}"
    )


def reach(e: Any) -> float:
    """Half a 90 % interval of the mean shortfall, over sets: draws of one set share its rows."""
    means = e.groupby("set").short.mean()
    return float(student.ppf(0.95, len(means) - 1) * means.std(ddof=1) / len(means) ** 0.5)


def harm(e: Any, control: str) -> str:
    """Draws in which what was handed back is clearly worse than a control."""
    harmed = e.handed < e[control] - HARM
    return f"{100 * harmed.mean():.1f} %, {harmed.sum()} of {len(e)}"


def covers(e: Any) -> Any:
    """Whether the 90 % interval of the gain holds what the rest shows."""
    return (e.low <= e.true) & (e.true <= e.high)


def covers_allowing(e: Any) -> Any:
    """Whether it holds it, allowed that the rest is a sample too: both errors joined, as of two samples.

    At 50 labels a class the rest is no larger than the labelled part, and what it shows as unsure.
    """
    below, above = e.gain - e.low, e.high - e.gain
    of_rest = norm.ppf(0.95) * e.truth_error
    return (e.true - e.gain <= np.hypot(above, of_rest)) & (e.gain - e.true <= np.hypot(below, of_rest))


def wrong(e: Any) -> Any:
    """Whether the rest refutes the word: `transfer` without a gain, `no-transfer` with one of 2 points."""
    return ((e.decision == "transfer") & (e.true <= 0)) | ((e.decision == "no-transfer") & (e.true > 0.02))


def calibration(e: Any) -> str:
    """How often intervals hold the truth, how good probabilities are, and what was said."""
    held, allowing = covers(e), covers_allowing(e)
    shared = e.combination != e.control  # where no source takes part, the gain is 0 and never missed
    score = (e.score_low <= e.combination) & (e.combination <= e.score_high)
    brier = ((e.probability - (e.true > 0)) ** 2).mean()
    words = {word: f"{100 * share:.0f} %" for word, share in e.decision.value_counts(normalize=True).items()}
    return (
        f"{len(e)} draws, harm {harm(e, 'control')}; "
        f"the 90 % interval of the gain covers {held.mean():.3f} "
        f"({held[shared].mean():.3f} of {shared.sum()} where a source takes part; allowing for the error of "
        f"the rest {allowing.mean():.3f}, {allowing[shared].mean():.3f}), of the score "
        f"{score.mean():.3f}; said wrongly {wrong(e).sum()}; Brier score of the "
        f"probability of a gain {brier:.3f}; {words}"
    )
