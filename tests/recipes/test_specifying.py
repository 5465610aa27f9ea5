"""A specification is read with every mistake told at once, and sets what the run is scored by."""

from __future__ import annotations

from pathlib import Path

import pytest

from headstart.core.errors import OptionError
from headstart.core.specification import Specification
from headstart.recipes import specifying
from headstart.recipes.settings import FitSettings

GOOD = """\
classes: [scab, healthy, 3]
metric: balanced_accuracy
minimum_score: 0.9
per_class_floors: {scab: 0.95}
latency_ms: 50
size_mb: 40
input_size: 224
licence: [MIT, Apache-2.0]
"""


@pytest.fixture
def write(tmp_path):
    def write(text: str | bytes) -> str:
        path = tmp_path / "spec.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def refused(path: str) -> str:
    with pytest.raises(OptionError) as told:
        specifying.read(path)
    assert told.value.exit_code == 2
    return str(told.value)


def test_a_specification_is_read_as_it_is_written(write):
    asked = specifying.read(write(GOOD))
    assert asked.classes == ("scab", "healthy", "3")
    assert asked.floor("scab") == 0.95
    assert asked.floor("healthy") is None
    assert asked.licence == ("MIT", "Apache-2.0")
    assert specifying.read(write("per_class_floors: 0.8\n")).floor("any") == 0.8
    assert specifying.read(write("licence: mit\n")).licence == ("mit",)


def test_all_mistakes_are_told_at_once_each_with_its_line_and_a_near_name(write):
    told = refused(write("clases: [a]\nminimum_score: high\nlatency_ms: -3\nsize_mb: 10\n"))
    assert "3 mistakes" in told
    assert "spec.yaml, line 1, clases" in told
    assert "'classes'" in told
    assert "line 2, minimum_score" in told
    assert "line 3, latency_ms" in told
    assert "size_mb" not in told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("classes: [yes, no]", "in quotes"),
        ("classes: cat", "a list of class names"),
        ("minimum_score: 0.9", "in which metric"),
        ("metric: accuracy", "add 'minimum_score"),
        ("metric: acuracy\nminimum_score: 0.9", "Did you mean 'accuracy'"),
        ("metric: accuracy\nminimum_score: 90", "0.9 for 90 %"),
        ("metric: neg_rmse\nminimum_score: 2", "negative scores"),
        ("metric: r2\nminimum_score: .5\nclasses: [a]", "names classes"),
        ("per_class_floors: 80", "0.8 for 80 %"),
        ("per_class_floors: {a: 80}", "for 'a'"),
        ("classes: [scab]\nper_class_floors: {scap: .8}", "line 2, per_class_floors.scap"),
        ("licence: apache2.0", "Did you mean 'apache-2.0'"),
        ("licence: 3", "SPDX"),
        ("latency_ms: .inf", "latency_ms"),
        ("size_mb: 3\nsize_mb: 4", "line 2, size_mb: is there twice"),
        ("", "holds nothing"),
        ("{}", "nothing is asked for"),
        ("- a\n- b", "holds a list"),
        ("classes: [a\n", "is not YAML"),
        ("classes: !!python/object/apply:os.getcwd []", "is not YAML"),
        (b"\xff\xfe\x00\x81 not text", "is not YAML"),
        (b"x" * 2_000_000, "a page of text"),
    ],
)
def test_each_mistake_says_what_would_be_right(write, text, expected):
    assert expected in refused(write(text))


def test_a_file_that_is_not_there_suggests_its_neighbour(write):
    there = write(GOOD)
    assert "'spec.yaml'" in refused(str(Path(there).with_name("spek.yaml")))
    assert "cannot be read" in refused(str(Path(there).parent))


def test_a_wrong_value_is_shown_in_a_few_signs(write):
    assert len(refused(write(f"minimum_score: {'x' * 5000}"))) < 400


def test_the_run_is_scored_in_the_metric_of_the_specification():
    asked = Specification(metric="accuracy", minimum_score=0.9)
    assert specifying.applied(FitSettings(data="d"), asked).metric == "accuracy"
    assert specifying.applied(FitSettings(data="d", metric="accuracy"), asked).metric == "accuracy"
    with pytest.raises(OptionError, match="balanced_accuracy"):
        specifying.applied(FitSettings(data="d", metric="balanced_accuracy"), asked)


def test_its_licence_replaces_the_default_and_never_what_was_typed():
    free = Specification(licence=("CC-BY-4.0",))
    assert specifying.applied(FitSettings(data="d"), free).licence == "any"
    assert specifying.applied(FitSettings(data="d", licence="permissive"), free).licence == "permissive"
    assert specifying.applied(FitSettings(data="d"), Specification(size_mb=1)).licence == "permissive"
