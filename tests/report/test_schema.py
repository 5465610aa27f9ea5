"""The committed JSON Schema of the record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headstart.report.schema import RECORDS, schema

DOCS = Path(__file__).parents[2] / "docs"
COMMITTED = DOCS / "run.schema.json"


@pytest.mark.parametrize("name", RECORDS)
def test_the_committed_schema_is_up_to_date(name):
    fresh = json.loads(schema(RECORDS[name]))
    assert json.loads((DOCS / name).read_text()) == fresh, "run `python -m headstart.report.schema`"


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
