"""Write what a development leaves for people and tools, and read its record."""

from __future__ import annotations

from pathlib import Path

from headstart.core.development import SCHEMA_VERSION, DevelopRecord
from headstart.report.development_page import html
from headstart.report.record import read_record, to_json
from headstart.report.whole_file import write_text

DEVELOPMENT_NAME = "develop.json"


def write_development(folder: Path, record: DevelopRecord, *, private: bool = False) -> None:
    """Write `report.html` and then `develop.json`, each whole or not at all.

    `private` keeps names of examples off the page. Raises `MachineError` or `OutputError`.
    """
    write_text(folder / "report.html", html(record, private=private))
    write_text(folder / DEVELOPMENT_NAME, to_json(record))


def read_development(path: str | Path) -> DevelopRecord:
    """The record in a development's folder. Raises `OutputError` where there is none that can be read."""
    return read_record(
        Path(path),
        DevelopRecord,
        DEVELOPMENT_NAME,
        verb="develop",
        noun="development",
        version=SCHEMA_VERSION,
    )
