"""The JSON Schemas of the records: `python -m headstart.report.schema` writes them below docs/."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel

from headstart.core.development import DevelopRecord
from headstart.core.policy_development import PolicyDevelopment
from headstart.core.run import RunRecord

RECORDS: dict[str, type[BaseModel]] = {
    "run.schema.json": RunRecord,
    "develop.schema.json": DevelopRecord,
    "sim-develop.schema.json": PolicyDevelopment,
}


def schema(record: type[BaseModel] = RunRecord) -> str:
    """The schema of a record as committed in docs/."""
    return json.dumps(record.model_json_schema(mode="serialization"), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name, record in RECORDS.items():
        Path("docs", name).write_text(schema(record), encoding="utf-8")
