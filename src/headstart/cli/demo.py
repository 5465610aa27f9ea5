"""``headstart demo``."""

from __future__ import annotations

from typing import Annotated

import typer

from headstart.cli import options

app = options.app()

Name = Annotated[str, typer.Argument(metavar="[images|text|develop|control]", help="which one")]


@app.command(epilog="Example: headstart demo text")
def demo(
    name: Name = "images",
    out: options.Out = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Do the main job, or develop and reuse, on real data that a package ships; or move a robot's policy."""
    if name == "develop":
        _develop(out, as_json=as_json, quiet=quiet)
        return
    if name == "control":
        _control(out, as_json=as_json, quiet=quiet)
        return
    from headstart.cli.output import document, show_run
    from headstart.cli.progress import watching
    from headstart.recipes.demo import demo as run_demo

    with watching(quiet=quiet) as watch:
        run = run_demo(name, watch, out=out)
    if as_json:
        document(run.record)
    else:
        show_run(run.record, run.folder)


def _develop(out: str | None, *, as_json: bool, quiet: bool) -> None:
    from headstart.cli.development import show
    from headstart.cli.output import document, show_run
    from headstart.cli.progress import watching
    from headstart.recipes.demo_develop import demo_develop

    with watching(quiet=quiet) as watch:
        made = demo_develop(watch, out=out)
    if as_json:
        document({"develop": made.development.record, "near": made.near.record, "far": made.far.record})
        return
    print("Developed on polycrystalline solar cells")
    show(made.development.record, made.development.folder)
    for title, run in (("monocrystalline cells", made.near), ("handwritten digits", made.far)):
        print(f"\n{'Near' if run is made.near else 'Far'}: {title}")
        show_run(run.record, run.folder)


def _control(out: str | None, *, as_json: bool, quiet: bool) -> None:
    from headstart.cli import simulated
    from headstart.cli.output import document
    from headstart.cli.progress import watching
    from headstart.recipes.demo_control import demo_control

    with watching(quiet=quiet) as watch:
        made = demo_control(watch, out=out)
    if as_json:
        document({"develop": made.development.record, "fit": made.run.record})
        return
    simulated.show_development(made.development.record, made.development.folder)
    print()
    simulated.show_run(made.run.record, made.run.folder)
