"""The JSON Schema of `run.json`: `python -m headstart.report.schema > docs/run.schema.json`."""

from __future__ import annotations

import json

from headstart.core.run import RunRecord


def schema() -> str:
    """The schema of the record as committed in docs/run.schema.json."""
    return json.dumps(RunRecord.model_json_schema(mode="serialization"), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(schema(), end="")
