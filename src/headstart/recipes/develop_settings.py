"""Every option of `develop`, checked in one place like those of `fit`."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, field_validator

from headstart.develop.start import SCRATCH
from headstart.recipes.settings import FitSettings, JobSettings, Names, Text

SHARED = tuple(JobSettings.model_fields)


class DevelopSettings(JobSettings):
    """What `develop` may be told; the names are those of the flags, with ``_`` for ``-``.

    >>> DevelopSettings.read({"data": "cars", "name": "cars", "parent": "scratch"}).parents
    ()
    """

    not_yet: ClassVar[tuple[str, ...]] = ()

    data: Names = Field(min_length=1)
    name: str
    target: Text | None = None
    unlabelled: bool = False
    parent: Names = ()

    @field_validator("data")
    @classmethod
    def _there(cls, data: tuple[str, ...]) -> tuple[str, ...]:
        if not all(one.strip() for one in data):
            raise ValueError("folders or files of examples")
        return data

    @property
    def parents(self) -> tuple[str, ...]:
        """The parents that were named; without any all at hand are looked at, see `may_look`."""
        return tuple(name for name in dict.fromkeys(self.parent) if name != SCRATCH)

    @property
    def may_look(self) -> bool:
        """Whether the sources at hand are to be looked at for a parent."""
        return not self.parent

    @property
    def may_begin_from_nothing(self) -> bool:
        """Whether a network that knows nothing is among the ways to begin."""
        return not self.parent or SCRATCH in self.parent

    def reading(self, data: str) -> FitSettings:
        """The same options for what `fit` does too: opening one data set, bringing sources, looking."""
        shared = {name: getattr(self, name) for name in SHARED}
        return FitSettings.model_validate({**shared, "data": data, "source": self.parents})
