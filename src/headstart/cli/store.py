"""``headstart store``: what was kept, where it comes from, whether it is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headstart.cli import options

app = options.app(
    name="store",
    help="Keep sources, runs and models, with where they come from; list, check and remove them.",
    epilog="Example: headstart store add runs/cells --name solar-cells",
)

Folder = Annotated[
    str | None,
    typer.Option(
        "--store", metavar="DIR", help="another store than HEADSTART_HOME/store", show_default=False
    ),
]
Object = Annotated[str, typer.Argument(metavar="NAME", help="NAME (its newest version) or NAME@VERSION")]
Whole = Annotated[
    str | None,
    typer.Argument(
        metavar="[NAME]",
        show_default=False,
        help="NAME (all its versions), NAME@VERSION, the label of a parent, or 8 or more digits of a hash",
    ),
]
From = Annotated[
    str | None,
    typer.Option(
        "--data", metavar="PATH", help="what came from these data, instead of NAME", show_default=False
    ),
]
One = Annotated[
    str, typer.Argument(metavar="NAME", help="NAME@VERSION, or NAME where it has but one version")
]
Out = Annotated[str, typer.Option("--out", metavar="FILE", help="the archive to write, a .tar")]
Archive = Annotated[str, typer.Argument(metavar="FILE", help="what `headstart store export` wrote")]
Content = Annotated[
    str, typer.Argument(metavar="PATH_OR_ID", help="a run's folder, a model/ folder, weights, or a source id")
]
Name = Annotated[str, typer.Option("--name", metavar="NAME", help="one word: a-z, 0-9, '.', '_', '-'")]
Force = Annotated[bool, typer.Option("--force", help="though other objects were made from it")]


@app.command(epilog="Example: headstart store ls --json")
def ls(store: Folder = None, as_json: options.Json = False) -> None:
    """List everything that is kept."""
    from headstart.cli import stored
    from headstart.recipes.storing import open_store

    stored.show_list(open_store(store).ls(), as_json=as_json)


@app.command(epilog="Example: headstart store show solar-cells@2")
def show(name: Object, store: Folder = None, as_json: options.Json = False) -> None:
    """Show one object: its card, its files, its parents."""
    from headstart.cli import stored
    from headstart.recipes.storing import open_store

    stored.show_object(open_store(store).get(name), as_json=as_json)


@app.command(epilog="Example: headstart store add runs/cells --name solar-cells")
def add(path: Content, name: Name, store: Folder = None, as_json: options.Json = False) -> None:
    """Keep a run, a fitted model or a source as a new version of a name."""
    from headstart.cli import stored
    from headstart.recipes.storing import add as keep

    stored.show_added(keep(path, name=name, store=store), as_json=as_json)


@app.command(epilog="Example: headstart store verify")
def verify(store: Folder = None, as_json: options.Json = False) -> None:
    """Hash everything again; exit code 2 and the names of all that is concerned when something is damaged."""
    from headstart.cli import stored
    from headstart.recipes.storing import open_store

    found = open_store(store).verify()
    stored.show_verification(found, as_json=as_json)
    if found.damaged:
        raise typer.Exit(2)


@app.command(epilog="Example: headstart store lineage solar-cells --json")
def lineage(
    name: Whole = None,
    data: From = None,
    label: options.Label = None,
    text: options.Text = None,
    image: options.Image = None,
    store: Folder = None,
    as_json: options.Json = False,
) -> None:
    """Tell what something was made from, and what was made from it; also of data, by its fingerprint.

    What came from data that lie here, or from a part of them: headstart store lineage --data photos/
    """
    from headstart.cli import stored
    from headstart.data import LoadOptions
    from headstart.recipes.from_data import asked_for

    columns = LoadOptions(label=label, text=text, image=image)
    stored.show_lineage(asked_for(name, data, columns, store), as_json=as_json)


@app.command(epilog="Example: headstart store promote trial@3 --name product")
def promote(name: Object, to: Name, store: Folder = None, as_json: options.Json = False) -> None:
    """Give an object another name too, as its next version there; nothing is copied."""
    from headstart.cli import stored
    from headstart.recipes.storing import open_store

    stored.show_promoted(name, open_store(store).promote(name, to), as_json=as_json)


@app.command(epilog="Example: headstart store export photo-model --out photo-model.tar")
def export(name: Object, out: Out, store: Folder = None, as_json: options.Json = False) -> None:
    """Write an object and all that it was made from to one file, for another store."""
    from headstart.cli import stored
    from headstart.recipes.storing import open_store

    stored.show_moved("written", open_store(store).export(name, Path(out)), as_json=as_json)


@app.command("import", epilog="Example: headstart store import photo-model.tar")
def import_(file: Archive, store: Folder = None, as_json: options.Json = False) -> None:
    """Keep what export wrote; all of it is checked before anything is added."""
    from headstart.cli import stored
    from headstart.recipes.storing import open_store

    stored.show_moved("kept as", open_store(store).import_(Path(file)), as_json=as_json)


@app.command(epilog="Example: headstart store gc")
def gc(store: Folder = None, as_json: options.Json = False) -> None:
    """Free the space of removed objects and of writers that were killed."""
    from headstart.cli import stored
    from headstart.recipes.storing import open_store

    stored.show_collected(open_store(store).gc(), as_json=as_json)


@app.command(epilog="Example: headstart store rm solar-cells@1")
def rm(name: One, store: Folder = None, force: Force = False, as_json: options.Json = False) -> None:
    """Remove one version; gc frees what of it no other object holds."""
    from headstart.cli import stored
    from headstart.recipes.storing import open_store

    kept = open_store(store)
    gone = kept.rm(name, force=force)
    stored.show_removed(gone, kept.holding(gone), as_json=as_json)
