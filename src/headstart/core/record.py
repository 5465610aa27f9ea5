"""The base of everything that is written as JSON and read back."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A part of a record: frozen, and strict about unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid")
