"""The page of a control run: whole, escaped, and honest about what was not tried."""

import re

import pytest

from headstart.core.candidate import Parts
from headstart.core.control import (
    ArmCurve,
    ControlRecord,
    Film,
    Gauge,
    Identified,
    LearnerCurve,
    LearningPoint,
    Reached,
)
from headstart.core.estimate import Interval, Score
from headstart.core.kinds import Decision, Kind, Modality
from headstart.core.run import CandidateRecord, Cost, Lineage, RunRecord, TaskRecord
from headstart.core.verdict import Chosen, Member, Verdict
from headstart.report.control_page import html, write_control_run
from headstart.report.quantities import count

GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


def arm(name, *levels, harmed=None):
    points = tuple(LearningPoint(step=10 * at, returns=(level, level + 1)) for at, level in enumerate(levels))
    learner = LearnerCurve(seed=1, points=points, best_step=0, status="complete")
    return ArmCurve(
        candidate=name, title=f"way {name}", paper="", learners=(learner, learner) if levels else (),
        steps=20, looked=40, harmed=harmed,
    )  # fmt: skip


def candidate(name, source, score):
    interval = Interval(score - 1, score + 1, 0.9) if score is not None else None
    return CandidateRecord(
        id=name, source=source, parts=Parts(), strategy=name, settings={"scored": "fresh episodes"},
        score=score, interval=interval, rung=4, cost_s=1.0, status="complete",
    )  # fmt: skip


def record(target="Pendulum-v1", tuned=-300.0, **control):
    interval = Interval(5.0, 15.0, 0.9)
    arms = (arm("scratch", -1500, -1400), arm("warm-critic", *([-1000, -300] if tuned else []), harmed=0))
    gauge = Gauge(
        candidate="warm-critic", jump_start=500.0, asymptote=1100.0, steps_to_threshold=0,
        control_steps_to_threshold=None, ratio=2.0,
    )  # fmt: skip
    said = {"arms": arms, "gauges": (gauge,), **control}
    return RunRecord(
        task=TaskRecord(
            id=target, modality=Modality.CONTROL, kind=Kind.CONTROL, n_train=20, n_classes=0, classes=(),
            metric="return", fingerprint="f",
        ),
        findings=(), ranking=(),
        candidates=(candidate("warm-critic", "store:s@1", tuned),),
        controls=(candidate("zero-shot", "store:s@1", -1000.0), candidate("scratch", None, -1400.0)),
        verdict=Verdict(Decision.TRANSFER, 10.0, "return", interval, 0.99, 1.0, None, None, "Because.", True),
        chosen=Chosen("warm-critic", (Member("warm-critic", 1.0),), Score(-300.0, interval)),
        cost=Cost(
            wall_s=1.0, forward_pass_s=0.0, peak_rss_bytes=1, examples_per_s=1.0, target_steps=120,
            violations=3.0,
        ),
        lineage=Lineage(
            data={}, sources={}, parents=(), code_version="0", environment={}, threads=1, seed=0
        ),
        stopped=None,
        control=ControlRecord(
            source_environment="Pendulum-v1", target_environment=target, target_steps=20, margin=5.0, **said
        ),
    )  # fmt: skip


def test_the_page_says_what_was_spent_and_what_was_handed_back(tmp_path):
    page = html(record(), tmp_path)
    for words in ("Transfer", "Because.", "120", "warm-critic", "way warm-critic", "Jump-start", "never"):
        assert words in page


def test_it_is_one_file_with_its_films_in_it(tmp_path):
    (tmp_path / "after.gif").write_bytes(GIF)
    film = Film(file="after.gif", title="after: way", returned=-300.0)
    write_control_run(tmp_path, record(films=(film,)))
    page = (tmp_path / "report.html").read_text()
    assert "data:image/gif;base64," in page
    assert not re.search(r'(src|href)="(?!data:|#)', page)
    assert {path.name for path in tmp_path.iterdir()} == {
        "after.gif", "report.html", "run.json", "evidence.parquet",
    }  # fmt: skip


def test_the_page_says_what_as_good_as_from_scratch_cost_and_what_to_doubt(tmp_path):
    reached = Reached(by="zero-shot", steps=1600, control_steps=5400, threshold=-150.0)
    row = Identified(name="mass", value=1.0, interval=Interval(0.9, 1.1, 0.9), before=1.0)
    page = html(record(reached=reached, identified=(row,), notes=("Distrust <it>.",)), tmp_path)
    for words in (count(1600), "(zero-shot)", count(5400), "Distrust &lt;it&gt;."):
        assert words in page
    nothing = reached.model_copy(update={"steps": None, "by": ""})
    assert "not reached" in html(record(reached=nothing), tmp_path)


def test_names_from_outside_cannot_become_markup(tmp_path):
    page = html(record(target="<script>alert(1)</script>"), tmp_path)
    assert "<script>alert(1)" not in page


def test_a_strategy_without_any_learner_leaves_the_page_whole(tmp_path):
    assert "warm-critic" in html(record(tuned=None, gauges=()), tmp_path)


def test_a_record_of_another_kind_is_no_page_of_control(tmp_path):
    plain = record().model_copy(update={"control": None})
    with pytest.raises(ValueError, match="control"):
        html(plain, tmp_path)


def test_every_return_is_evidence(tmp_path):
    import pyarrow.parquet as pq

    write_control_run(tmp_path, record())
    table = pq.read_table(tmp_path / "evidence.parquet").to_pylist()
    assert len(table) == 2 * 2 * 2 * 2  # arms, learners, looks, episodes
    assert set(table[0]) == {"candidate", "seed", "step", "episode", "return"}
