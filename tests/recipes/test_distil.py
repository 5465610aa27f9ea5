"""One network learns to answer like a combination: what is promised of it, and what is refused."""

from __future__ import annotations

import csv
import dataclasses
import json
import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml

import headstart as hs
from headstart.cli.main import main
from headstart.core.errors import DataError, NothingYet, OptionError, OutputError
from headstart.core.estimate import Interval, Score
from headstart.core.watch import Silent
from headstart.data import inputs_from
from headstart.how.predictor import TunedNetwork
from headstart.recipes.evaluate import evaluate
from headstart.recipes.likeness import Likeness
from headstart.recipes.settings import FitSettings
from headstart.recipes.student_folder import reservations
from headstart.recipes.teacher import networks, pupil
from tests.recipes import teachers


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory):
    """A teacher of two networks and a control, its training task, and the networks."""
    place = tmp_path_factory.mktemp("distil")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEADSTART_HOME", str(place / "home"))
        patch.setattr("headstart.sources.threads.physical_cores", lambda: 1)
        task = teachers.task_of()
        encoders = [teachers.encoder(place / f"encoder-{seed}", seed) for seed in (0, 1)]
        members = [teachers.member(network, task) for network in encoders]
        teacher = teachers.model(task, [*members, teachers.control(task)], [0.3, 0.6, 0.1])
        teacher.save(place / "run" / "model")
        yield SimpleNamespace(
            place=place, run=place / "run", task=task, encoders=encoders, members=members, teacher=teacher
        )


