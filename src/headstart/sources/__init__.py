"""Where knowledge comes from: catalogue, loading, parts, taps; extract and cache features.

Importing this room loads no torch; loading a network does.
"""

from headstart.sources.extract import extract, extract_all
from headstart.sources.feature_cache import FeatureCache
from headstart.sources.ids import at_hand, resolve
from headstart.sources.reading import Reading

__all__ = ["FeatureCache", "Reading", "at_hand", "extract", "extract_all", "resolve"]
