"""``headstart demo``."""

from __future__ import annotations

from typing import Annotated

import typer

from headstart.cli import options

app = options.app()

Name = Annotated[str, typer.Argument(metavar="[images|text]", help="which one")]


@app.command(epilog="Example: headstart demo text")
def demo(
    name: Name = "images",
    out: options.Out = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Do the main job on real data that an installable package ships."""
    from headstart.cli.output import document, show_run
    from headstart.cli.progress import watching
    from headstart.recipes.demo import demo as run_demo

    with watching(quiet=quiet) as watch:
        run = run_demo(name, watch, out=out)
    if as_json:
        document(run.record)
    else:
        show_run(run.record, run.folder)
