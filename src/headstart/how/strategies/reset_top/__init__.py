"""Draw the top blocks anew, then tune."""
