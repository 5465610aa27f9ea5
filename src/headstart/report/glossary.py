"""Every jargon word of the page in plain words; the page lists the ones that it used."""

from __future__ import annotations

GLOSSARY = {
    "transfer": "Starting from a network that has already learned something else, instead of from nothing.",
    "source": "What holds knowledge to start from: a pretrained network, or a model from an earlier task.",
    "control": "The best model without any transfer, chosen with the same care. Transfer has to beat it.",
    "candidate": "One complete way to transfer: a source, the parts reused, and how they are adapted.",
    "gain": "The score with transfer minus the score of the best control. Above zero, transfer helps.",
    "interval": "The range in which the true value lies with the stated certainty, judging by this data. "
    "That of the gain also counts how sources like these did on other tasks.",
    "probability of a gain": "How sure it is that transfer beats the best control at all, by this data and "
    "by how sources like these did on other tasks.",
    "corrected for selection": "The best of many models looks better than it is, because it was picked. "
    "The score shown takes that luck out again.",
    "out of fold": "Each example is answered by a model trained without it, so no score is flattered.",
    "label-equivalents": "How many more labelled examples it would take without transfer to score as much.",
    "smallest visible gain": "A smaller true gain could not be told from chance with this many examples.",
    "near or far": "How alike the task is to what the source learned: 0 is the same task, 1 is unrelated.",
    "feature shift": "How different the new examples look to the source from what it is used to (0 to 1).",
    "label affinity": "How well the source's features already separate the new classes (0 to 1).",
    "tap": "A place inside a network where its features are read out; not always the last layer.",
    "depth": "How far into the network something lies: 0 % is the input, 100 % the last layer.",
    "probe": "A small linear model on the features of a network that itself stays as it is.",
    "frozen": "Kept exactly as the source learned it.",
    "tuned": "Trained further on your examples.",
    "reset": "Thrown away and learned afresh.",
    "combination": "Several models vote, with the weights shown. Usually steadier than any one of them.",
    "gate": "The last check: the control is handed back where the combination is clearly behind it, or, with "
    "sources that nothing is known about, not clearly ahead.",
    "confusion matrix": "Counts of what was true against what was answered. The diagonal is right.",
    "finding": "Something about the data or the run that you should know, with what to do about it.",
    "lineage": "Fingerprints (SHA-256) of everything that went in, so that it can be repeated and checked.",
}


class Terms:
    """Looks words up, and remembers which were used, in order."""

    def __init__(self) -> None:
        self._used: dict[str, str] = {}

    def meaning(self, word: str) -> str:
        """The plain words for `word`.

        >>> terms = Terms()
        >>> terms.meaning("frozen"), [word for word, _ in terms.used()]
        ('Kept exactly as the source learned it.', ['frozen'])
        """
        self._used[word] = GLOSSARY[word]
        return GLOSSARY[word]

    def used(self) -> list[tuple[str, str]]:
        """The words used so far, by the alphabet."""
        return sorted(self._used.items())


def anchor(word: str) -> str:
    """The id of a word's entry.

    >>> anchor("near or far")
    'g-near-or-far'
    """
    return "g-" + word.replace(" ", "-")
