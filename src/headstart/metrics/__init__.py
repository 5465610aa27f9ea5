"""Scores, their intervals, comparisons."""

from headstart.metrics.scores import METRICS, Metric, class_weighted

__all__ = ["METRICS", "Metric", "class_weighted"]
