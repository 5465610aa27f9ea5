"""`run.json`: the record as JSON, and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from headstart.core.errors import OutputError
from headstart.core.run import SCHEMA_VERSION, RunRecord

RECORD_NAME = "run.json"
M = TypeVar("M", bound=BaseModel)


def to_json(run: BaseModel) -> str:
    """Strict JSON, two spaces deep, UTF-8; a number that is not finite is written as null."""
    return run.model_dump_json(indent=2) + "\n"


def read_run(path: str | Path) -> RunRecord:
    """The record in a run's folder (or in the `run.json` itself).

    Raises `OutputError` where there is none, or where it is not one that this version can read.
    """
    return read_record(Path(path), RunRecord, RECORD_NAME, verb="fit", noun="run", version=SCHEMA_VERSION)


def read_record(path: Path, model: type[M], name: str, *, verb: str, noun: str, version: int) -> M:
    """The record `name` in the folder at `path` (or the file itself), as `headstart VERB` wrote it."""
    file = path / name if path.is_dir() else path
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise OutputError(
            f"no {noun} here",
            where=str(path),
            expected=f"a folder that `headstart {verb}` wrote",
            remedy="Check the path.",
        ) from error
    except ValueError as error:
        raise OutputError(
            f"not valid JSON ({error})", where=str(file), remedy=f"Run `headstart {verb}` again."
        ) from error
    try:
        return model.model_validate(content)
    except ValidationError as error:
        if _nulls_to_nan(content, error):
            return model.model_validate(content)
        raise OutputError(
            f"{error.error_count()} fields are not as expected, the first at "
            f"{'.'.join(map(str, error.errors()[0]['loc']))}: {error.errors()[0]['msg']}",
            where=str(file),
            expected=f"schema_version {version} of the {noun} record",
            remedy=f"Read it with the headstart that wrote it (lineage.code_version), or run `{verb}` again.",
        ) from error


def _nulls_to_nan(content: Any, error: ValidationError) -> bool:
    """Put NaN back where `to_json` had to write null; False if anything else is wrong."""
    for problem in error.errors():
        if problem["type"] != "float_type" or problem["input"] is not None:
            return False
        *path, last = problem["loc"]
        place = content
        for step in path:
            place = place[step]
        place[last] = float("nan")
    return True
