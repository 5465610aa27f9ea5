"""Each verb's help has an example, and the example is understood by the verb."""

import inspect
import shlex
from importlib import import_module

import pytest
import typer

from headstart.cli.main import main
from headstart.cli.verbs import VERBS


def commands() -> dict[str, typer.models.CommandInfo]:
    """Every command by what is typed: a verb, or a verb and one of the commands below it."""
    found = {}
    for verb in VERBS:
        app = import_module(f"headstart.cli.{verb}").app
        infos = app.registered_commands
        for info in infos:
            found[
                verb
                if len(infos) == 1 and not app.registered_callback
                else f"{verb} {info.name or info.callback.__name__}"
            ] = info
    return found


COMMANDS = commands()


@pytest.mark.parametrize("typed", sorted({*VERBS, *COMMANDS}))
def test_help_shows_an_example(typed, capsys):
    assert main([*typed.split(), "--help"]) == 0
    assert f"Example: headstart {typed}" in capsys.readouterr().out


@pytest.mark.parametrize("typed", COMMANDS)
def test_the_example_fits_the_verb(typed):
    info = COMMANDS[typed]
    example = info.epilog.removeprefix("Example: ")
    assert example.startswith(f"headstart {typed}")
    arguments = shlex.split(example)[1 + len(typed.split()) :]
    taken = {}

    def record(**given):
        taken.update(given)

    record.__signature__ = inspect.signature(info.callback, eval_str=True)
    record.__annotations__ = inspect.get_annotations(info.callback, eval_str=True)
    app = typer.Typer()
    app.command()(record)
    typer.main.get_command(app)(arguments, standalone_mode=False)
    assert set(taken) == set(record.__signature__.parameters)


@pytest.mark.parametrize("typed", COMMANDS)
def test_the_recipe_behind_the_verb_is_there(typed):
    source = inspect.getsource(COMMANDS[typed].callback)
    homes = [line.split()[1] for line in source.splitlines() if "from headstart.recipes" in line]
    assert homes
    for home in homes:
        import_module(home)
