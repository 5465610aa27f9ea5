"""``headstart sim``: robots, driving and games; environments in, policies out."""

from __future__ import annotations

from typing import Annotated

import typer

from headstart.cli import options, simulated_gathering, simulated_learning

app = options.app(
    name="sim",
    help="Train where it is cheap, transfer where it is dear: environments in, policies out.",
    epilog="Example: headstart sim inspect pair:pendulum-heavy/source pair:pendulum-heavy/target",
)

ENVIRONMENT = "a Gymnasium id, with ?name=value for parameters; or pair:NAME/source, pair:NAME/target"
Environment = Annotated[str, typer.Argument(metavar="ENV", help=ENVIRONMENT)]
Other = Annotated[
    str | None, typer.Argument(metavar="[ENV]", help="where a policy is to go", show_default=False)
]


@app.callback()
def group() -> None:
    """Train where it is cheap, transfer where it is dear: environments in, policies out."""


@app.command(epilog="Example: headstart sim inspect Pendulum-v1 Pendulum-v1?g=14.0")
def inspect(
    environment: Environment,
    target: Other = None,
    seed: options.Seed = None,
    as_json: options.Json = False,
) -> None:
    """Check one environment, or compare two: what differs, and how a policy would be fitted to it."""
    from headstart.cli import simulated_inspect
    from headstart.recipes.sim_inspect import inspect_environments

    simulated_inspect.show(inspect_environments(environment, target, seed=seed or 0), as_json=as_json)


app.command("develop", epilog="Example: headstart sim develop Pendulum-v1 --name swing --steps 10000")(
    simulated_learning.develop
)
app.command(
    "fit", epilog="Example: headstart sim fit 'Pendulum-v1?g=14.0' --source store:swing --target-steps 3000"
)(simulated_learning.fit)
app.command("eval", epilog="Example: headstart sim eval store:swing 'Pendulum-v1?g=14.0'")(
    simulated_learning.evaluate
)
app.command("record", epilog="Example: headstart sim record scripted CartPole-v1 --episodes 20 --name poles")(
    simulated_gathering.record
)
app.command("clone", epilog="Example: headstart sim clone store:poles --name balancer --env CartPole-v1")(
    simulated_gathering.clone
)
app.command("play", epilog="Example: headstart sim play Pendulum-v1 --policy scripted --film swing.gif")(
    simulated_gathering.play
)
