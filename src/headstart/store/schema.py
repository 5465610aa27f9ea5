"""The tables, as the steps that lead to them: each step one transaction, never changed once released."""

from __future__ import annotations

APPLICATION_ID = 0x48535431  # "HST1": tells our databases from others

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # A name's last version is remembered for ever: the number of a removed object is not given again.
        "CREATE TABLE names (name TEXT PRIMARY KEY, last_version INTEGER NOT NULL) WITHOUT ROWID",
        """CREATE TABLE objects (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL REFERENCES names,
            version INTEGER NOT NULL CHECK (version > 0),
            kind TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            card TEXT NOT NULL,
            created TEXT NOT NULL,
            UNIQUE (name, version)
        )""",
        "CREATE INDEX objects_by_content ON objects (sha256)",
        """CREATE TABLE files (
            object INTEGER NOT NULL REFERENCES objects ON DELETE CASCADE,
            path TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            bytes INTEGER NOT NULL CHECK (bytes >= 0),
            PRIMARY KEY (object, path)
        ) WITHOUT ROWID""",
        "CREATE INDEX files_by_content ON files (sha256)",
        """CREATE TABLE parents (
            object INTEGER NOT NULL REFERENCES objects ON DELETE CASCADE,
            sha256 TEXT NOT NULL,
            label TEXT NOT NULL,
            PRIMARY KEY (object, sha256, label)
        ) WITHOUT ROWID""",
        "CREATE INDEX parents_by_content ON parents (sha256)",
        """CREATE TABLE leases (
            holder TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            since REAL NOT NULL,
            PRIMARY KEY (holder, sha256)
        ) WITHOUT ROWID""",
        f"PRAGMA application_id = {APPLICATION_ID}",
    ),
)
