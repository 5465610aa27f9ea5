"""headstart: what to transfer, when, and how, with evidence, and the tuned model."""

from __future__ import annotations

__version__ = "0.1.0"
