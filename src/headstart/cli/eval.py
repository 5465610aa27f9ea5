"""``headstart eval MODEL DATA``."""

from __future__ import annotations

from headstart.cli import options

app = options.app()


@app.command(epilog="Example: headstart eval runs/photos fresh-photos/")
def evaluate(
    model: options.Model,
    data: options.Data,
    label: options.Label = None,
    text: options.Text = None,
    image: options.Image = None,
    normalize_labels: options.NormalizeLabels = None,
    metric: options.Metric = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Score a model on labelled data that nobody has used yet."""
    settings = options.settings({k: v for k, v in locals().items() if k != "model"})

    from headstart.cli.output import document, show_evaluation
    from headstart.cli.progress import watching
    from headstart.recipes.evaluate import evaluate as evaluate_model

    with watching(quiet=quiet) as watch:
        result = evaluate_model(model, settings, watch)
    if as_json:
        document(result)
    else:
        show_evaluation(result)
