"""``headstart fit DATA``."""

from __future__ import annotations

from headstart.cli import options

app = options.app()


@app.command(epilog="Example: headstart fit photos/ --time-limit 120 --seed 0 --out runs/photos")
def fit(
    data: options.Data,
    label: options.Label = None,
    text: options.Text = None,
    image: options.Image = None,
    test: options.Test = None,
    unlabelled: options.Unlabelled = None,
    groups: options.Groups = None,
    normalize_labels: options.NormalizeLabels = None,
    source_data: options.SourceData = None,
    kind: options.Kind = None,
    metric: options.Metric = None,
    source: options.Sources = None,
    exclude: options.Exclude = None,
    licence: options.Licence = None,
    spec: options.Spec = None,
    keep: options.Keep = None,
    keep_at_least: options.KeepAtLeast = None,
    like: options.Like = None,
    preset: options.Preset = None,
    time_limit: options.TimeLimit = None,
    threads: options.Threads = None,
    max_networks: options.MaxNetworks = None,
    memory: options.Memory = None,
    device: options.Device = None,
    seed: options.Seed = None,
    store: options.Store = None,
    remember: options.Remember = None,
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
    """Decide what, when and how to transfer to your data, and hand back the tuned model with a report."""
    settings = options.settings(locals())

    from headstart.cli.output import document, show_run
    from headstart.cli.progress import watching
    from headstart.recipes.transfer import transfer

    if settings.dry_run:
        from headstart.recipes.dry_run import dry_run as plan
        from headstart.recipes.dry_run import in_words

        with watching(quiet=True) as watch:
            planned = plan(settings, watch)
        document(planned) if as_json else print(in_words(planned))
        return
    with watching(quiet=quiet, time_limit_s=settings.time_limit_s) as watch:
        run = transfer(settings, watch)
    if as_json:
        document(run.record)
    else:
        show_run(run.record, run.folder)
