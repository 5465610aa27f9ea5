"""An attempt that a kill interrupts is taken up again where its last checkpoint left it."""

from __future__ import annotations

from hashlib import sha256

from headstart.develop.early_stopping import EarlyStopping
from headstart.develop.problem import Problem
from headstart.develop.start import Start
from headstart.training.checkpoint import Checkpoint


def kept_attempt(problem: Problem, start: Start, judge: EarlyStopping) -> Checkpoint | None:
    """Where the attempt is kept, with what `judge` knows; None where the problem names no folder.

    It stays there until all attempts are done: one that had ended is taken up near its end.
    """
    if problem.checkpoints is None:
        return None
    told = f"{start.id} {start.tuning} {start.mirrored} {len(problem.task)}"
    origin = (list(problem.task.inputs.hashes), problem.task.targets, problem.parts.stop, start.size)
    path = problem.checkpoints / f"{sha256(told.encode()).hexdigest()[:16]}.attempt"
    return Checkpoint(path, origin, beside=judge, watch=problem.watch)
