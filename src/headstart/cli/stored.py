"""What ``headstart store`` prints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from headstart.cli.output import columns, document
from headstart.recipes.sizes import show_bytes

if TYPE_CHECKING:
    from headstart.recipes.from_data import Asked
    from headstart.store import Collected, Holding, StoredObject, Verification

SHORT = 12  # signs of a hash that people compare
HOLDERS = 3  # objects that are named as holding what was removed elsewhere


def listed(one: StoredObject) -> dict[str, object]:
    """The line of `ls` in JSON."""
    return {
        "name": one.name,
        "version": one.version,
        "kind": one.kind.value,
        "sha256": one.sha256,
        "created": one.created,
        "parents": [{"sha256": parent.sha256, "label": parent.label} for parent in one.parents],
    }


def show_list(objects: Sequence[StoredObject], *, as_json: bool) -> None:
    """Every object on a line."""
    if as_json:
        document([listed(one) for one in objects])
        return
    if not objects:
        print("The store is empty. Keep a run:  headstart store add RUN --name NAME")
        return
    rows = [
        [one.id, one.kind.value, show_bytes(one.bytes), one.sha256[:SHORT], one.created] for one in objects
    ]
    print(columns([["object", "kind", "size", "sha256", "created"], *rows]))


def show_object(one: StoredObject, *, as_json: bool) -> None:
    """One object with its files, parents and card."""
    files = [{"path": file.path, "sha256": file.sha256, "bytes": file.bytes} for file in one.files]
    if as_json:
        document(listed(one) | {"files": files, "card": one.card})
        return
    print(
        columns(
            [["object", one.id], ["kind", one.kind.value], ["sha256", one.sha256], ["created", one.created]]
        )
    )
    if one.parents:
        print("\nmade from")
        print(columns([["  " + parent.sha256[:SHORT], parent.label] for parent in one.parents]))
    if one.files:
        print(f"\nfiles, {show_bytes(one.bytes)}")
        print(
            columns([["  " + file.sha256[:SHORT], show_bytes(file.bytes), file.path] for file in one.files])
        )
    print("\ncard\n" + json.dumps(one.card, indent=2, ensure_ascii=False))


def show_added(one: StoredObject, *, as_json: bool) -> None:
    """What was kept, under which name."""
    if as_json:
        document(listed(one))
        return
    print(f"kept as {one.id} ({one.kind.value}, {len(one.files)} files, {show_bytes(one.bytes)})")


def show_promoted(asked: str, one: StoredObject, *, as_json: bool) -> None:
    """The name that it has now, too."""
    if as_json:
        document(listed(one))
        return
    print(f"{asked} is {one.id} too ({one.kind.value}, {show_bytes(one.bytes)}, held once)")


def show_moved(done: str, objects: Sequence[StoredObject], *, as_json: bool) -> None:
    """What went out or came in, parents before children."""
    if as_json:
        document([listed(one) for one in objects])
        return
    for one in objects:
        print(f"{done} {one.id} ({one.kind.value}, {len(one.files)} files, {show_bytes(one.bytes)})")


def show_removed(one: StoredObject, left: Holding, *, as_json: bool) -> None:
    """What is gone, what of it `gc` can free, and who holds the rest."""
    if as_json:
        document(listed(one) | {"left": left})
        return
    frees = f"`headstart store gc` frees {show_bytes(left.free_bytes)}"
    print(f"removed {one.id}; {frees if left.free_bytes else 'that frees nothing'}")
    if left.held_bytes:
        more = len(left.holders) - HOLDERS
        named = ", ".join(left.holders[:HOLDERS]) + (f" and {more} more" if more > 0 else "")
        print(f"  {show_bytes(left.held_bytes)} of it stay, held by {named} too")


def show_verification(found: Verification, *, as_json: bool) -> None:
    """That all is well, or each damage with what depends on it."""
    if as_json:
        document(found)
        return
    looked = f"{found.objects} objects, {found.contents} contents, {show_bytes(found.bytes)}"
    if not found.damaged:
        print(f"whole: {looked} hashed again")
        return
    for damage in found.damaged:
        print(f"damaged: {damage.what} of {', '.join(damage.objects)}")
        print(f"  expected {damage.expected}, found {damage.found}")
        print(f"  where: {damage.where}")
        if damage.dependents:
            print(f"  made from it: {', '.join(damage.dependents)}")
    print(
        f"{len(found.damaged)} damaged among {looked}.\n"
        "  Add the same files again under any name (that mends a content), or restore them from a copy."
    )


def show_lineage(asked: Asked, *, as_json: bool) -> None:
    """Parents before children, each with what it was made from; who learned from how much of some data."""
    found = asked.lineage
    if as_json:
        shared = {"sharing": asked.sharing} if asked.sharing else {}
        document({"nodes": found.nodes, "edges": found.edges} | shared)
        return
    for one in asked.sharing:
        print(f"{one.object} learned from {one.shared} of the {one.of} examples")
    if asked.sharing:
        print()
    labels = {node.sha256: f"{node.label or 'unnamed'} [{node.sha256[:SHORT]}]" for node in found.nodes}
    for node in found.nodes:
        parents = [labels[edge.parent] for edge in found.edges if edge.child == node.sha256]
        print(labels[node.sha256] + (f"  also {', '.join(node.names[1:])}" if node.names[1:] else ""))
        for parent in parents:
            print(f"  from {parent}")


def show_collected(found: Collected, *, as_json: bool) -> None:
    """What was freed."""
    if as_json:
        document(found)
        return
    what = f"{found.contents} contents and {found.temporary} temporary files"
    print(f"removed {what} that nothing refers to: {show_bytes(found.bytes)}")
