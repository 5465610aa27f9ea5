"""The policy that is handed back, as a model folder: the gate's choice, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from headstart.core.errors import OutputError
from headstart.recipes.sim_race import SCRATCH
from headstart.report.control_card import control_card
from headstart.report.whole_file import write_text
from headstart.sim.learning.knowledge import Knowledge
from headstart.sim.learning.team import Team

if TYPE_CHECKING:
    from headstart.recipes.sim_recording import Ran


def hand_back(ran: Ran, team: Team, folder: Path) -> None:
    """Write the chosen policy into `folder`."""
    if folder.exists():
        raise OutputError("something stands there", where=str(folder), remedy="Name another folder with --out.")
    work = Path(tempfile.mkdtemp(prefix=".model-", dir=folder.parent))
    try:
        chosen(ran, team).save(work / "model")
        write_text(work / "model" / "README.md", control_card(ran.source.id, ran.target.text, ran.ruling.reason))
        os.replace(work / "model", folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def chosen(ran: Ran, team: Team) -> Knowledge:
    """What the gate chose, from where it lies."""
    if ran.ruling.kept == "zero-shot":
        return ran.source.knowledge
    arm = ran.best if ran.ruling.kept == "tuned" else next(a for a in ran.arms if a.name == SCRATCH)
    assert arm is not None
    return Knowledge.load(arm.policies(team)[0])
