"""What the person waiting sees, on stderr: a live display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from headstart.cli.interrupt import Interrupt, caught
from headstart.core.watch import Silent, Watch

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

PLAIN_EVERY_S = 10.0  # a log that somebody reads later wants a line now and then, not a stream
BAR_WIDTH = 40  # characters
STOPPING = "stopping at the next safe point with the best so far; Ctrl-C again stops at once"


class Interruptible:
    """The part of a watch that listens to Ctrl-C; `interrupt` is set while the command runs."""

    interrupt: Interrupt | None = None

    @property
    def stop_requested(self) -> bool:
        """Whether the user asked to stop."""
        return self.interrupt is not None and self.interrupt.requested


class Quiet(Interruptible, Silent):
    """Nothing to see, but Ctrl-C still counts."""

    stop_requested = Interruptible.stop_requested


class Stage:
    """Where the work stands: the present stage, its steps, the best so far, seconds since the start."""

    def __init__(self, time_limit_s: float | None) -> None:
        self.name, self.total, self.done = "starting", 0, 0
        self.best = ""
        self.started_s = time.monotonic()
        self.time_limit_s = time_limit_s

    def grant(self, seconds: float) -> None:
        """Seconds that do not count: the limit moves, the clock goes on."""
        if self.time_limit_s is not None:
            self.time_limit_s += seconds

    def clock(self) -> str:
        """``0:42``, with the time left where there is a limit."""
        spent_s = time.monotonic() - self.started_s
        if self.time_limit_s is None:
            return minutes(spent_s)
        return f"{minutes(spent_s)}, {minutes(max(0.0, self.time_limit_s - spent_s))} left"

    def share(self) -> str:
        """`` 3/12``, or nothing where the number of steps is unknown."""
        return f" {min(self.done, self.total)}/{self.total}" if self.total else ""


def minutes(seconds: float) -> str:
    """Seconds as a clock shows them.

    >>> minutes(75.4)
    '1:15'
    """
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


class PlainWatch(Interruptible):
    """One line per stage, per new best, and every few seconds of a long stage."""

    def __init__(self, stream: TextIO, time_limit_s: float | None = None) -> None:
        self._stream = stream
        self._now = Stage(time_limit_s)
        self._last_line_s = 0.0

    def stage(self, name: str, total: int = 0) -> None:
        """A line for the stage."""
        self._now.name, self._now.total, self._now.done = name, total, 0
        self._line(name)

    def advance(self, steps: int = 1) -> None:
        """A line now and then."""
        self._now.done += steps
        if time.monotonic() - self._last_line_s >= PLAIN_EVERY_S:
            self._line(f"{self._now.name}{self._now.share()}")

    def best(self, what: str, score: float) -> None:
        """A line for a better candidate."""
        shown = f"best so far: {what} {score:.3f}"
        if shown != self._now.best:
            self._now.best = shown
            self._line(shown)

    def say(self, line: str) -> None:
        """The line itself."""
        self._line(line)

    def grant(self, seconds: float) -> None:
        """Move the limit."""
        self._now.grant(seconds)

    def _line(self, text: str) -> None:
        self._last_line_s = time.monotonic()
        print(f"[{self._now.clock()}] {text}", file=self._stream, flush=True)


class LiveWatch(Interruptible):
    """Three lines that stay in place: the stage, the best so far, the time."""

    def __init__(self, console: Console, time_limit_s: float | None = None) -> None:
        from rich.live import Live
        from rich.spinner import Spinner

        self._console = console
        self._now = Stage(time_limit_s)
        self._spinner = Spinner("dots")
        self._live = Live(self, console=console, refresh_per_second=4, transient=True)

    def __enter__(self) -> LiveWatch:
        self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._live.stop()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.markup import escape
        from rich.text import Text

        now = self._now
        self._spinner.update(text=Text.from_markup(f"[bold]{escape(now.name)}[/]{now.share()}"))
        yield self._spinner
        if now.total:
            filled = BAR_WIDTH * min(now.done, now.total) // now.total
            yield Text.from_markup(f"[green]{'━' * filled}[/][dim]{'━' * (BAR_WIDTH - filled)}[/]")
        last = Text.from_markup(f"[dim]{now.clock()}[/]  {escape(now.best)}", overflow="ellipsis")
        last.no_wrap = True
        yield last

    def stage(self, name: str, total: int = 0) -> None:
        """Show the stage."""
        self._now.name, self._now.total, self._now.done = name, total, 0

    def advance(self, steps: int = 1) -> None:
        """Move the bar."""
        self._now.done += steps

    def best(self, what: str, score: float) -> None:
        """Show the best so far."""
        self._now.best = f"best so far: {what} {score:.3f}"

    def say(self, line: str) -> None:
        """A line above the display, which stays."""
        self._console.print(line, markup=False, highlight=False)

    def grant(self, seconds: float) -> None:
        """Move the limit."""
        self._now.grant(seconds)


@contextmanager
def watching(*, quiet: bool = False, time_limit_s: float | None = None) -> Iterator[Watch]:
    """The watch that fits where we are, with Ctrl-C caught while it is shown."""
    watch: Quiet | PlainWatch | LiveWatch
    if quiet:
        watch = Quiet()
    elif sys.stderr.isatty():
        from rich.console import Console

        watch = LiveWatch(Console(stderr=True), time_limit_s)
    else:
        watch = PlainWatch(sys.stderr, time_limit_s)
    with caught(lambda: watch.say(STOPPING)) as interrupt:
        watch.interrupt = interrupt
        if isinstance(watch, LiveWatch):
            with watch:
                yield watch
        else:
            yield watch
