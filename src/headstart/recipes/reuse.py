"""*Reuse*: the developed source and its parent as the target sees them, before anything is tuned."""

from __future__ import annotations

from pathlib import Path

from headstart.core.run import RankedSource
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.looking import look_at, shared_folds
from headstart.sources.ids import STORE
from headstart.sources.packed import PackedSource

REUSE_FRAC = 0.12  # of the time limit is kept for it


def seen_from(
    target: Task, files: Path, parent: Network | None, settings: DevelopSettings, watch: Watch
) -> tuple[RankedSource, ...]:
    """The packed source in `files` and its `parent`, ranked by probes on the target's labels."""
    developed = PackedSource(files, f"{STORE}{settings.name}").load()
    networks = {developed.card.id: developed}
    if parent is not None:
        networks[parent.card.id] = parent
    reading = settings.reading(target.name)
    return look_at(target, networks, shared_folds(target, reading), reading, watch).look.ranking
