"""The page of a development."""

from __future__ import annotations

from headstart.core.development import DevelopRecord


def html(record: DevelopRecord, *, private: bool = False) -> str:
    """Stub."""
    return f"<!doctype html><title>{record.headline}</title>"
