"""Taking in an archive: nothing in it is believed unchecked, nothing is added before all is checked."""

from __future__ import annotations

import json
import re
import shutil
import tarfile
from pathlib import Path
from typing import Any

from headstart.core.errors import MachineError, StoreError
from headstart.store import adding, blobs, faults
from headstart.store.archive import FORMAT, RECORDS
from headstart.store.database import Database
from headstart.store.layout import checked_name, checked_path
from headstart.store.objects import ObjectKind, Parent, StoredFile, StoredObject, content_hash

MOST_RECORD_BYTES = 64 << 20  # a record takes kilobytes
_BLOB = re.compile(r"blobs/([0-9a-f]{64})")


def read(database: Database, file: Path) -> list[StoredObject]:
    """Add every object in `file`, parents first; all of it is checked before the first is added.

    A name that is taken by another content gets the next version; parents are content hashes and hold.

    Raises:
        StoreError: the archive is none, incomplete, or holds anything that its records do not name.
        MachineError: the disk has not the space that the records announce.
    """
    with faults.explained(database.layout.root), adding.at_work(database) as (_, workplace):
        try:
            with file.open("rb") as source, tarfile.open(fileobj=source, mode="r:") as tar:
                objects = _records(tar, file)
                sizes = {each.sha256: each.bytes for one in objects for each in one.files}
                free = shutil.disk_usage(workplace).free
                if sum(sizes.values()) * 2 > free:  # unpacked, and copied to their places
                    raise MachineError(
                        f"the archive holds {sum(sizes.values())} bytes, and {free} are free",
                        where=str(file),
                        expected="room for twice the archive, half of it for a moment",
                        remedy="Free some space, or use a store on another disk with --store.",
                    )
                _unpack(tar, file, sizes, workplace)
        except FileNotFoundError:
            raise StoreError("there is no such file", where=str(file), remedy="Check the path.") from None
        except tarfile.TarError as error:
            raise _refused(file, f"it cannot be read ({error})") from error
        return [
            adding.add(
                database,
                {each.path: workplace / each.sha256 for each in one.files},
                name=one.name,
                kind=one.kind,
                card=one.card,
                parents=one.parents,
            )
            for one in objects
        ]


def _records(tar: tarfile.TarFile, file: Path) -> list[StoredObject]:
    first = tar.next()
    reader = tar.extractfile(first) if first is not None and _is_plain(first) else None
    if first is None or reader is None or first.name != RECORDS or first.size > MOST_RECORD_BYTES:
        raise _refused(file, f"it does not begin with {RECORDS}")
    try:
        document = json.loads(reader.read())
        if document["format"] != FORMAT:
            raise _refused(file, f"it has format {document['format']!r}, not {FORMAT}")
        objects = [_object(found) for found in document["objects"]]
    except (ValueError, TypeError, KeyError) as error:
        raise _refused(file, f"its records cannot be read ({error!r})") from error
    for one in objects:
        if content_hash(one.kind, one.files, one.card, one.parents) != one.sha256:
            raise _refused(file, f"the record of {one.id} was changed")
    return objects


def _object(found: dict[str, Any]) -> StoredObject:
    files = tuple(StoredFile(checked_path(path), sha256, int(size)) for path, sha256, size in found["files"])
    return StoredObject(
        name=checked_name(found["name"]),
        version=int(found["version"]),
        kind=ObjectKind(found["kind"]),
        sha256=found["sha256"],
        files=files,
        card=dict(found["card"]),
        parents=tuple(Parent(sha256, label) for sha256, label in found["parents"]),
        created=found["created"],
    )


def _unpack(tar: tarfile.TarFile, file: Path, sizes: dict[str, int], folder: Path) -> None:
    """Every content that the records name, once, under its hash; anything else is refused unread."""
    missing = dict(sizes)
    while (member := tar.next()) is not None:
        match = _BLOB.fullmatch(member.name)
        size = missing.pop(match[1], None) if match and _is_plain(member) else None
        if match is None or size is None:
            raise _refused(file, f"its records do not name {member.name!r}")
        reader = tar.extractfile(member)
        if reader is None or member.size != size:
            raise _refused(file, f"{member.name} has {member.size} bytes, not {size}")
        with reader, (folder / match[1]).open("xb") as out:
            shutil.copyfileobj(reader, out, blobs.CHUNK_BYTES)
        if not blobs.is_content(folder / match[1], match[1]):
            raise _refused(file, f"{member.name} does not have this hash")
    if missing:
        raise _refused(file, f"{len(missing)} contents are missing")


def _is_plain(member: tarfile.TarInfo) -> bool:
    return member.type in (tarfile.REGTYPE, tarfile.AREGTYPE)


def _refused(file: Path, what: str) -> StoreError:
    return StoreError(
        f"not an archive that can be imported: {what}",
        where=str(file),
        expected="a file that `headstart store export` wrote",
        remedy="Export it again and copy it whole. Nothing was added.",
    )
