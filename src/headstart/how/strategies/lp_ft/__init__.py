"""Linear probe, then tune the top blocks."""
