"""What the person waiting sees, and what Ctrl-C does."""

import io
import os
import signal

import pytest

from headstart.cli import progress
from headstart.cli.interrupt import caught
from headstart.cli.progress import LiveWatch, PlainWatch, Stage, watching


def test_seconds_that_are_not_the_users_move_the_limit():
    clock = Stage(60.0)
    before = clock.clock()
    clock.grant(30.0)
    assert before.endswith(("1:00 left", "0:59 left"))
    assert clock.clock().endswith(("1:30 left", "1:29 left"))
    free = Stage(None)
    free.grant(30.0)
    assert "left" not in free.clock()


def test_plain_lines_hold_stage_best_and_time_left():
    stream = io.StringIO()
    watch = PlainWatch(stream, time_limit_s=60)
    watch.stage("looking", 4)
    watch.best("linear probe", 0.9123)
    watch.say("one file left out")
    lines = stream.getvalue().splitlines()
    assert [line.split("] ")[1] for line in lines] == [
        "looking",
        "best so far: linear probe 0.912",
        "one file left out",
    ]
    assert all("left]" in line for line in lines)


def test_the_same_best_is_not_said_twice():
    stream = io.StringIO()
    watch = PlainWatch(stream)
    watch.best("probe", 0.5)
    watch.best("probe", 0.5)
    assert len(stream.getvalue().splitlines()) == 1


def test_steps_are_told_now_and_then_not_each(monkeypatch):
    stream = io.StringIO()
    watch = PlainWatch(stream)
    watch.stage("looking", 1000)
    for _ in range(1000):
        watch.advance()
    assert len(stream.getvalue().splitlines()) == 1
    monkeypatch.setattr(progress, "PLAIN_EVERY_S", 0.0)
    watch.advance()
    assert "looking 1000/1000" in stream.getvalue()


def test_the_live_display_shows_stage_steps_and_best_and_escapes_markup():
    from rich.console import Console

    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    with LiveWatch(console, time_limit_s=100) as watch:
        watch.stage("looking [b]", 8)
        watch.advance(3)
        watch.best("probe", 0.75)
        with console.capture() as shown:
            console.print(watch)
        watch.say("kept [line]")
    for words in ("looking [b]", "3/8", "probe 0.750", "left"):
        assert words in shown.get()
    assert "kept [line]" in console.file.getvalue()


def test_not_on_a_terminal_there_are_plain_lines_on_stderr_only(capsys):
    with watching() as watch:
        watch.stage("reading")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "reading" in captured.err
    assert "\x1b" not in captured.err


def test_quiet_is_silent_but_still_listens_to_ctrl_c(capsys):
    with watching(quiet=True) as watch:
        watch.stage("reading")
        assert not watch.stop_requested
        os.kill(os.getpid(), signal.SIGINT)
        assert watch.stop_requested
    assert capsys.readouterr().err == ""


def test_first_ctrl_c_asks_second_aborts():
    asked = []
    with caught(lambda: asked.append(1)) as interrupt:
        os.kill(os.getpid(), signal.SIGINT)
        assert interrupt.requested
        assert asked == [1]
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_a_polite_kill_counts_as_ctrl_c():
    with watching(quiet=True) as watch:
        os.kill(os.getpid(), signal.SIGTERM)
        assert watch.stop_requested


def test_afterwards_ctrl_c_is_what_it_was():
    before = signal.getsignal(signal.SIGINT)
    with watching(quiet=True):
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
