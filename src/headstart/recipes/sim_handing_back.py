"""The policy that is handed back, as a model folder: the gate's choice, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from headstart.core.control import Film
from headstart.recipes.sim_race import SCRATCH
from headstart.report.control_card import control_card
from headstart.report.whole_file import write_bytes, write_text
from headstart.sim.films import film
from headstart.sim.learning.knowledge import Knowledge
from headstart.sim.learning.team import Team
from headstart.sim.policy import Policy
from headstart.sim.rollouts import episode_seeds
from headstart.sim.strategies import STRATEGIES

if TYPE_CHECKING:
    from headstart.recipes.sim_ran import Ran


def hand_back(ran: Ran, team: Team, folder: Path) -> None:
    """Write the chosen policy into `folder`."""
    work = Path(tempfile.mkdtemp(prefix=".model-", dir=folder.parent))
    try:
        chosen(ran, team).save(work / "model")
        write_text(
            work / "model" / "README.md", control_card(ran.source.id, ran.target.text, ran.told.ruling.reason)
        )
        if folder.exists():  # of a call that was killed before its record was written
            os.replace(folder, work / "old")
        os.replace(work / "model", folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def films(ran: Ran, team: Team, folder: Path) -> tuple[Film, ...]:
    """The same beginning acted by the source as it is, by the best tuned policy, and by the control."""
    scratch = next(arm for arm in ran.arms if arm.name == SCRATCH)
    acting: list[tuple[str, str, Policy]] = [
        ("before", "before: the source as it is", ran.source.knowledge.policy)
    ]
    for name, words, arm in (("after", "after", ran.told.best), ("control", "control", scratch)):
        if arm is not None and (found := arm.policies(team)):
            acting.append((name, f"{words}: {STRATEGIES[arm.name].title}", Policy.load(found[0])))
    made = []
    for name, title, policy in acting:
        file = f"{name}.gif"
        seed = episode_seeds(ran.settings.seed, "film", 1)[0]
        shown = film(policy, ran.target, seed=seed, ledger=ran.ledger)
        if shown.gif is not None and shown.returned is not None:
            write_bytes(folder / file, shown.gif)
            made.append(Film(file=file, title=title, returned=shown.returned))
    return tuple(made)


def chosen(ran: Ran, team: Team) -> Knowledge:
    """What the gate chose, from where it lies."""
    if ran.told.ruling.kept == "zero-shot":
        return ran.source.knowledge
    arm = ran.told.best if ran.told.ruling.kept == "tuned" else next(a for a in ran.arms if a.name == SCRATCH)
    assert arm is not None
    return Knowledge.load(arm.policies(team)[0])
