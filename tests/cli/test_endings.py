"""Every way a command can end, and its exit code."""

import errno

import pytest

from headstart.cli.endings import exit_code
from headstart.core.errors import (
    DataError,
    HeadstartError,
    MachineError,
    NothingYet,
    OptionError,
    OutputError,
)


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path / "home"))


def ending(error: BaseException | None) -> int:
    def command() -> None:
        if error is not None:
            raise error

    return exit_code(command, verb="fit", options=["photos", "--seed", "1"])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (None, 0),
        (DataError("one class", where="photos"), 2),
        (OptionError("no"), 2),
        (OutputError("not empty"), 2),
        (MachineError("no network"), 3),
        (OSError(errno.ENOSPC, "No space left on device"), 3),
        (OSError(errno.EACCES, "Permission denied", "photos"), 2),
        (MemoryError(), 3),
        (NothingYet("the budget ended"), 4),
        (KeyboardInterrupt(), 4),
        (HeadstartError("broken promise"), 70),
        (ZeroDivisionError("x"), 70),
        (OSError(errno.EIO, "Input/output error"), 70),
    ],
)
def test_exit_codes_are_those_of_the_interface(error, code, capsys):
    assert ending(error) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    assert captured.err.startswith("headstart: ") == (code != 0)


def test_a_user_fault_leaves_no_bug_report(tmp_path):
    ending(DataError("one class"))
    assert not (tmp_path / "home").exists()


def test_our_fault_leaves_a_report_with_versions_options_and_place_but_no_data(tmp_path, capsys):
    assert ending(KeyError("the secret text of a patient")) == 70
    (report,) = (tmp_path / "home" / "bugs").iterdir()
    said = capsys.readouterr().err
    assert str(report) in said
    text = report.read_text()
    assert "command: headstart fit photos --seed 1" in text
    assert "KeyError" in text
    assert "torch:" in text
    assert "test_endings.py" in text
    assert "patient" not in text


def test_a_home_that_cannot_be_written_still_gets_a_report(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    assert ending(ZeroDivisionError()) == 70
    assert list(tmp_path.glob("bug-*.txt"))
