"""Sources whose preprocessing does not fit the data."""

from __future__ import annotations

import numpy as np

from headstart.core.finding import Finding, NotApplicable
from headstart.core.kinds import Modality, Severity
from headstart.core.source import SourceCard
from headstart.inspection.check import Check, register
from headstart.inspection.facts import Facts

ENLARGED = 2.0  # times; beyond it a source sees mostly interpolation
LETTERS_PER_TOKEN = 4.5  # of English in word pieces, blanks included
CUT_FRAC = 0.1  # of the texts that may be cut before it is said
GREY_FRAC = 0.5


@register
class SourceFit(Check):
    """Images far smaller than the input, grey images, texts longer than the input."""

    code, title, severity = "HS-S01", "A source does not fit the data", Severity.INFO
    needs = ("sources", "nuisances")

    def __call__(self, facts: Facts) -> Finding | NotApplicable | None:
        """One line per misfit, with the sources concerned."""
        if facts.task.modality is Modality.IMAGE:
            said = _images(facts)
        elif facts.task.modality is Modality.TEXT:
            said = _texts(facts)
        else:
            return self.silent(f"it knows images and texts, not {facts.task.modality}")
        if not said:
            return None
        return self.finding(
            " ".join(line for line, _ in said), " ".join(dict.fromkeys(remedy for _, remedy in said))
        )


def _images(facts: Facts) -> list[tuple[str, str]]:
    side = np.median(np.minimum(facts.nuisances["width"], facts.nuisances["height"]))
    said = []
    large = [f"{card.id} at {size}" for card, size in facts.sources if size > ENLARGED * side]
    if large:
        said.append(
            (
                f"Half of the images have a side of {side:g} pixels or less and are enlarged more than "
                f"{ENLARGED:g} times for {', '.join(large)}.",
                "Use larger originals if you have them; a smaller input size is as good and cheaper.",
            )
        )
    grey = float(np.isin(facts.nuisances["colour mode"], ("grey", "16-bit")).mean())
    if grey > GREY_FRAC:
        said.append(
            (
                f"{grey:.0%} of the images are grey, but the sources were trained on colour photos.",
                "Nothing to do: grey is repeated in all three channels. Transfer may be far.",
            )
        )
    return said


def _texts(facts: Facts) -> list[tuple[str, str]]:
    tokens = facts.nuisances["length"] / LETTERS_PER_TOKEN
    cut = [(card, float((tokens > limit).mean())) for card, limit in facts.sources if limit > 0]
    named = [f"{_name(card)} ({share:.0%})" for card, share in cut if share > CUT_FRAC]
    if not named:
        return []
    return [
        (
            f"Texts are longer than what a source reads, and their ends are cut off: {', '.join(named)}.",
            "Put what matters first, or shorten the texts.",
        )
    ]


def _name(card: SourceCard) -> str:
    return f"{card.id}, {max(card.input_sizes, default=0)} tokens"
