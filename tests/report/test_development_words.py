"""What a development was cut short by, and what that left out."""

from types import SimpleNamespace

from headstart.report import stopped


def record(by: str | None, *, left_out: int = 0, **statuses: str) -> SimpleNamespace:
    alternatives = [
        SimpleNamespace(start=name, status=status.replace("_", " "), epochs=0)
        for name, status in statuses.items()
    ]
    rows = SimpleNamespace(left_out=left_out)
    return SimpleNamespace(stopped=by, rows=rows, choice=SimpleNamespace(alternatives=alternatives))


def test_what_ended_by_itself_was_not_stopped():
    assert stopped(record(None)) == ""


def test_by_hand_is_said_without_blaming_the_clock():
    assert stopped(record("interrupt", left_out=3)).startswith("by you")


def test_the_time_limit_names_what_it_left_out():
    said = stopped(record("budget", left_out=120, near="chosen", far="out of time", other="behind"))
    assert "120 examples were left out" in said
    assert said.endswith("Not tried for want of time: far.")
