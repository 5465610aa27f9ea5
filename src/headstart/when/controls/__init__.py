"""Controls: the best that can be done without any transfer, with the same folds and care."""

from headstart.when.controls.base import CONTROLS, FittedControl, controls, merit

__all__ = ["CONTROLS", "FittedControl", "controls", "merit"]
