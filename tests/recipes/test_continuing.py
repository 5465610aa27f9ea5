"""A run that was stopped goes on where it was, with what it was begun with, and ends as if left alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest

from headstart.core.errors import OptionError, OutputError, SourceError
from headstart.core.watch import Silent
from headstart.recipes import continuing
from headstart.recipes.run_folder import MARK, held
from headstart.recipes.settings import FitSettings
from headstart.recipes.transfer import transfer
from tests.photos import ROWS, photos
from tests.recipes.test_story import SOURCE

TREE = Path(__file__).parents[2]
FEW = 7  # rows a class: fewer than tuning asks for


@dataclass
class Killer(Silent):
    """Ends the process at the beginning of a stage, as if by SIGKILL."""

    at: str
    lines: list[str] = field(default_factory=list)

    def stage(self, name: str, total: int = 0) -> None:
        if name == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def model_hash(run: Path) -> str:
    files = [p for p in sorted((run / "model").rglob("*")) if p.is_file() and p.name != "README.md"]
    return sha256(b"".join(p.read_bytes() for p in files)).hexdigest()


def trials(run: Path) -> list[tuple[object, ...]]:
    record = json.loads((run / "run.json").read_text())
    return [(one["id"], one["status"], one["score"]) for one in record["candidates"] + record["controls"]]


@contextmanager
def alone(place: Path, rows: int) -> Iterator[tuple[Path, FitSettings]]:
    """Data with so many rows a class, settings, and a run that was left alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEADSTART_HOME", str(place / "home"))
        data = photos(place / "data", 0, rows)
        settings = FitSettings(
            data=str(data), source=(SOURCE,), out=str(place / "alone"), threads=1, preset="fast", resume=True
        )
        transfer(settings, Silent())
        yield place, settings


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory):
    """Too few labels to tune: look, controls and gate only, in seconds."""
    with alone(tmp_path_factory.mktemp("continuing"), FEW) as made:
        yield made


@pytest.fixture
def tuned_world(tmp_path: Path):
    """Enough labels to tune networks, which takes minutes."""
    with alone(tmp_path, ROWS) as made:
        yield made


def in_another_process(settings: FitSettings, at: str) -> int:
    code = (
        "import sys; from tests.recipes.test_continuing import Killer; "
        "from headstart.recipes.settings import FitSettings; "
        "from headstart.recipes.transfer import transfer; "
        "transfer(FitSettings.model_validate_json(sys.argv[1]), Killer(sys.argv[2]))"
    )
    argv = [sys.executable, "-c", code, settings.model_dump_json(), at]
    return subprocess.run(argv, cwd=TREE, timeout=900, env={**os.environ, "PYTHONPATH": "src:."}).returncode


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_in_three_stages_it_ends_in_the_same_trials_and_bytes(world):
    ends_like_the_one_left_alone(*world)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_after_tuning_too(tuned_world):
    ends_like_the_one_left_alone(*tuned_world)


def ends_like_the_one_left_alone(place: Path, settings: FitSettings) -> None:
    settings = settings.model_copy(update={"out": str(place / "killed")})
    for stage in ("pilot", "assembling", "writing"):
        assert in_another_process(settings, stage) == -signal.SIGKILL
    assert transfer(settings, Silent()).record.stopped is None
    assert trials(place / "killed") == trials(place / "alone")
    assert model_hash(place / "killed") == model_hash(place / "alone")
    assert sorted(p.name for p in (place / "killed").iterdir()) == [
        "evidence.parquet", "log.jsonl", "model", "report.html", "rows.safetensors", "run.json",
    ]  # fmt: skip


def begun(world, name: str, **changes: object) -> FitSettings:
    """A folder in which a run was begun and stopped before it had a result."""
    place, settings = world
    settings = settings.model_copy(update={"out": str(place / name), **changes})

    class Stop(Exception):
        pass

    class Stopping(Silent):
        def stage(self, name: str, total: int = 0) -> None:
            if name == "pilot":
                raise Stop

    with pytest.raises(Stop):
        transfer(settings, Stopping())
    return settings


