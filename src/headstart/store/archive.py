"""One object with its lineage in one file, to be carried to another store.

A plain tar: ``objects.json`` (records, parents before children), then ``blobs/SHA256`` once each.
Not compressed: weights hardly shrink, and what is not compressed cannot swell.
"""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path
from typing import Any

from headstart.core.errors import StoreError
from headstart.store import blobs, faults, lineage, lookup, rows
from headstart.store.database import Database
from headstart.store.durable import sync, sync_folder
from headstart.store.objects import StoredObject, canonical

FORMAT = 1
RECORDS = "objects.json"


def write(database: Database, name: str, file: Path) -> list[StoredObject]:
    """Write the object `name` and those of its ancestors that are here to the new `file`; parents first.

    Raises:
        StoreError: something stands at `file`, or a content is damaged.
    """
    if file.exists():
        raise StoreError("something stands there", where=str(file), remedy="Name a new file.")
    with database.reading() as session:
        asked = lookup.one(session, name)
        above = lineage.ancestors(session, asked.sha256)
        held = [rows.select(session, "sha256 = ?", (sha256,))[:1] for sha256 in above]
    objects = [each for found in held for each in found if each.sha256 != asked.sha256] + [asked]
    contents = {each.sha256: each for one in objects for each in one.files}
    part = file.with_name(f".{file.name}.part")
    with faults.explained(file.parent):
        try:
            with part.open("wb") as out:
                with tarfile.open(fileobj=out, mode="w") as tar:
                    document = {"format": FORMAT, "objects": [_record(one) for one in objects]}
                    _put(tar, RECORDS, canonical(document).encode())
                    for sha256, content in sorted(contents.items()):
                        blobs.require(database.layout, content)
                        tar.add(database.layout.blob(sha256), f"blobs/{sha256}", filter=_plain)
                out.flush()
                sync(out.fileno())
            os.replace(part, file)
            sync_folder(file.parent)
        finally:
            part.unlink(missing_ok=True)
    return objects


def _record(one: StoredObject) -> dict[str, Any]:
    return {
        "name": one.name,
        "version": one.version,
        "kind": one.kind.value,
        "sha256": one.sha256,
        "files": [[each.path, each.sha256, each.bytes] for each in one.files],
        "card": one.card,
        "parents": [[each.sha256, each.label] for each in one.parents],
        "created": one.created,
    }


def _put(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """The entry without whose it is and when it was made: the same objects make the same archive."""
    plain = tarfile.TarInfo(info.name)
    plain.size = info.size
    return plain
