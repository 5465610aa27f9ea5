"""Probes: closed-form models on the features of one look. A file per kind."""

from headstart.what.probes.base import PROBES, Looked, Probe, probe_all

__all__ = ["PROBES", "Looked", "Probe", "probe_all"]
