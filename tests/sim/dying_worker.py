"""A worker in whose process one job kills everything."""

import os
import signal
import sys
from pathlib import Path

from headstart.sim.learning.job import Job, Outcome, written
from headstart.sim.learning.worker import JOB

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    if folder.name == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    job = Job.model_validate_json((folder / JOB).read_text("utf-8"))
    written(folder, Outcome.of_nothing(job, "complete"))
