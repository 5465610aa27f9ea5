"""Killed before any durable step, a store loses nothing acknowledged and refers to nothing missing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

LEAST_STEPS = {
    "add": 30,
    "finish": 30,
    "promote": 8,
    "create": 40,
    "take_in": 30,
    "remove": 10,
    "migrate": 5,
    "convert": 30,
}


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL and fork")
@pytest.mark.parametrize(("deed", "least"), LEAST_STEPS.items(), ids=LEAST_STEPS)
def test_a_kill_at_any_step_loses_nothing(deed, least, sqlite, tmp_path):
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killed.py")), str(tmp_path), deed, sqlite.__name__],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["broken"] == {}
    assert found["steps"] >= least
