"""Every error the user can meet, as one tree.

    HeadstartError            our own fault                         exit 70
    ├── InputError            the user's data or options            exit 2
    │   ├── DataError           a file, a row, a label
    │   ├── OptionError         a flag, a key of --config
    │   ├── SourceError         a source id, damaged or unsafe weights
    │   ├── OutputError         the output folder, a model folder
    │   ├── SimulationError     an environment, a policy's spaces
    │   └── StoreError          the knowledge store, an object in it
    ├── MachineError          no space, no network, missing extra   exit 3
    └── NothingYet            stopped before any valid model        exit 4

A message says four things: what was expected, what was found, where, and what to do next.
"""

from __future__ import annotations

from typing import ClassVar


class HeadstartError(Exception):
    """Base of all errors raised on purpose; on its own it means that headstart is at fault.

    >>> print(DataError("1 class", where="photos/", expected="at least 2", remedy="Add a folder per class."))
    photos/: 1 class (expected: at least 2).
      Add a folder per class.
    """

    exit_code: ClassVar[int] = 70

    def __init__(self, found: str, *, where: str = "", expected: str = "", remedy: str = "") -> None:
        self.found, self.where, self.expected, self.remedy = found, where, expected, remedy
        super().__init__(found)

    def __str__(self) -> str:
        line = f"{self.where}: {self.found}" if self.where else self.found
        if self.expected:
            line += f" (expected: {self.expected})"
        line = line if line.endswith((".", "!", "?")) else line + "."
        return f"{line}\n  {self.remedy}" if self.remedy else line


class InputError(HeadstartError):
    """Something the user gave cannot be used."""

    exit_code = 2


class DataError(InputError):
    """A data set, a file or a row cannot be used."""


class OptionError(InputError):
    """An option or a key of a configuration file cannot be used."""


class SourceError(InputError):
    """A source id is unknown, or its weights are damaged, unsafe or of another shape."""


class OutputError(InputError):
    """A folder to write to, or a model folder to read, cannot be used."""


class SimulationError(InputError):
    """An environment is unknown or unsound, or its spaces do not fit a policy."""


class StoreError(InputError):
    """The knowledge store or an object in it cannot be used: damaged, unknown, of a newer version."""


class MachineError(HeadstartError):
    """The machine lacks something: space, network, permission, an optional package."""

    exit_code = 3


class NothingYet(HeadstartError):
    """Stopped by the budget or by Ctrl-C before any valid model existed."""

    exit_code = 4
