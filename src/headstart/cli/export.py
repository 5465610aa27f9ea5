"""``headstart export MODEL``."""

from __future__ import annotations

from typing import Annotated

import typer

from headstart.cli import options

app = options.app()

Form = Annotated[str, typer.Option("--to", metavar="onnx|safetensors|hub", help="which form to write")]
Folder = Annotated[str | None, typer.Option("--out", metavar="DIR", help="where to (default: beside MODEL)")]


@app.command(epilog="Example: headstart export runs/photos --to onnx --out exported/")
def export(model: options.Model, to: Form, out: Folder = None, as_json: options.Json = False) -> None:
    """Write a model in a form that other programs load; ONNX is checked against the original."""
    from headstart.cli.output import document
    from headstart.recipes.export import export as export_model

    exported = export_model(model, to, out)
    if as_json:
        document(exported)
    else:
        print(exported)
