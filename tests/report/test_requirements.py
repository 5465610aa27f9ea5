"""The specification as words: failing lines first, in a table and in one sentence."""

from __future__ import annotations

import pytest

from headstart.core.estimate import Interval
from headstart.core.specification import SpecLine
from headstart.report import explain, html, requirements
from tests.report import examples

SCORE = SpecLine(
    requirement="minimum_score",
    wanted=0.9,
    found=0.868,
    met="unknown",
    by=-0.032,
    unit="accuracy",
    note="about 150 more labels would do, by the learning curve",
    interval=Interval(0.829, 0.905, 0.9),
)
SLOW = SpecLine(requirement="latency_ms", wanted=15, found=24.9, met="no", by=-9.9, unit="ms")
SMALL = SpecLine(requirement="size_mb", wanted=40, found=31.2, met="yes", by=8.8, unit="MB")
CLASSES = SpecLine(
    requirement="classes", wanted="defect, sound", found="defect, sound", met="yes", by=0.0, unit="classes"
)
LICENCE = SpecLine(requirement="licence", wanted="permissive", found="MIT", met="yes")


def floor(name: str, found: float = 0.95) -> SpecLine:
    return SpecLine(
        requirement=f"per_class_floors.{name}", wanted=0.9, found=found, met="yes", by=0.05, unit="recall"
    )


def run(*lines: SpecLine):
    return examples.image_run(specification=lines)


def test_lines_that_fail_come_first_with_what_is_missing():
    rows = requirements.table(run(CLASSES, SCORE, SMALL, SLOW, LICENCE))
    assert [row[0] for row in rows] == [
        "Time an example",
        "Accuracy",
        "Classes",
        "Size of the model",
        "Licence of the sources",
    ]
    assert rows[0] == ["Time an example", "at most 15 ms", "24.9 ms", "not met; 9.9 ms too much"]
    assert rows[1][1:3] == ["at least 90.0 %", "86.8 % (82.9 to 90.5 %)"]
    assert "short by 3.2 points" in rows[1][3]
    assert rows[2][1:] == ["defect, sound", "all", "met"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((SMALL,), "meets the one requirement"),
        ((SMALL, CLASSES), "meets all 2 requirements"),
        ((SMALL, SLOW), "meets 1 of 2 requirements; fails 1."),
        ((SMALL, SLOW, SCORE), "1 cannot be told with so few labels"),
    ],
)
def test_one_sentence_counts_them(lines, said):
    assert said in requirements.sentence(run(*lines))


def test_a_hundred_met_floors_do_not_hide_the_one_that_is_not():
    many = [floor(f"class {index}") for index in range(100)]
    rows = requirements.rows(run(*many, SLOW))
    assert rows[0].state == "no"
    assert len(rows) == 1 + requirements.FLOORS_SHOWN + 1
    assert rows[-1].requirement == "Recall of 92 more classes"


def test_the_page_has_the_section_only_where_something_was_asked():
    page = html(run(SCORE, SLOW, floor("<b>")))
    assert 'id="specification"' in page
    assert "Recall of &lt;b&gt;" in page
    assert 'id="specification"' not in html(run())
    assert "Specification" in explain(run(SLOW))
    assert "Specification" not in explain(run())


def test_a_repeated_recipe_is_named():
    again = run()
    options = {**again.lineage.options, "like": "runs/old"}
    again = again.model_copy(update={"lineage": again.lineage.model_copy(update={"options": options})})
    assert "The recipe of runs/old" in html(again)
    assert "The recipe of runs/old" in explain(again)
    assert "The recipe of" not in html(run())
