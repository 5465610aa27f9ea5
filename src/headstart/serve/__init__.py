"""The adapted model: predictions, its folder, exports."""

from headstart.serve.model import AdaptedModel, Predictions, Signature, WeightedMember

__all__ = ["AdaptedModel", "Predictions", "Signature", "WeightedMember"]
