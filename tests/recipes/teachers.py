"""Combinations of two tiny text encoders on disk, fitted on a few texts: teachers for the tests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file

from headstart.core.task import Task
from headstart.data import folds as make_folds
from headstart.data import from_arrays
from headstart.metrics.estimates import class_shares
from headstart.serve import AdaptedModel, Signature, WeightedMember
from headstart.sources import resolve
from headstart.what.familiarity import Familiarity
from headstart.what.probed_source import ProbedSource
from headstart.what.probes import Looked
from headstart.what.probes.linear import linear, multi_tap
from headstart.what.reading import Reading
from headstart.when.controls.majority import fit as majority
from tests.sources.tiny import TINY_ENCODER, tokenizer_file

SIZE = 16  # tokens


def encoder(folder: Path, seed: int) -> Any:
    """A random encoder, loaded from a folder of its own."""
    from transformers import BertConfig, BertModel

    torch.manual_seed(seed)
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({**TINY_ENCODER, "model_type": "bert"}))
    state = BertModel(BertConfig(**TINY_ENCODER)).state_dict()
    save_file({name: value.contiguous() for name, value in state.items()}, folder / "model.safetensors")
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n")
    tokenizer_file(folder)
    return resolve(f"file:{folder}").load()


def texts(n: int, seed: int) -> tuple[list[str], list[str]]:
    """n texts of eight words; they are "low" where most words come from the first half of the vocabulary."""
    rng = np.random.default_rng(seed)
    low = rng.random(n) < 0.5
    share = np.where(low, 0.8, 0.2)
    words = np.where(
        rng.random((n, 8)) < share[:, None], rng.integers(0, 30, (n, 8)), rng.integers(30, 60, (n, 8))
    )
    said = [" ".join(f"w{word}" for word in row) for row in words]
    return said, ["low" if is_low else "high" for is_low in low]


def member(network: Any, task: Task) -> ProbedSource:
    """A source with two heads on its taps."""
    empty = ProbedSource(network.card.id, SIZE, "float32-cpu", (), None, network)  # type: ignore[arg-type]
    features = empty.features(task.inputs)
    reading = Reading(network.card, SIZE, tuple(network.taps), features)
    looked = Looked(reading, task, make_folds(task, n_folds=3, n_repeats=1))
    heads = tuple((0.5, probe.head) for probe in (*multi_tap(looked), linear(looked)[-1]))
    known = Familiarity.of(reading.last.name, features[reading.last.name], np.random.default_rng(0))
    return ProbedSource(network.card.id, SIZE, "float32-cpu", heads, known, network)


def task_of(n: int = 40, seed: int = 0, *, regression: bool = False) -> Task:
    """The labelled texts that a teacher is fitted on."""
    said, labels = texts(n, seed)
    if regression:
        return from_arrays(said, [float(values(text)) for text in said], kind="regression")
    return from_arrays(said, labels)


def values(text: str) -> float:
    """What a regression is about: the mean of the words' numbers."""
    return float(np.mean([int(word[1:]) for word in text.split()]))


def model(task: Task, predictors: Sequence[Any], weights: Sequence[float]) -> AdaptedModel:
    """A combination of predictors."""
    is_class = bool(task.classes)
    signature = Signature(
        task.modality,
        task.kind,
        task.classes,
        task.metric,
        tuple(class_shares(task)) if is_class else (),
        (0.0, 0.0) if is_class else (-3.0, 4.0),
        {"label": "label", "content": "text"},
    )
    members = [
        WeightedMember((f"{source_of(one)}/{one.kind}",), weight, one)
        for one, weight in zip(predictors, weights, strict=True)
    ]
    return AdaptedModel(signature, members, {"task": "words", "fingerprint": task.fingerprint})


def source_of(predictor: Any) -> str:
    """The source of a probed or a tuned network; a control has none."""
    config = getattr(predictor, "config", {})
    return str(getattr(predictor, "source", config.get("source", "control")))


def control(task: Task) -> Any:
    """The least of the controls."""
    return majority(task, make_folds(task, n_folds=3, n_repeats=1))[0].predictor
