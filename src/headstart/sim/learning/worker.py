"""A process of its own for one job: what crashes there takes nothing else with it.

``python -m headstart.sim.learning.worker FOLDER`` reads FOLDER/job.json and leaves FOLDER/outcome.json.
"""

from __future__ import annotations

import sys
import time
import warnings
from pathlib import Path

from headstart.core.errors import HeadstartError
from headstart.sim.learning.job import Job, Outcome, written
from headstart.sim.learning.life import work

JOB, STOP = "job.json", "stop"


def run(job: Job, folder: Path, deadline_s: float | None) -> Outcome:
    """Do a job until it ends, until `deadline_s` (`time.time`), or until a file ``stop`` lies beside it.

    Whatever goes wrong is the outcome's status; nothing is raised.
    """
    stop = folder.parent / STOP
    began_s = time.monotonic()

    def over() -> bool:
        return stop.exists() or (deadline_s is not None and time.time() > deadline_s)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the learner's library speaks of its own interfaces
            return work(job, folder, over)
    except Exception as error:
        said = str(error) if isinstance(error, HeadstartError) else f"{type(error).__name__}: {error}"
        return failed(job, folder, said.splitlines()[0] if said else type(error).__name__, began_s)


def failed(job: Job, folder: Path, why: str, began_s: float) -> Outcome:
    """The outcome of a job that came to nothing, also written down."""
    outcome = Outcome.of_nothing(job, f"failed: {why}", time.monotonic() - began_s)
    written(folder, outcome)
    return outcome


def main(folder: Path, deadline_s: float | None) -> None:
    """The process: one job, one thread."""
    run(Job.model_validate_json((folder / JOB).read_text("utf-8")), folder, deadline_s)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else None)
