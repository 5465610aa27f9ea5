"""Tune, pulled back to the start."""
