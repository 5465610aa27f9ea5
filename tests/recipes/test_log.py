"""The log of a run keeps what happened and passes everything on."""

import json

from headstart.core.watch import Silent
from headstart.recipes.log import LogWatch


class Listener(Silent):
    def __init__(self) -> None:
        self.heard = []

    def stage(self, name: str, total: int = 0) -> None:
        self.heard.append(("stage", name, total))

    def advance(self, steps: int = 1) -> None:
        self.heard.append(("advance", steps))

    def best(self, what: str, score: float) -> None:
        self.heard.append(("best", what, score))

    def say(self, line: str) -> None:
        self.heard.append(("say", line))


def test_every_line_has_time_stage_and_message(tmp_path):
    path, inner = tmp_path / "log.jsonl", Listener()
    with LogWatch(path, inner) as watch:
        watch.stage("looking", 2)
        watch.advance()
        watch.best("probe", 0.5)
        watch.say("größer")
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(entry["stage"], entry["message"]) for entry in entries] == [
        ("looking", "begins (2 steps)"),
        ("looking", "best so far: probe 0.5000"),
        ("looking", "größer"),
    ]
    assert all(entry["ts"].endswith("+00:00") for entry in entries)
    assert [heard[0] for heard in inner.heard] == ["stage", "advance", "best", "say"]


def test_a_resumed_run_goes_on_where_the_log_ended(tmp_path):
    for line in ("first", "second"):
        with LogWatch(tmp_path / "log.jsonl", Silent()) as watch:
            watch.say(line)
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == 2


def test_every_second_belongs_to_a_stage(tmp_path, monkeypatch):
    clock = iter([3.0, 3.0, 10.0, 10.0, 11.0004, 11.0004, 11.5])
    monkeypatch.setattr("headstart.recipes.log.time.monotonic", lambda: next(clock))
    with LogWatch(tmp_path / "log.jsonl", Silent(), began_s=1.0) as watch:
        for stage in ("look", "judging", "look"):
            watch.stage(stage)
        assert watch.stages_s == {"opening": 2.0, "look": 7.5, "judging": 1.0}


def test_a_line_is_on_disk_before_the_run_ends(tmp_path):
    with LogWatch(tmp_path / "log.jsonl", Silent()) as watch:
        watch.say("here")
        assert "here" in (tmp_path / "log.jsonl").read_text()


def test_the_wish_to_stop_comes_through(tmp_path):
    inner = Listener()
    with LogWatch(tmp_path / "log.jsonl", inner) as watch:
        assert not watch.stop_requested
        inner.stop_requested = True
        assert watch.stop_requested
