"""What happened in a run, line by line, in the run's folder."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from headstart.core.watch import Watch


class LogWatch:
    """Passes everything on to another watch and keeps it in ``log.jsonl``: ``{ts, stage, message}``.

    `began_s` (`time.monotonic`) is when the work began, if that was earlier; the first stage is ``opening``.

    Steps inside a stage are passed on but not kept. Lines are appended, so that a resumed run
    goes on where the log ended; each is flushed, so that a killed run leaves what it did.
    """

    def __init__(self, path: Path, inner: Watch, *, began_s: float | None = None) -> None:
        self._inner = inner
        self._stage = "opening"
        self._since_s = time.monotonic() if began_s is None else began_s
        self._spent_s: dict[str, float] = {}
        torn = path.exists() and path.read_bytes()[-1:] not in (b"", b"\n")
        self._file = path.open("a", encoding="utf-8")
        if torn:  # by a power cut: the next line must not go on in it
            self._file.write("\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """No more lines will come."""
        self._file.close()

    def stage(self, name: str, total: int = 0) -> None:
        """Keep the beginning of a stage."""
        self._spent_s = self._until_now()
        self._stage, self._since_s = name, time.monotonic()
        self._keep("begins" if not total else f"begins ({total} steps)")
        self._inner.stage(name, total)

    def advance(self, steps: int = 1) -> None:
        """Pass on."""
        self._inner.advance(steps)

    def best(self, what: str, score: float) -> None:
        """Keep the best so far."""
        self._keep(f"best so far: {what} {score:.4f}")
        self._inner.best(what, score)

    def say(self, line: str) -> None:
        """Keep the line."""
        self._keep(line)
        self._inner.say(line)

    def grant(self, seconds: float) -> None:
        """Pass on."""
        self._inner.grant(seconds)

    @property
    def stop_requested(self) -> bool:
        """Whether the inner watch was asked to stop."""
        return self._inner.stop_requested

    @property
    def stages_s(self) -> dict[str, float]:
        """Seconds in each stage until now, to the millisecond, in the order in which they were entered."""
        return {stage: round(seconds, 3) for stage, seconds in self._until_now().items()}

    def _until_now(self) -> dict[str, float]:
        now_s = self._spent_s.get(self._stage, 0.0) + time.monotonic() - self._since_s
        return self._spent_s | {self._stage: now_s}

    def _keep(self, message: str) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        entry = {"ts": now, "stage": self._stage, "message": message}
        self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self._file.flush()
