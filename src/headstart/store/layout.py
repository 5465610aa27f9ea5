"""Where things lie in a store, and what its objects may be called.

meta.db                       objects, their files and parents
blobs/sha256/ab/cdef…         contents, each once, by hash, read-only
tmp/HOLDER/…                  what a writer has not finished
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from headstart.core.errors import StoreError

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Layout:
    """The places below the store's folder `root`."""

    root: Path

    @property
    def database(self) -> Path:
        """The SQLite database."""
        return self.root / "meta.db"

    @property
    def blobs(self) -> Path:
        """The folder of all contents."""
        return self.root / "blobs" / "sha256"

    @property
    def unfinished(self) -> Path:
        """The folder of temporary files, one folder a writer."""
        return self.root / "tmp"

    def blob(self, sha256: str) -> Path:
        """The place of one content; a hash that is none is a damaged record."""
        if not SHA256.fullmatch(sha256):
            raise StoreError(
                f"{sha256!r} is no content hash",
                where=str(self.database),
                expected="64 hexadecimal digits",
                remedy="The database is damaged: `headstart store verify` names what is concerned.",
            )
        return self.blobs / sha256[:2] / sha256[2:]


@dataclass(frozen=True, slots=True)
class Reference:
    """One object as people write it: ``cars`` (its newest version) or ``cars@3``."""

    name: str
    version: int | None = None

    @classmethod
    def parse(cls, text: str) -> Reference:
        """Read ``NAME`` or ``NAME@VERSION``.

        >>> Reference.parse("cars@3")
        Reference(name='cars', version=3)
        """
        name, at, version = text.partition("@")
        if at and not re.fullmatch(r"[1-9][0-9]{0,8}", version):
            raise StoreError(
                f"{text!r} has no version that counts", expected="NAME or NAME@VERSION, for example cars@3"
            )
        return cls(checked_name(name), int(version) if at else None)

    def __str__(self) -> str:
        return self.name if self.version is None else f"{self.name}@{self.version}"


def checked_name(name: str) -> str:
    """`name`, if it is one: a single word, never a path.

    Raises:
        StoreError: it is a path, too long, or has other signs.
    """
    if NAME.fullmatch(name) and not SHA256.fullmatch(name):
        return name
    what = "is a path, not a name" if re.search(r"[/\\]|^\.", name) else "cannot be a name"
    raise StoreError(
        f"{name!r} {what}",
        expected="a word of a-z, 0-9, '.', '_', '-', at most 64 signs, the first a letter or digit",
        remedy="For example --name solar-cells",
    )


def checked_path(path: str) -> str:
    """`path` of a file in an object, if it stays inside: relative, with ``/``, without ``..``.

    Raises:
        StoreError: it would lead out of the object's folder.
    """
    parts = PurePosixPath(path).parts
    plain = path == "/".join(parts) and not path.startswith("/") and ".." not in parts
    if path and plain and not re.search(r"[\\:\x00-\x1f]", path):
        return path
    raise StoreError(
        f"{path!r} cannot be the place of a file in an object",
        expected="a relative path without '..', ':', backslashes and control signs",
    )
