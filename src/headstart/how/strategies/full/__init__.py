"""Tune everything, the lower the slower."""