def test_other_options_are_refused_by_name_and_nothing_is_lost(world):
    settings = begun(world, "options")
    with pytest.raises(OutputError, match="option seed was 0, is 7") as refusal:
        transfer(settings.model_copy(update={"seed": 7}), Silent())
    assert "--out" in refusal.value.remedy
    assert continuing.started(Path(settings.out)) is not None


def test_other_data_are_refused(world, tmp_path):
    settings = begun(world, "data-changed")
    with pytest.raises(OutputError, match="data: train was"):
        transfer(settings.model_copy(update={"data": str(photos(tmp_path / "other", 5))}), Silent())


def test_a_source_with_other_weights_is_refused(world):
    settings = begun(world, "source-changed")
    file = Path(settings.out) / continuing.STARTED
    kept = json.loads(file.read_text())
    kept["sources"][SOURCE] = "0" * 64
    file.write_text(json.dumps(kept))
    with pytest.raises(OutputError, match=f"source {SOURCE} was 000000000000…"):
        transfer(settings, Silent())


def test_a_longer_time_limit_and_moved_data_are_no_other_run(world, tmp_path):
    settings = begun(world, "moved")
    moved = settings.model_copy(
        update={"data": str(photos(tmp_path / "moved", 0, FEW)), "time_limit_s": 600.0}
    )
    assert transfer(moved, Silent()).record.stopped is None


def test_a_folder_in_which_a_process_is_at_work_is_refused(world):
    settings = begun(world, "busy")
    hold = "import sys; from headstart.recipes.run_folder import held; from pathlib import Path; import time"
    code = f"{hold}\nwith held(Path(sys.argv[1])):\n print('held', flush=True); time.sleep(60)"
    argv = [sys.executable, "-c", code, settings.out]
    other = subprocess.Popen(argv, cwd=TREE, env={**os.environ, "PYTHONPATH": "src"}, stdout=subprocess.PIPE)
    try:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(OutputError, match="another process is at work"):
            transfer(settings, Silent())
    finally:
        other.kill()
        other.communicate()
    time.sleep(0.1)
    with held(Path(settings.out)):
        pass  # who is killed lets go


def test_an_unreadable_beginning_counts_as_none_and_its_pieces_go(world):
    settings = begun(world, "unreadable")
    folder = Path(settings.out)
    (folder / continuing.STARTED).write_text("{")
    (folder / continuing.PIECES).mkdir(exist_ok=True)
    (folder / continuing.PIECES / "0.fit").write_bytes(b"of unknown origin")
    transfer(settings, Silent())
    assert model_hash(folder) == model_hash(world[0] / "alone")


def test_the_log_goes_on_after_a_torn_line(world):
    settings = begun(world, "torn")
    log = Path(settings.out) / MARK
    with log.open("a") as file:
        file.write('{"ts": "2026')
    transfer(settings, Silent())
    lines = log.read_text().splitlines()
    assert sum(line == '{"ts": "2026' for line in lines) == 1
    assert json.loads(lines[-1])["stage"] == "writing"


def refuse(folder: Path, *written: str) -> None:
    """A run that has written these files, and then cannot go on."""
    with held(folder):
        for name in written:
            (folder / name).write_text("{}\n")
        raise SourceError("no such file or folder")


def test_a_run_that_is_refused_before_it_began_leaves_no_folder(tmp_path):
    (tmp_path / "run").mkdir()
    with pytest.raises(SourceError):
        refuse(tmp_path / "run", MARK)
    assert not (tmp_path / "run").exists()


def test_a_run_that_began_keeps_its_log(tmp_path):
    with pytest.raises(SourceError):
        refuse(tmp_path, MARK, "started.json")
    assert (tmp_path / MARK).exists()


def test_a_finished_run_answers_only_what_it_was_asked(world):
    place, settings = world
    again = settings.model_copy(update={"out": str(place / "alone")})
    assert transfer(again, Silent()).record.headline
    with pytest.raises(OutputError, match=r"option seed was 0, is 1"):
        transfer(again.model_copy(update={"seed": 1}), Silent())
    other = photos(place / "others", 9, FEW)
    with pytest.raises(OutputError, match="data: train was"):
        transfer(again.model_copy(update={"data": str(other)}), Silent())


def test_what_to_continue_must_be_named(world):
    _, settings = world
    with pytest.raises(OptionError, match="--resume without --out"):
        transfer(settings.model_copy(update={"out": None}), Silent())
