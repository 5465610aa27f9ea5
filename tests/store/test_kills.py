"""Killed before any durable step, a store loses nothing acknowledged and refers to nothing missing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL and fork")
@pytest.mark.parametrize(("deed", "least"), [("add", 30), ("create", 40), ("remove", 10), ("migrate", 5)])
def test_a_kill_at_any_step_loses_nothing(deed, least, tmp_path):
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killed.py")), str(tmp_path), deed],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["broken"] == {}
    assert found["steps"] >= least
