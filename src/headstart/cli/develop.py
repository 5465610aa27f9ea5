"""``headstart develop DATA [DATA …] --name NAME``."""

from __future__ import annotations

from typing import Annotated

import typer

from headstart.cli import options

app = options.app()

Examples = Annotated[
    list[str],
    typer.Argument(
        metavar="DATA...", help="plenty of examples of a related task; several: --target picks one of them"
    ),
]
Name = Annotated[
    str | None,
    typer.Option("--name", metavar="NAME", help="the store keeps the model under it", show_default=False),
]
Target = Annotated[
    str | None,
    typer.Option(
        "--target", metavar="DATA", help="the few labelled examples that matter", show_default=False
    ),
]
Parent = Annotated[
    list[str] | None,
    typer.Option(
        "--parent",
        metavar="ID",
        help="continue this source; 'scratch': begin from nothing (repeatable; default: both are tried)",
        show_default=False,
    ),
]
Unlabelled = Annotated[
    bool | None, typer.Option("--unlabelled", help="DATA has no labels, or they are not to be looked at")
]
Store = Annotated[
    str | None,
    typer.Option(
        "--store", metavar="DIR", help="another store than HEADSTART_HOME/store", show_default=False
    ),
]


@app.command(epilog="Example: headstart develop cars/ --name cars --time-limit 600")
def develop(
    data: Examples,
    name: Name = None,
    target: Target = None,
    label: options.Label = None,
    text: options.Text = None,
    image: options.Image = None,
    unlabelled: Unlabelled = None,
    groups: options.Groups = None,
    normalize_labels: options.NormalizeLabels = None,
    kind: options.Kind = None,
    metric: options.Metric = None,
    parent: Parent = None,
    exclude: options.Exclude = None,
    licence: options.Licence = None,
    spec: options.Spec = None,
    preset: options.Preset = None,
    time_limit: options.TimeLimit = None,
    threads: options.Threads = None,
    memory: options.Memory = None,
    device: options.Device = None,
    seed: options.Seed = None,
    store: Store = None,
    out: options.Out = None,
    resume: options.Resume = None,
    dry_run: options.DryRun = None,
    offline: options.Offline = None,
    private: options.Private = None,
    config: options.Config = None,
    assignments: options.Set = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Develop a source model on a task with plenty of data, and keep it in the store for tasks with little.

    From then on `headstart fit` can start from it: --source store:NAME. What it would begin with, and what
    that would cost, is told beforehand by: headstart develop cars/ --name cars --dry-run
    """
    given = locals()

    from headstart.recipes.develop_settings import DevelopSettings

    settings = options.read(DevelopSettings, given)

    if settings.dry_run:
        from headstart.cli.output import document
        from headstart.recipes.develop_plan import plan
        from headstart.recipes.develop_plan_words import in_words

        planned = plan(settings)
        document(planned) if as_json else print(in_words(planned, settings.time_limit_s))
        return

    from headstart.cli.development import show
    from headstart.cli.output import document
    from headstart.cli.progress import watching
    from headstart.recipes.develop import develop as develop_source

    with watching(quiet=quiet, time_limit_s=settings.time_limit_s) as watch:
        made = develop_source(settings, watch)
    document(made.record) if as_json else show(made.record, made.folder)
