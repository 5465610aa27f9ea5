"""A registry: a new entry is one new file and one registration; nothing central changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from headstart.core.errors import OptionError

T = TypeVar("T")


class Registry(Generic[T]):
    """Named entries of one kind, in the order of their names.

    >>> colours: Registry[int] = Registry("colour")
    >>> colours.add("red", 1), colours["red"], list(colours)
    (1, 1, ['red'])
    """

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._entries: dict[str, T] = {}

    def add(self, name: str, entry: T) -> T:
        """Register `entry`; a name is given once."""
        if name in self._entries:
            raise ValueError(f"{self.noun} {name!r} is registered twice")
        self._entries[name] = entry
        return entry

    def register(self, name: str) -> Callable[[T], T]:
        """Decorator form of `add`."""
        return lambda entry: self.add(name, entry)

    def __getitem__(self, name: str) -> T:
        if name not in self._entries:
            known = ", ".join(sorted(self._entries))
            raise OptionError(f"unknown {self.noun} {name!r}", expected=f"one of {known}")
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._entries))

    def __len__(self) -> int:
        return len(self._entries)
