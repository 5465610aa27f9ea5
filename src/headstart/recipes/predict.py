"""Predict with a model: one row an example."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from headstart.core.errors import MachineError, OptionError
from headstart.core.kinds import Kind, Severity
from headstart.core.watch import Silent, Watch
from headstart.data import inspect_inputs
from headstart.serve import AdaptedModel

if TYPE_CHECKING:
    import pandas as pd

PLACES_TOLD = 5  # of what was left out
WRITERS = {".csv": "to_csv", ".jsonl": "to_json", ".parquet": "to_parquet"}


def predict(
    model: str,
    data: str,
    *,
    out: str | None = None,
    text: str | None = None,
    image: str | None = None,
    watch: Watch | None = None,
) -> pd.DataFrame:
    """``id, prediction, p_<class>…`` (regression: ``low, high``) and ``unfamiliar`` for every example.

    Raises:
        OptionError: `out` has another ending than .csv, .jsonl, .parquet.
        DataError, OutputError: data or model cannot be read.
    """
    if out is not None and Path(out).suffix not in WRITERS:
        raise OptionError(
            f"--out {out} has no known ending", expected=", ".join(WRITERS), remedy="For example --out p.csv"
        )
    watch = watch or Silent()
    fitted = AdaptedModel.load(model)
    columns = fitted.signature.columns
    inputs, found = inspect_inputs(
        data, fitted.signature.modality, text=text or columns.get("text"), image=image or columns.get("image")
    )
    for one in found:
        if one.severity is not Severity.INFO:  # left out: rows of the answer are no longer those of the data
            watch.say(f"{one.title}: {one.detail} {one.applied} {', '.join(one.where[:PLACES_TOLD])}".strip())
    watch.stage("predicting", len(inputs))
    predictions = table(fitted, inputs)
    if out is not None:
        write(predictions, Path(out))
    return predictions


def table(fitted: AdaptedModel, inputs: object) -> pd.DataFrame:
    """The predictions as a table."""
    import pandas as pd

    run = fitted.run(fitted.inputs(inputs))
    rows: dict[str, object] = {"id": list(fitted.inputs(inputs).ids), "prediction": fitted.decide(run.values)}
    if fitted.signature.kind is Kind.CLASSIFICATION:
        rows |= {f"p_{name}": run.values[:, column] for column, name in enumerate(fitted.classes)}
    else:
        low, high = fitted.signature.residuals
        rows |= {"low": run.values[:, 0] + low, "high": run.values[:, 0] + high}
    return pd.DataFrame(rows | {"unfamiliar": run.unfamiliar})


def write(found: pd.DataFrame, out: Path) -> None:
    """Write the table, whole or not at all."""
    part = out.with_name(f".{out.name}.part")
    try:
        if out.suffix == ".csv":
            found.to_csv(part, index=False)
        elif out.suffix == ".jsonl":
            found.to_json(part, orient="records", lines=True)
        else:
            found.to_parquet(part, index=False)
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise MachineError(
            f"cannot be written ({error.strerror})", where=str(out), remedy="Name another file with --out."
        ) from error
