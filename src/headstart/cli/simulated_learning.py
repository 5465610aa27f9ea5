"""``headstart sim develop``, ``fit`` and ``eval``: policies made, brought elsewhere, and scored."""

from __future__ import annotations

from typing import Annotated

import typer

from headstart.cli import options

ENVIRONMENT = "a Gymnasium id, with ?name=value for parameters; or pair:NAME/source, pair:NAME/target"
Environment = Annotated[str, typer.Argument(metavar="ENV", help=ENVIRONMENT)]
Name = Annotated[str, typer.Option("--name", metavar="NAME", help="the store keeps the policy under it")]
Policy = Annotated[str, typer.Argument(metavar="POLICY", help="store:NAME, a model/ folder, a .zip of SB3")]
Source = Annotated[
    str,
    typer.Option("--source", metavar="ID", help="what to begin from: store:NAME or a model/ folder"),
]
Steps = Annotated[
    int | None,
    typer.Option("--steps", metavar="N", help="of each learner (20000)", show_default=False),
]
Home = Annotated[
    str | None,
    typer.Option(
        "--source-environment", metavar="ENV", help="where a .zip was trained (ENV)", show_default=False
    ),
]
TargetSteps = Annotated[
    int,
    typer.Option(
        "--target-steps", metavar="N", help="that each learner may learn from in ENV, the dear resource"
    ),
]
TotalSteps = Annotated[
    int | None,
    typer.Option(
        "--total-steps",
        metavar="N",
        help="that the whole run may take from ENV, every look counted",
        show_default=False,
    ),
]
Seeds = Annotated[
    int | None,
    typer.Option("--seeds", metavar="N", help="learners of each kind (5)", show_default=False),
]
Strategies = Annotated[
    list[str] | None,
    typer.Option("--strategy", metavar="NAME", help="only this way (repeatable)", show_default=False),
]
Margin = Annotated[
    float | None,
    typer.Option("--margin", help="share of the return that may be lost (default: 0.05)", show_default=False),
]
MostViolations = Annotated[
    float | None,
    typer.Option(
        "--most-violations", metavar="N", help="stop a learner that broke so many limits", show_default=False
    ),
]
Films = Annotated[bool | None, typer.Option("--films/--no-films", help="small films in the report")]
Episodes = Annotated[int, typer.Option("--episodes", metavar="N", min=1, help="to score on")]


def develop(
    environment: Environment,
    name: Name,
    steps: Steps = None,
    seeds: Seeds = None,
    time_limit: options.TimeLimit = None,
    threads: options.Threads = None,
    seed: options.Seed = None,
    store: options.Store = None,
    out: options.Out = None,
    resume: options.Resume = None,
    config: options.Config = None,
    assignments: options.Set = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Develop a policy where learning is cheap, and keep it in the store."""
    given = locals()

    from headstart.recipes.sim_settings import SimDevelopSettings

    settings = options.read(SimDevelopSettings, given)

    from headstart.cli import simulated
    from headstart.cli.output import document
    from headstart.cli.progress import watching
    from headstart.recipes.sim_develop import sim_develop

    with watching(quiet=quiet, time_limit_s=settings.time_limit_s) as watch:
        made = sim_develop(settings, watch)
    document(made.record) if as_json else simulated.show_development(made.record, made.folder)


def fit(
    environment: Environment,
    source: Source,
    target_steps: TargetSteps,
    total_steps: TotalSteps = None,
    source_environment: Home = None,
    strategy: Strategies = None,
    margin: Margin = None,
    most_violations: MostViolations = None,
    films: Films = None,
    seeds: Seeds = None,
    time_limit: options.TimeLimit = None,
    threads: options.Threads = None,
    seed: options.Seed = None,
    store: options.Store = None,
    out: options.Out = None,
    resume: options.Resume = None,
    config: options.Config = None,
    assignments: options.Set = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Bring a policy to another environment: whether, how, and a policy that is never much worse for it."""
    given = locals()

    from headstart.recipes.sim_settings import SimFitSettings

    settings = options.read(SimFitSettings, given)

    from headstart.cli import simulated
    from headstart.cli.output import document
    from headstart.cli.progress import watching
    from headstart.recipes.sim_fit import sim_fit

    with watching(quiet=quiet, time_limit_s=settings.time_limit_s) as watch:
        run = sim_fit(settings, watch)
    document(run.record) if as_json else simulated.show_run(run.record, run.folder)


def evaluate(
    policy: Policy,
    environment: Environment,
    episodes: Episodes = 20,
    seed: options.Seed = None,
    store: options.Store = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Score a policy: the interquartile mean of its returns on episodes that nobody used."""
    from headstart.cli import simulated
    from headstart.cli.output import document
    from headstart.cli.progress import watching
    from headstart.recipes.sim_eval import sim_eval

    with watching(quiet=quiet) as watch:
        found = sim_eval(policy, environment, watch, episodes=episodes, seed=seed or 0, store=store)
    document(found) if as_json else simulated.show_evaluation(found)
