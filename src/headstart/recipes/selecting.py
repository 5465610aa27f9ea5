"""*Select the source task*: which of the data sets given to develop on, for the target that matters."""

from __future__ import annotations

from dataclasses import dataclass

from headstart.core.errors import OptionError
from headstart.core.ranked_task import RankedTask
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.opening import opened


@dataclass(frozen=True)
class Selected:
    """The task to develop on, and the ranking that led to it; empty where there was nothing to choose."""

    task: Task
    ranking: tuple[RankedTask, ...] = ()


def selected(settings: DevelopSettings, task: Task | None, watch: Watch) -> Selected:
    """Open the data, and pick one of several by what each promises to the target (`task`: data as arrays).

    Raises:
        OptionError: several data sets, and no target to choose by.
    """
    if task is not None:
        return Selected(task)
    if len(settings.data) > 1 and settings.target is None:
        raise OptionError(
            f"{len(settings.data)} data sets to develop on, and no target to choose by",
            expected="--target DATA, the few labelled examples that matter",
            remedy="With it they are ranked by what each promises to the target. Or name one of them.",
        )
    watch.stage("reading", len(settings.data))
    tasks = []
    for path in settings.data:
        tasks.append(opened(settings.reading(path)).task)
        watch.advance()
    if len(tasks) == 1:
        return Selected(tasks[0])
    return _by_evidence(tasks, settings, watch)


def _by_evidence(tasks: list[Task], settings: DevelopSettings, watch: Watch) -> Selected:
    """The seam for `develop.selecting.rank_source_tasks`; until it is there, the largest, said so."""
    largest = max(tasks, key=len)
    watch.say(f"{largest.name} is taken because it is the largest; ranking by evidence is to come")
    return Selected(largest)
