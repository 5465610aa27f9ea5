"""Real data for the demos: a file per data set."""
