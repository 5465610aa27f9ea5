"""Inspection: a task, and what is known of it, to findings with remedies. The doors: `Facts`, `inspect`."""

from headstart.inspection.facts import Facts
from headstart.inspection.inspect import Inspection, every_check, inspect

__all__ = ["Facts", "Inspection", "every_check", "inspect"]
