"""``headstart explain RUN``."""

from __future__ import annotations

from typing import Annotated

import typer

from headstart.cli import options

app = options.app()

Run = Annotated[str, typer.Argument(metavar="RUN", help="a run's folder")]


@app.command(epilog="Example: headstart explain runs/photos")
def explain(run: Run, as_json: options.Json = False) -> None:
    """Tell why: the evidence behind what, when and how, in words and numbers."""
    from headstart.cli.output import document
    from headstart.recipes.explain import explain as explain_run

    explanation = explain_run(run)
    if as_json:
        document(explanation)
    else:
        print(explanation.text)
