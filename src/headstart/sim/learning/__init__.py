"""Learning in an environment with Stable-Baselines3: repeatable, counted, kept piece by piece."""
