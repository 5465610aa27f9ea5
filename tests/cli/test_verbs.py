"""What verbs print: words on stdout for people, one JSON document for programs, progress on stderr."""

import json
import signal
import sys
from types import SimpleNamespace

import pytest

from headstart.cli.main import main
from headstart.core.errors import NothingYet
from headstart.core.estimate import Interval
from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from tests.records import RECORD

INTERVAL = Interval(0.8, 0.9, 0.9)


@pytest.fixture
def recipe(monkeypatch):
    """Puts a function in the place of a recipe."""

    def put(module: str, **functions) -> None:
        monkeypatch.setitem(sys.modules, f"headstart.recipes.{module}", SimpleNamespace(**functions))

    return put


@pytest.fixture
def fitted(recipe):
    seen = {}

    def transfer(settings, watch, task=None):
        watch.stage("looking", 3)
        watch.say("one file was left out")
        seen["settings"] = settings
        return SimpleNamespace(record=RECORD, folder="runs/photos")

    recipe("transfer", transfer=transfer)
    return seen


def test_fit_prints_the_verdict_and_the_way_to_the_report(fitted, capsys):
    assert main(["fit", "photos", "--seed", "3", "--source", "a", "--source", "b"]) == 0
    captured = capsys.readouterr()
    for words in (
        "Transfer helps: 85 of 100",
        "accuracy 85.0\u202f% (80.0 to 90.0\u202f%)",
        "+8.0\xa0points (+2.0 to +14.0\xa0points)",
        "runs/photos/report.html",
    ):
        assert words in captured.out
    assert "looking" in captured.err
    assert "one file was left out" in captured.err
    assert (fitted["settings"].seed, fitted["settings"].source) == (3, ("a", "b"))


def test_json_is_one_document_on_stdout_with_null_for_not_a_number(fitted, capsys):
    assert main(["fit", "photos", "--json"]) == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert document["verdict"]["decision"] == "transfer"
    assert document["cost"]["examples_per_s"] is None
    assert next(iter(document)) == "schema_version"
    assert "looking" in captured.err


def test_quiet_leaves_stderr_empty(fitted, capsys):
    assert main(["fit", "photos", "--json", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_ctrl_c_reaches_the_recipe_which_gives_the_best_so_far(recipe, capsys):
    def transfer(settings, watch, task=None):
        signal.raise_signal(signal.SIGINT)
        assert watch.stop_requested
        return SimpleNamespace(
            record=RECORD.model_copy(update={"stopped": "interrupt"}), folder="runs/photos"
        )

    recipe("transfer", transfer=transfer)
    assert main(["fit", "photos"]) == 0
    captured = capsys.readouterr()
    assert "Ctrl-C again stops at once" in captured.err
    assert "this is the best so far" in captured.out


def test_a_second_ctrl_c_ends_with_4(recipe, capsys):
    def transfer(settings, watch, task=None):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    recipe("transfer", transfer=transfer)
    assert main(["fit", "photos"]) == 4
    assert "Traceback" not in capsys.readouterr().err


def test_the_budget_over_before_a_model_ends_with_4(recipe, capsys):
    def transfer(settings, watch, task=None):
        raise NothingYet("the time limit was over before any model", remedy="Give it --time-limit 60.")

    recipe("transfer", transfer=transfer)
    assert main(["fit", "photos", "--json"]) == 4
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "--time-limit 60" in captured.err


def test_findings_are_shown_with_where_and_what_to_do(recipe, capsys):
    finding = Finding(
        "HS-D07",
        Severity.ERROR,
        "Same content, different labels",
        "2 photos",
        ("a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"),
        "Decide which label is right.",
        applied="left out",
    )
    recipe("doctor", doctor=lambda: [finding])
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    for words in ("error HS-D07", "a.jpg, b.jpg, c.jpg and 2 more", "left out", "Decide which label"):
        assert words in out
    assert main(["doctor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["severity"] == "error"


def trouble(code: str, severity: Severity, title: str) -> Finding:
    return Finding(code, severity, title, f"seen by {code}", (), "", applied="left out of this run")


def test_fit_says_its_errors_and_warnings_and_where_the_rest_is(recipe, capsys):
    findings = (
        trouble("HS-S03", Severity.WARNING, "Source has seen these examples with their labels"),
        trouble("HS-D30", Severity.WARNING, "Classes with one example"),
        trouble("HS-D20", Severity.INFO, "Columns guessed"),
    )

    def transfer(settings, watch, task=None):
        return SimpleNamespace(record=RECORD.model_copy(update={"findings": findings}), folder="runs/photos")

    recipe("transfer", transfer=transfer)
    assert main(["fit", "photos"]) == 0
    out = capsys.readouterr().out
    assert "warning HS-S03: Source has seen these examples with their labels. seen by HS-S03." in out
    assert "Done: left out of this run." in out
    assert "warning HS-D30: Classes with one example." in out
    assert "HS-D20" not in out
    assert "headstart explain runs/photos" in out


def test_a_run_without_trouble_says_nothing_of_it(fitted, capsys):
    assert main(["fit", "photos"]) == 0
    assert "to do" not in capsys.readouterr().out


def test_many_troubles_are_told_in_part(recipe, capsys):
    findings = tuple(trouble(f"HS-D{n:02d}", Severity.WARNING, "Trouble") for n in range(1, 8))
    found = SimpleNamespace(ranking=(), findings=findings)
    recipe("rank", rank=lambda settings, watch: found)
    assert main(["rank", "photos"]) == 0
    out = capsys.readouterr().out
    assert out.count("warning HS-") == 5
    assert "2 more, and what to do: headstart inspect photos" in out
