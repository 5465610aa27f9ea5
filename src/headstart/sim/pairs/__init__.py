"""Pairs of a source and a target: an honest stand-in for reality. The doors: `pairs`, `open_pair`.

A target differs from its source in parameters outside the source's training range and in effects that the
source's simulator does not model.
"""

from headstart.sim.pairs.pair import PAIRS, Pair, open_pair, pairs

__all__ = ["PAIRS", "Pair", "open_pair", "pairs"]
