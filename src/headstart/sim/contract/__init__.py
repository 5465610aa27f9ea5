"""Contracts first: what a policy relies on, and in what two environments differ.

The doors: `signature`, `compare`, `mapping`.
"""

from headstart.sim.contract.compare import compare, every_mismatch
from headstart.sim.contract.mapping import Mapping, mapping
from headstart.sim.contract.mismatch import Contract, Mismatch
from headstart.sim.contract.signature import Channel, Signature, signature
from headstart.sim.contract.source_actions import SourceActions

__all__ = [
    "Channel",
    "Contract",
    "Mapping",
    "Mismatch",
    "Signature",
    "SourceActions",
    "compare",
    "every_mismatch",
    "mapping",
    "signature",
]
