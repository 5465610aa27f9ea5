"""Each verb's help has an example, and the example is understood by the verb."""

import inspect
import shlex
from importlib import import_module

import pytest
import typer

from headstart.cli.main import main
from headstart.cli.verbs import VERBS


def command(verb: str) -> typer.models.CommandInfo:
    (info,) = import_module(f"headstart.cli.{verb}").app.registered_commands
    return info


@pytest.mark.parametrize("verb", VERBS)
def test_help_shows_an_example(verb, capsys):
    assert main([verb, "--help"]) == 0
    assert f"Example: headstart {verb}" in capsys.readouterr().out


@pytest.mark.parametrize("verb", VERBS)
def test_the_example_fits_the_verb(verb):
    info = command(verb)
    program, name, *arguments = shlex.split(info.epilog.removeprefix("Example: "))
    assert (program, name) == ("headstart", verb)
    taken = {}

    def record(**given):
        taken.update(given)

    record.__signature__ = inspect.signature(info.callback, eval_str=True)
    record.__annotations__ = inspect.get_annotations(info.callback, eval_str=True)
    app = typer.Typer()
    app.command()(record)
    typer.main.get_command(app)(arguments, standalone_mode=False)
    assert set(taken) == set(record.__signature__.parameters)


@pytest.mark.parametrize("verb", VERBS)
def test_the_recipe_behind_the_verb_is_there(verb):
    source = inspect.getsource(command(verb).callback)
    homes = [line.split()[1] for line in source.splitlines() if "from headstart.recipes" in line]
    assert homes
    for home in homes:
        import_module(home)
