"""Each line of a specification: met, not met, not known; and by how much."""

from __future__ import annotations

import pytest

from headstart.core.estimate import Interval, Score
from headstart.core.specification import Specification
from headstart.recipes.requirements import Known, Recall, check, labels_until


def one(asked: Specification, **known):
    (line,) = check(asked, Known(**known))
    return line


def score(estimate: float, reach: float) -> Score:
    return Score(estimate, Interval(estimate - reach, estimate + reach, 0.9), True)


ASKED = Specification(metric="accuracy", minimum_score=0.8)


def test_a_score_is_met_only_with_its_whole_interval():
    line = one(ASKED, score=score(0.86, 0.05))
    assert (line.met, line.note) == ("yes", "")
    assert line.by == pytest.approx(0.06)


def test_a_score_is_failed_only_with_its_whole_interval():
    line = one(ASKED, score=score(0.70, 0.05), n_labels=100, curve=[(100, 0.70), (200, 0.72)])
    assert line.met == "no"
    assert line.by == pytest.approx(-0.1)
    assert "not even 200 labels" in line.note


def test_between_them_it_is_not_known_and_the_curve_says_how_many_labels_would_do():
    line = one(ASKED, score=score(0.80, 0.04), n_labels=100, curve=[(100, 0.80), (200, 0.83), (400, 0.84)])
    assert line.met == "unknown"
    assert "about 100 more labels" in line.note
    assert "cannot be told" in one(ASKED, score=score(0.80, 0.04), n_labels=100).note


def test_the_labels_that_would_do_shrink_the_interval_too():
    steady = [(100, 0.82), (400, 0.82)]
    assert labels_until(score(0.82, 0.04), 0.799, 100, steady) in range(380, 401)
    assert labels_until(score(0.82, 0.04), 0.81, 100, steady) is None


@pytest.mark.parametrize(("right", "of", "met"), [(60, 60, "yes"), (20, 60, "no"), (50, 60, "unknown")])
def test_a_floor_is_held_against_wilsons_interval_of_the_recall(right, of, met):
    line = one(Specification(per_class_floors=0.8), classes=("a",), recalls={"a": Recall(right, of)})
    assert line.met == met
    assert line.requirement == "per_class_floors.a"
    assert f"{right} of {of} right" in line.note


def test_models_that_share_rows_make_a_recall_less_sure():
    floor = Specification(per_class_floors=0.85)
    assert one(floor, classes=("a",), recalls={"a": Recall(58, 60)}).met == "yes"
    line = one(floor, classes=("a",), recalls={"a": Recall(58, 60, widening=2.0)})
    assert line.met == "unknown"
    assert "more examples of it" in line.note


def test_floors_by_class_ask_nothing_of_the_others():
    asked = Specification(per_class_floors={"a": 0.5})
    assert one(asked, classes=("a", "b"), recalls={"a": Recall(9, 9), "b": Recall(0, 9)}).met == "yes"


@pytest.mark.parametrize(
    ("found", "met", "by"), [(20.0, "yes", 10.0), (45.0, "no", -15.0), (None, "unknown", None)]
)
def test_latency_is_met_failed_or_not_measured(found, met, by):
    line = one(Specification(latency_ms=30), latency_ms=found)
    assert (line.met, line.by, line.unit) == (met, by, "ms")


@pytest.mark.parametrize(("found", "met"), [(9_000_000, "yes"), (11_000_000, "no"), (None, "unknown")])
def test_size_counts_megabytes(found, met):
    assert one(Specification(size_mb=10), size_bytes=found).met == met


@pytest.mark.parametrize(("side", "met"), [(160, "yes"), (224, "no"), (None, "yes")])
def test_no_part_may_read_larger_pictures_than_the_product_has(side, met):
    assert one(Specification(input_size=160), side=side).met == met


def test_classes_may_be_more_and_not_fewer():
    asked = Specification(classes=("a", "b"))
    assert one(asked, classes=("b", "a", "c")).met == "yes"
    line = one(asked, classes=("a", "c"))
    assert (line.met, line.by) == ("no", -1.0)


def test_the_licences_found_are_named():
    line = one(Specification(licence="permissive"), licences={"x": "MIT", "y": "MIT"})
    assert (line.met, line.found) == ("yes", "MIT")
