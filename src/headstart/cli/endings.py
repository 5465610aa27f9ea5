"""How a command ends: one place where errors become messages and exit codes.

0 done (also: stopped with a valid best so far) · 2 the user's input or options · 3 the environment ·
4 stopped before any valid model existed · 70 our own fault, with a bug-report file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from headstart.core.errors import HeadstartError, NothingYet

RESUMABLE = ("fit", "develop")


def exit_code(command: Callable[[], None], *, verb: str, options: Sequence[str]) -> int:
    """Run `command`; whatever happens, say it in one message on stderr and give its exit code."""
    from typer import Exit, TyperException

    try:
        command()
        sys.stdout.flush()
    except HeadstartError as error:
        if error.exit_code == HeadstartError.exit_code:
            return _our_fault(error, verb, options)
        return _say(str(error), error.exit_code)
    except TyperException as error:
        return _say(f"{error.format_message()}\n  'headstart {verb} --help' lists the options.", 2)
    except KeyboardInterrupt:
        said = "stopped before there was a result."
        if verb in RESUMABLE:
            said += "\n  --resume with the run's folder as --out continues it."
        return _say(said, NothingYet.exit_code)
    except BrokenPipeError:
        # The reader of our output has seen enough; Python must not complain about it at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exit as end:
        return end.exit_code
    except OSError as error:
        from headstart.cli.machine import as_machine_error

        known = as_machine_error(error)
        return _say(str(known), known.exit_code) if known else _our_fault(error, verb, options)
    except MemoryError:
        return _say(
            "the memory of this machine was not enough.\n  Try --preset fast, or close other programs.", 3
        )
    except Exception as error:
        return _our_fault(error, verb, options)
    return 0


def _say(message: str, code: int) -> int:
    print(f"headstart: {message}", file=sys.stderr)
    return code


def _our_fault(error: Exception, verb: str, options: Sequence[str]) -> int:
    from headstart.cli.bug_report import write

    path = write(error, verb, options)
    where = f"A report (without your data) lies in {path}" if path else "No report could be written"
    return _say(
        f"this is our fault, not yours: {type(error).__name__}: {error}\n  {where}; please send it to us.", 70
    )
