"""``headstart predict MODEL DATA``."""

from __future__ import annotations

from typing import Annotated

import typer

from headstart.cli import options

app = options.app()

New = Annotated[
    str,
    typer.Argument(metavar="DATA", help="examples to predict: a folder, or a table; labels are not needed"),
]
File = Annotated[str | None, typer.Option("--out", metavar="FILE", help=".csv, .jsonl or .parquet")]


@app.command(epilog="Example: headstart predict runs/photos new-photos/ --out predictions.csv")
def predict(
    model: options.Model,
    data: New,
    out: File = None,
    text: options.Text = None,
    image: options.Image = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Predict: one row per example with its class or value, probabilities, and how unfamiliar it is."""
    import sys

    from headstart.cli.output import document
    from headstart.cli.progress import watching
    from headstart.recipes.predict import predict as predict_examples

    with watching(quiet=quiet) as watch:
        table = predict_examples(model, data, out=out, text=text, image=image, watch=watch)
    if as_json:
        document(table.to_dict(orient="records"))
    elif out is None:
        table.to_csv(sys.stdout, index=False)
