"""Who holds something: a process, told apart from a later one with the same number.

What a process holds is given up when it is gone, not when it says so: a killed writer says nothing.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import time
from pathlib import Path

FOREIGN_LEASE_S = 24 * 3600.0  # another machine's process cannot be asked; no writer takes a day
SAME_START_S = 2.0  # how far two readings of one process's start time lie apart (clock corrections)

_FORM = re.compile(r"(?P<host>[\w.-]+)~(?P<pid>\d+)~(?P<start>\d+\.\d+)~[0-9a-f]{8}")


def holder() -> str:
    """A fresh name for something that this process holds: machine, process, its start, a token."""
    import psutil

    start = psutil.Process().create_time()
    return f"{_machine()}~{os.getpid()}~{start:.3f}~{secrets.token_hex(4)}"


def holds_still(holder: str, since: float) -> bool:
    """Whether the holder may still be at work; `since` is when it took hold (seconds since 1970).

    A process of this machine is asked for; one of another machine is believed for a day.
    """
    import psutil

    form = _FORM.fullmatch(holder)
    if form is None or form["host"] != _machine():
        return time.time() - since < FOREIGN_LEASE_S
    try:
        start = psutil.Process(int(form["pid"])).create_time()
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True
    return abs(start - float(form["start"])) < SAME_START_S


def _machine() -> str:
    """The machine's name, and the container's: process numbers mean nothing across containers."""
    try:
        inside = str(Path("/proc/self/ns/pid").stat().st_ino)
    except OSError:
        inside = "0"
    return re.sub(r"[^\w.-]", "-", socket.gethostname()) + "." + inside
