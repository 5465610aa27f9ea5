"""Tune features on pairs, then fit a probe on them."""
