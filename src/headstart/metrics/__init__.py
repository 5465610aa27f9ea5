"""Scores, their intervals, comparisons."""

from headstart.metrics.scores import METRICS, Metric, class_weighted, fitting

__all__ = ["METRICS", "Metric", "class_weighted", "fitting"]
