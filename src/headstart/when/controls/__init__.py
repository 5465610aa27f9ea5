"""Controls: the best that can be done without any transfer, with the same folds and care."""

from headstart.when.controls.base import CONTROLS, FittedControl, controls, kernels, merit

__all__ = ["CONTROLS", "FittedControl", "controls", "kernels", "merit"]
