"""A worker in whose process one job kills everything."""

import os
import signal
import sys
from pathlib import Path

from headstart.sim.learning.job import Outcome
from headstart.sim.learning.worker import written

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    if folder.name == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    written(
        folder,
        Outcome(
            id=folder.name,
            strategy="scratch",
            seed=1,
            curve=(),
            best_step=0,
            steps=0,
            looked=0,
            violations=0.0,
            wall_s=0.0,
            status="complete",
        ),
    )
