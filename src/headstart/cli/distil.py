"""``headstart distil MODEL DATA --out DIR``."""

from __future__ import annotations

from typing import Annotated

import typer

from headstart.cli import options

app = options.app()

Examples = Annotated[
    str,
    typer.Argument(metavar="DATA", help="examples for it to learn on, some hundreds; labels are not needed"),
]
Folder = Annotated[str, typer.Option("--out", metavar="DIR", help="the new model folder", show_default=False)]
Member = Annotated[
    str | None,
    typer.Option(
        "--source", metavar="ID", help="the member to keep (default: the heaviest)", show_default=False
    ),
]


@app.command(epilog="Example: headstart distil runs/photos more-photos/ --out fast-model")
def distil(
    model: options.Model,
    data: Examples,
    out: Folder,
    source: Member = None,
    label: options.Label = None,
    text: options.Text = None,
    image: options.Image = None,
    normalize_labels: options.NormalizeLabels = None,
    seed: options.Seed = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Make one network of a combination answer like the whole: the combination teaches it on DATA.

    Labels in DATA are not learned from; they only score both models.

    A model of one network, or of a control alone, is refused with exit code 2.
    """
    from headstart.cli.output import document, show_distillation
    from headstart.cli.progress import watching
    from headstart.recipes.distil import distil as distil_model

    with watching(quiet=quiet) as watch:
        made = distil_model(
            model,
            data,
            out=out,
            source=source,
            label=label,
            text=text,
            image=image,
            normalize_labels=bool(normalize_labels),
            seed=seed or 0,
            watch=watch,
        )
    if as_json:
        document(made)
    else:
        show_distillation(made)
