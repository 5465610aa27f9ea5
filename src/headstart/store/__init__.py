"""The knowledge store: contents by hash, records in SQLite, lineage."""

from headstart.store.collecting import Collected
from headstart.store.holding import Holding
from headstart.store.lineage import Edge, Lineage, Node
from headstart.store.objects import ObjectKind, Parent, StoredFile, StoredObject
from headstart.store.store import Store
from headstart.store.verifying import Damage, Verification

__all__ = [
    "Collected",
    "Damage",
    "Edge",
    "Holding",
    "Lineage",
    "Node",
    "ObjectKind",
    "Parent",
    "Store",
    "StoredFile",
    "StoredObject",
    "Verification",
]
