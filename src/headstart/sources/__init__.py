"""Where knowledge comes from: catalogue, loading, parts, taps; extract and cache features."""

from headstart.sources.ids import at_hand, resolve

__all__ = ["at_hand", "resolve"]
