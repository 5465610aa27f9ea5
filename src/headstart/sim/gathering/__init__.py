"""Gather: what somebody did in an environment, kept step by step, learned from, tried by a person.

The doors: `Trajectories`, `Walked`, `clone`, `imitate`.
"""
