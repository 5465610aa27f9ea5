"""Tune norms and biases only."""
