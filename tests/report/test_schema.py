"""The committed JSON Schema of the record."""

from __future__ import annotations

import json
from pathlib import Path

from headstart.report.schema import schema

COMMITTED = Path(__file__).parents[2] / "docs" / "run.schema.json"


def test_the_committed_schema_is_up_to_date():
    fresh = json.loads(schema())
    assert json.loads(COMMITTED.read_text()) == fresh, (
        "python -m headstart.report.schema > docs/run.schema.json"
    )


def test_the_fields_that_others_rely_on_are_in_it():
    properties = json.loads(COMMITTED.read_text())["properties"]
    promised = [
        "task",
        "findings",
        "ranking",
        "candidates",
        "controls",
        "verdict",
        "chosen",
        "cost",
        "lineage",
        "stopped",
    ]
    assert next(iter(properties)) == "schema_version"
    assert set(promised) <= set(properties)
