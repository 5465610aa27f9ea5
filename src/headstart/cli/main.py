"""Where the command starts: find the verb, load only it, and turn every ending into an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from headstart import __version__
from headstart.cli.verbs import VERBS, front_page


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (default: the process's own); the exit code of INTERFACE: 0, 2, 3, 4 or 70."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(front_page(), end="")
        return 0
    if arguments[0] in ("-V", "--version"):
        print(f"headstart {__version__}")
        return 0

    from headstart.cli.endings import exit_code

    verb, *rest = arguments
    return exit_code(lambda: _run(verb, rest), verb=verb, options=rest)


def _run(verb: str, arguments: list[str]) -> None:
    import difflib
    from importlib import import_module

    import typer

    from headstart.core.errors import OptionError

    if verb not in VERBS:
        near = difflib.get_close_matches(verb, VERBS, n=1)
        wish = f"Did you mean 'headstart {near[0]}'?" if near else "'headstart --help' lists the verbs."
        raise OptionError(f"there is no verb '{verb}'", remedy=wish)
    command = typer.main.get_command(import_module(f"headstart.cli.{verb}").app)
    # Not command(...): that would turn Ctrl-C and a closed pipe into exit codes of its own.
    with command.make_context(f"headstart {verb}", arguments) as context:
        command.invoke(context)
