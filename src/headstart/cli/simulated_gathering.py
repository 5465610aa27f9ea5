"""``headstart sim record``, ``clone`` and ``play``: gather, learn from it, try it yourself."""

from __future__ import annotations

from typing import Annotated

import typer

from headstart.cli import options
from headstart.cli.simulated_learning import Environment
from headstart.cli.simulated_learning import Name as PolicyName

Who = Annotated[
    str,
    typer.Argument(
        metavar="POLICY|scripted|random",
        help="who acts: store:NAME or a model/ folder; a rule by hand or --script; chance",
    ),
]
Recording = Annotated[
    str, typer.Argument(metavar="TRAJECTORIES", help="store:NAME, or a file of `sim record`")
]
Count = Annotated[int, typer.Option("--episodes", metavar="N", min=1, help="to record")]
MostSteps = Annotated[
    int, typer.Option("--most-steps", metavar="N", min=1, max=10_000, help="an episode is cut after so many")
]
Script = Annotated[
    str | None,
    typer.Option(
        "--script", metavar="FILE", help="actions step by step, in a .csv or .json file", show_default=False
    ),
]
Name = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="the store keeps it under it", show_default=False)
]
OutFile = Annotated[
    str | None, typer.Option("--out", metavar="FILE", help="a .parquet file instead", show_default=False)
]
TriedIn = Annotated[
    str | None,
    typer.Option("--env", metavar="ENV", help="let it act there, and compare returns", show_default=False),
]
Tried = Annotated[int, typer.Option("--episodes", metavar="N", min=1, help="to act there")]
Acting = Annotated[
    str | None,
    typer.Option(
        "--policy", metavar="POLICY|scripted|random", help="watch it, instead of playing", show_default=False
    ),
]
FilmFile = Annotated[
    str | None,
    typer.Option("--film", metavar="FILE", help="write what is seen as .gif (or .mp4)", show_default=False),
]
RecordFile = Annotated[
    str | None,
    typer.Option("--record", metavar="FILE", help="keep every step in a .parquet file", show_default=False),
]


def record(
    who: Who,
    environment: Environment,
    episodes: Count = 10,
    name: Name = None,
    out: OutFile = None,
    script: Script = None,
    most_steps: MostSteps = 10_000,
    seed: options.Seed = None,
    store: options.Store = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Record what a policy, a script or chance does: observations, actions, rewards, broken safety limits."""
    from headstart.cli import simulated_gathered
    from headstart.cli.output import document
    from headstart.cli.progress import watching
    from headstart.recipes.sim_record import sim_record

    with watching(quiet=quiet) as watch:
        made = sim_record(
            who,
            environment,
            watch,
            episodes=episodes,
            most_steps=most_steps,
            script=script,
            name=name,
            out=out,
            seed=seed or 0,
            store=store,
        )
    document(made) if as_json else simulated_gathered.show_recording(made)


def clone(
    demonstrations: Recording,
    name: PolicyName,
    environment: TriedIn = None,
    episodes: Tried = 20,
    seed: options.Seed = None,
    store: options.Store = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Learn a policy from demonstrations (behaviour cloning), and keep it in the store."""
    from headstart.cli import simulated_gathered
    from headstart.cli.output import document
    from headstart.cli.progress import watching
    from headstart.recipes.sim_clone import sim_clone

    with watching(quiet=quiet) as watch:
        made = sim_clone(
            demonstrations,
            watch,
            name=name,
            environment=environment,
            episodes=episodes,
            seed=seed or 0,
            store=store,
        )
    document(made) if as_json else simulated_gathered.show_clone(made)


def play(
    environment: Environment,
    policy: Acting = None,
    script: Script = None,
    film: FilmFile = None,
    record: RecordFile = None,
    most_steps: MostSteps = 10_000,
    seed: options.Seed = None,
    store: options.Store = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Try a scenario yourself, with the keyboard in a window, or by a script; or watch a policy in it."""
    from headstart.cli import simulated_gathered
    from headstart.cli.output import document
    from headstart.cli.progress import watching
    from headstart.recipes.sim_play import sim_play

    with watching(quiet=quiet) as watch:
        made = sim_play(
            environment,
            watch,
            policy=policy,
            script=script,
            film=film,
            record=record,
            most_steps=most_steps,
            seed=seed or 0,
            store=store,
        )
    document(made) if as_json else simulated_gathered.show_play(made)
