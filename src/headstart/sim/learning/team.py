"""Several learners at once, each in a process of its own; one that dies is a line in the result."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from headstart.core.watch import Watch
from headstart.sim.learning.job import OUTCOME, SO_FAR, Job, Outcome
from headstart.sim.learning.worker import JOB, STOP, failed, run

WORKER = "headstart.sim.learning.worker"  # the module that a process of its own runs
POLL_S = 0.1
GRACE_S = 60.0  # a worker that was told to stop gets so long to keep what it has


@dataclass
class Team:
    """Workers for the jobs of a run.

    Attributes:
        folder: each job has a folder below it; what is finished there is not done again.
        workers: processes at a time; with one the jobs are done in this process.
        deadline_s: on the clock of `time.time`; None: no limit.
    """

    folder: Path
    workers: int
    watch: Watch
    deadline_s: float | None = None
    _running: dict[str, tuple[subprocess.Popen[bytes], Job, float]] = field(default_factory=dict)

    def done(self, jobs: Sequence[Job]) -> list[Outcome]:
        """Every job's outcome, in the order of `jobs`; those that ran out of time have the status of it."""
        (self.folder / STOP).unlink(missing_ok=True)
        found: dict[str, Outcome] = {}
        waiting = deque(jobs)
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            while waiting or self._running:
                while waiting and len(self._running) < self.workers:
                    job = waiting.popleft()
                    known = self._known(job)
                    if known is not None:
                        self._told(found, known)
                    elif self._over():
                        found[job.id] = self._late(job)
                    elif self.workers == 1:
                        self._told(found, self._here(job))
                    else:
                        self._start(job)
                for outcome in self._ended():
                    self._told(found, outcome)
                if self._running:
                    if self.watch.stop_requested:
                        (self.folder / STOP).touch()
                    time.sleep(POLL_S)
        finally:
            for process, _, _ in self._running.values():
                process.kill()
        return [found[job.id] for job in jobs]

    def place(self, job: Job | Outcome) -> Path:
        """The job's own folder."""
        return self.folder / job.id

    def _here(self, job: Job) -> Outcome:
        watch, folder = self.watch, self.place(job)
        folder.mkdir(parents=True, exist_ok=True)
        if watch.stop_requested:
            (self.folder / STOP).touch()
        return run(job, folder, self.deadline_s)

    def _known(self, job: Job) -> Outcome | None:
        """What an earlier call of this run came to, if it was this very job."""
        folder = self.place(job)
        found = _read(folder, job, OUTCOME)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / JOB).write_text(job.model_dump_json(indent=1) + "\n", encoding="utf-8")
        return found

    def _start(self, job: Job) -> None:
        folder = self.place(job)
        command = [sys.executable, "-P", "-m", WORKER, str(folder)]
        if self.deadline_s is not None:
            command.append(str(self.deadline_s))
        inherited = {**os.environ, "PYTHONPATH": os.pathsep.join(part or os.getcwd() for part in sys.path)}
        with (folder / "worker.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                env={**inherited, "OMP_NUM_THREADS": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is the parent's to pass on, as a file
            )
        self._running[job.id] = (process, job, time.monotonic())

    def _ended(self) -> Iterator[Outcome]:
        for id, (process, job, began_s) in list(self._running.items()):
            if process.poll() is None:
                if self.deadline_s is not None and time.time() > self.deadline_s + GRACE_S:
                    process.kill()
                continue
            del self._running[id]
            if process.returncode != 0:
                why = f"its process ended with status {process.returncode}"
                yield self._late(job) if self._over() else failed(job, self.place(job), why, began_s)
                continue
            yield self._known(job) or self._late(job)

    def _told(self, found: dict[str, Outcome], outcome: Outcome) -> None:
        found[outcome.id] = outcome
        self.watch.advance()
        if outcome.status != "complete":
            self.watch.say(f"{outcome.id}: {outcome.status}")

    def _over(self) -> bool:
        late = self.deadline_s is not None and time.time() > self.deadline_s
        return late or self.watch.stop_requested

    def _late(self, job: Job) -> Outcome:
        """The outcome of a job that had no time, or not enough: as far as it came."""
        return _read(self.place(job), job, SO_FAR) or Outcome.of_nothing(job, "out of time")


def _read(folder: Path, job: Job, name: str) -> Outcome | None:
    """An outcome in the job's folder, if it is of this very job."""
    try:
        if Job.model_validate_json((folder / JOB).read_text("utf-8")) != job:
            return None
        return Outcome.model_validate_json((folder / name).read_text("utf-8"))
    except (OSError, ValueError):
        return None