def table(path: Path, texts: list[str], labels: list[str] | None = None) -> Path:
    """A table of texts, labelled or not."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"][: 1 if labels is None else 2])
        writer.writerows(zip(texts, labels, strict=True) if labels else [[text] for text in texts])
    return path


@pytest.fixture(scope="module")
def made(world):
    """A student that learned on 120 unlabelled texts, and its record."""
    pool = table(world.place / "pool.csv", teachers.texts(120, 1)[0])
    return hs.distil(world.run, pool, out=world.place / "student")


def test_the_student_is_one_network_and_smaller_than_its_teacher(world, made):
    student = hs.load(made.student.folder)
    assert networks(student) == (f"{world.members[1].source}@{teachers.SIZE}",)  # the heaviest
    assert made.source == world.members[1].source
    assert len(made.teacher.networks) == 2
    assert made.student.size_bytes < made.teacher.size_bytes
    assert len(list((world.place / "student" / "sources").iterdir())) == 1
    assert made.teacher.ms_per_example > 0 < made.student.ms_per_example


def test_agreement_out_of_fold_is_agreement_on_new_texts(world, made):
    new, _ = teachers.texts(300, 2)
    there = (hs.load(made.student.folder).predict(new) == world.teacher.predict(new)).mean()
    assert made.agreement.interval.low - 0.05 <= there <= made.agreement.interval.high + 0.05
    assert made.agreement.estimate > made.by_chance + 0.2
    assert made.agreement.corrected_for_selection


def test_the_students_probabilities_are_as_sharp_as_the_teachers(world, made):
    new, _ = teachers.texts(300, 2)
    taught, own = (m.predict_proba(new).max(1).mean() for m in (world.teacher, hs.load(made.student.folder)))
    assert own == pytest.approx(taught, abs=0.05)
    assert 0 <= made.divergence < 0.2


def test_predict_and_eval_take_the_student_like_any_model(world, made, tmp_path):
    texts, labels = teachers.texts(60, 3)
    data = table(tmp_path / "test.csv", texts, labels)
    assert evaluate(made.student.folder, FitSettings(data=str(data)), Silent()).n == 60
    assert main(["predict", made.student.folder, str(data), "--out", str(tmp_path / "p.csv"), "--quiet"]) == 0
    assert (tmp_path / "p.csv").exists()


def test_labels_are_never_learned_from(world, made, tmp_path):
    texts, labels = teachers.texts(120, 1)
    wrong = ["low" if label == "high" else "high" for label in labels]
    for name, given in (("right", labels), ("wrong", wrong)):
        data = table(tmp_path / f"{name}.csv", texts, given)
        found = hs.distil(world.run, data, out=tmp_path / name)
        assert found.agreement == made.agreement
        arrays = (tmp_path / name / "arrays.safetensors").read_bytes()
        assert arrays == (world.place / "student" / "arrays.safetensors").read_bytes()
        assert found.student.score is not None
        assert (found.student.score.estimate > 0.5) == (name == "right")


def test_with_labels_both_are_scored_on_the_same_rows_with_a_paired_interval(world, tmp_path):
    texts, labels = teachers.texts(120, 1)
    found = hs.distil(world.run, (texts, labels), out=tmp_path / "s")
    assert found.data.n_labelled == 120
    assert found.teacher.score.estimate == np.mean(world.teacher.predict(texts) == np.array(labels))
    gap = found.student.score.estimate - found.teacher.score.estimate
    assert found.difference.estimate == pytest.approx(gap)
    assert found.difference.interval.contains(gap)


def test_without_labels_there_is_no_score(made):
    assert made.teacher.score is made.student.score is made.difference is None
    assert made.notes == ()


def test_on_its_training_data_the_teachers_score_is_left_out_and_it_is_said(world, tmp_path):
    texts, labels = teachers.texts(40, 0)
    found = hs.distil(world.run, table(tmp_path / "train.csv", texts, labels), out=tmp_path / "s")
    assert found.data.n_known == 40
    assert found.teacher.score is found.student.score is None
    assert any("flattered" in note for note in found.notes)
    assert "flattered" in (tmp_path / "s" / "README.md").read_text()


def test_training_rows_among_others_are_found_and_no_figure_is_on_them(world, tmp_path):
    (old, old_labels), (new, new_labels) = teachers.texts(40, 0), teachers.texts(60, 1)
    found = hs.distil(world.run, (old[:25] + new, old_labels[:25] + new_labels), out=tmp_path / "s")
    assert found.data.n_known == 25
    assert found.teacher.score.estimate == np.mean(world.teacher.predict(new) == np.array(new_labels))
    assert any("25 of these 85" in note for note in found.notes)


def test_what_speaks_against_a_student_is_said():
    score = Score(-0.06, Interval(-0.1, -0.01, 0.9), True)
    plain = Likeness(score, 0.5, None, 0, None, None, None, ())
    assert reservations(plain, (10.0, 2.0)) == []
    assert "hardly faster" in reservations(plain, (6.2, 5.8))[0]
    assert "clearly worse" in reservations(dataclasses.replace(plain, difference=score), (10.0, 2.0))[0]


def test_the_same_seed_gives_the_same_bytes(world, made, tmp_path):
    hs.distil(world.run, world.place / "pool.csv", out=tmp_path / "again")
    for name in ("arrays.safetensors", "model.json"):
        assert (tmp_path / "again" / name).read_bytes() == (world.place / "student" / name).read_bytes()


def test_a_named_member_becomes_the_student(world, tmp_path):
    found = hs.distil(world.run, teachers.texts(40, 1)[0], out=tmp_path / "s", source=world.members[0].source)
    assert found.source == world.members[0].source
    assert hs.load(tmp_path / "s").members[0].predictor.source == found.source


def test_the_card_names_the_teacher_the_data_and_the_agreement(made):
    card = (Path(made.student.folder) / "README.md").read_text()
    head = yaml.safe_load(card.split("---")[1])
    assert head["base_model"] == [made.source]
    assert head["distilled_from"]["sha256"] == made.teacher.sha256
    assert head["data_sha256"] == {"transfer set": made.data.fingerprint}
    assert head["agreement"] == made.agreement.estimate
    kept = json.loads((Path(made.student.folder) / "model.json").read_text())["about"]
    assert kept["distilled_from"]["sha256"] == made.teacher.sha256
    assert kept["fingerprint"] == made.data.fingerprint


def test_more_rows_than_the_closed_form_takes_are_drawn_from(world, tmp_path, monkeypatch):
    monkeypatch.setattr("headstart.recipes.transfer_set.MOST_ROWS", 50)
    found = hs.distil(world.run, teachers.texts(80, 1), out=tmp_path / "s")
    assert (found.data.n, found.data.n_given, found.data.n_labelled) == (50, 80, 50)
    assert any("50 of the 80" in note for note in found.notes)


def test_labels_that_cannot_be_read_are_said_unless_they_were_asked_for(world, tmp_path):
    texts, labels = teachers.texts(40, 1)
    data = table(tmp_path / "odd.csv", texts, ["middle", *labels[1:]])
    found = hs.distil(world.run, data, out=tmp_path / "s")
    assert any("not read" in note and "middle" in note for note in found.notes)
    with pytest.raises(DataError, match="'middle' is not one of the 2 classes"):
        hs.distil(world.run, data, out=tmp_path / "t", label="label")


def test_values_are_distilled_too(world, tmp_path):
    task = teachers.task_of(regression=True)
    members = [teachers.member(network, task) for network in world.encoders]
    teachers.model(task, members, [0.6, 0.4]).save(tmp_path / "model")
    texts, _ = teachers.texts(120, 1)
    found = hs.distil(
        tmp_path / "model", (texts, [teachers.values(text) for text in texts]), out=tmp_path / "s"
    )
    assert (found.coding, found.divergence) == ("values", None)
    assert found.agreement.estimate > 0.7
    assert found.agreement.interval.high - found.agreement.interval.low < 0.5
    assert found.student.score.estimate < 0
    low, high = hs.load(tmp_path / "s").signature.residuals
    assert low < -3.0
    assert high > 4.0


class Stopped(Silent):
    stop_requested = True


def refused(error, match, model, data, out, **more):
    """Check that a distillation is refused and leaves nothing."""
    before = sorted(out.parent.iterdir())
    with pytest.raises(error, match=match):
        hs.distil(model, data, out=out, **more)
    assert sorted(out.parent.iterdir()) == before


def test_what_cannot_be_distilled_is_refused_and_nothing_is_left(world, made, tmp_path):
    pool, out = teachers.texts(40, 1)[0], tmp_path / "out"
    refused(OutputError, "one network already", made.student.folder, pool, out)
    teachers.model(world.task, [teachers.control(world.task)], [1.0]).save(tmp_path / "control")
    refused(OutputError, "transfers nothing", tmp_path / "control", pool, out)
    refused(OutputError, "no model here", tmp_path / "nothing", pool, out)
    refused(OptionError, "not a member", world.run, pool, out, source="pypi:other")
    refused(DataError, "19 examples .expected: at least 20", world.run, pool[:19], out)
    refused(NothingYet, "stopped", world.run, pool, out, watch=Stopped())


def test_something_that_stands_at_out_is_left_alone(world, tmp_path):
    pool = teachers.texts(40, 1)[0]
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    (tmp_path / "file").write_text("mine")
    refused(OutputError, "something stands here", world.run, pool, tmp_path / "full")
    refused(OutputError, "something stands here", world.run, pool, tmp_path / "file")
    assert (tmp_path / "full" / "mine").read_text() == "mine"


def test_data_of_another_modality_is_refused(world, tmp_path):
    from PIL import Image

    (tmp_path / "photos").mkdir()
    for index in range(30):
        Image.new("RGB", (8, 8), (index, 0, 0)).save(tmp_path / "photos" / f"{index}.png")
    refused(DataError, "image", world.run, tmp_path / "photos", tmp_path / "out")
    refused(DataError, "image", world.run, [Image.new("RGB", (8, 8))] * 30, tmp_path / "out")


def test_a_tuned_network_is_no_student_of_the_closed_form(world):
    tuned = TunedNetwork(world.encoders[0], [], {"source": "file:tuned"})
    mixed = SimpleNamespace(
        folder=world.run, model=teachers.model(world.task, [world.members[0], tuned], [0.2, 0.8])
    )
    assert pupil(mixed).source == world.members[0].source  # though the tuned one is heavier
    with pytest.raises(OptionError, match="is a tuned network"):
        pupil(mixed, "file:tuned")
    alone = SimpleNamespace(folder=world.run, model=teachers.model(world.task, [tuned, tuned], [0.2, 0.8]))
    with pytest.raises(OutputError, match="only tuned networks"):
        pupil(alone)


def test_the_command_prints_words_or_one_json_document(world, tmp_path, capsys):
    texts, labels = teachers.texts(60, 1)
    data = str(table(tmp_path / "pool.csv", texts, labels))
    assert main(["distil", str(world.run), data, "--out", str(tmp_path / "a")]) == 0
    said = capsys.readouterr()
    for words in ("agreement", "ms an example", "MB", "difference", str(tmp_path / "a")):
        assert words in said.out
    assert "teacher" in said.err
    assert main(["distil", str(world.run), data, "--out", str(tmp_path / "b"), "--json", "--quiet"]) == 0
    said = capsys.readouterr()
    document = json.loads(said.out)
    assert said.err == ""
    assert math.isfinite(document["agreement"]["estimate"])
    assert document["student"]["folder"] == str(tmp_path / "b")
    assert main(["distil", str(world.run), data, "--out", str(tmp_path / "b")]) == 2
    assert "something stands here" in capsys.readouterr().err


def test_a_training_row_is_known_again_and_another_is_not(world):
    said, _ = teachers.texts(40, 0)
    first = world.members[0]
    seen = first.familiarity.known(first.features(inputs_from(said))[first.familiarity.tap])
    new = first.familiarity.known(
        first.features(inputs_from(teachers.texts(40, 7)[0]))[first.familiarity.tap]
    )
    assert seen.all()
    assert not new.any()
