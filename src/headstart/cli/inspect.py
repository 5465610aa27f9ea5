"""``headstart inspect DATA``."""

from __future__ import annotations

from headstart.cli import options

app = options.app()


@app.command(epilog="Example: headstart inspect reviews.csv --label sentiment --text review")
def inspect(
    data: options.Data,
    label: options.Label = None,
    text: options.Text = None,
    image: options.Image = None,
    test: options.Test = None,
    groups: options.Groups = None,
    normalize_labels: options.NormalizeLabels = None,
    kind: options.Kind = None,
    source: options.Sources = None,
    seed: options.Seed = None,
    offline: options.Offline = None,
    config: options.Config = None,
    assignments: options.Set = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Check the data: what is wrong with it, where, and what to do."""
    settings = options.settings(locals())

    from headstart.cli.output import document, show_findings
    from headstart.cli.progress import watching
    from headstart.recipes.inspect import inspect_data

    with watching(quiet=quiet) as watch:
        inspected = inspect_data(settings, watch)
    if as_json:
        document(inspected)
    else:
        show_findings(inspected.findings)
