"""A run for a product: the specification in the record and on the page; then the same recipe on new data."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from headstart.core.verdict import Chosen, Member
from headstart.core.watch import Silent
from headstart.recipes.settings import FitSettings
from headstart.recipes.transfer import transfer
from headstart.report.record import to_json
from tests.photos import photos
from tests.recipes.test_story import SOURCE

ROWS = 7  # a class: too few to tune, so that the story is short
SPEC = """\
classes: [along, across]
metric: accuracy
minimum_score: 0.999
per_class_floors: 0.01
latency_ms: 60000
size_mb: 0.0001
input_size: 160
licence: permissive
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    place = tmp_path_factory.mktemp("product")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEADSTART_HOME", str(place / "home"))
        (place / "spec.yaml").write_text(SPEC)
        data = photos(place / "data", 0, ROWS)
        settings = FitSettings(
            data=str(data),
            spec=str(place / "spec.yaml"),
            source=(SOURCE,),
            out=str(place / "run"),
            threads=1,
            preset="fast",
        )
        yield place, settings, transfer(settings, Silent())


def test_every_line_of_the_specification_is_in_the_record(world):
    record = world[2].record
    met = {line.requirement: line.met for line in record.specification}
    assert met["classes"] == met["latency_ms"] == met["input_size"] == met["licence"] == "yes"
    assert met["size_mb"] == "no"
    assert met["minimum_score"] != "yes"
    assert met["per_class_floors.along"] == "yes"
    size = next(line for line in record.specification if line.requirement == "size_mb")
    files = [file for file in (world[2].folder / "model").rglob("*") if file.name != "README.md"]
    assert size.found == pytest.approx(sum(file.stat().st_size for file in files if file.is_file()) / 1e6)
    assert record.task.metric == "accuracy"


def test_a_failed_line_is_a_finding_with_a_remedy_and_a_next_step(world):
    record = world[2].record
    failed = next(finding for finding in record.findings if finding.code == "HS-R34")
    assert failed.remedy
    assert any(failed.title in step for step in record.next_steps)
    codes = {finding.code for finding in record.findings}
    assert not codes & {"HS-R30", "HS-R32", "HS-R33", "HS-R35", "HS-R36"}


def test_the_page_and_the_terminal_show_it(world, capsys):
    from headstart.cli.output import show_run
    from headstart.recipes.explain import explain

    _, _, run = world
    page = (run.folder / "report.html").read_text()
    assert 'id="specification"' in page
    assert "not met" in page
    show_run(run.record, run.folder)
    assert "Size of the model" in capsys.readouterr().out
    assert "Size of the model" in explain(str(run.folder)).text


def test_the_exit_code_is_0_where_lines_fail_and_2_where_the_job_is_impossible(world, tmp_path):
    from headstart.cli.fit import app

    settings = world[1]
    (tmp_path / "spec.yaml").write_text("size_mb: 0.0001\n")
    words = [settings.data, "--dry-run", "--json", "--source", SOURCE, "--spec"]
    assert CliRunner().invoke(app, [*words, str(tmp_path / "spec.yaml")]).exit_code == 0
    (tmp_path / "spec.yaml").write_text("classes: [alongg]\n")
    refused = CliRunner().invoke(app, [*words, str(tmp_path / "spec.yaml")])
    assert refused.exception.exit_code == 2
    assert "Did you mean 'along'?" in str(refused.exception)


def test_the_recipe_is_repeated_on_new_data_and_judged_there(world):
    place, _, run = world
    probe = max((c for c in run.record.candidates if c.rung == 2), key=lambda c: c.score)
    chosen = Chosen(probe.id, (Member(probe.id, 1.0),), run.record.chosen.score)
    (place / "recipe").mkdir()
    (place / "recipe" / "run.json").write_text(to_json(run.record.model_copy(update={"chosen": chosen})))
    new = photos(place / "new", 5, ROWS)
    settings = FitSettings(data=str(new), like=str(place / "recipe"), out=str(place / "again"), threads=1)
    again = transfer(settings, Silent()).record
    assert set(again.lineage.sources) == {SOURCE}
    assert again.lineage.parents
    assert again.lineage.options["preset"] == "fast"
    assert {one.source for one in again.ranking} == {SOURCE}
    assert again.controls
    assert {m.candidate for m in again.chosen.members} <= {probe.id, *(c.id for c in again.controls)}
    assert "The recipe of" in (place / "again" / "report.html").read_text()
    assert json.loads((place / "again" / "run.json").read_text())["verdict"]
