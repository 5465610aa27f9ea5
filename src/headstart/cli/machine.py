"""Errors of the operating system that the user can do something about."""

from __future__ import annotations

import errno

from headstart.core.errors import HeadstartError, MachineError, OutputError

_FULL = (errno.ENOSPC, errno.EDQUOT)


def as_machine_error(error: OSError) -> HeadstartError | None:
    """The same error as one the user understands; None when it is none of theirs.

    >>> as_machine_error(OSError(errno.ENOSPC, "No space left on device", "/runs/a")).exit_code
    3
    """
    where = str(error.filename or "")
    if error.errno in _FULL:
        return MachineError(
            "no space is left on the disk",
            where=where,
            remedy="Free some space, or write elsewhere with --out; HEADSTART_HOME moves the cache.",
        )
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return OutputError(
            "this is read-only, or belongs to another user",
            where=where,
            remedy="Change its permissions, or write elsewhere (--out: results, HEADSTART_HOME: cache).",
        )
    return None
