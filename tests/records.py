"""The record of a small run that ended well."""

from __future__ import annotations

from headstart.core.estimate import Interval, Score
from headstart.core.kinds import Decision, Kind, Modality
from headstart.core.run import Cost, Lineage, RunRecord, TaskRecord
from headstart.core.verdict import Chosen, Member, Verdict

RECORD = RunRecord(
    task=TaskRecord(
        id="photos",
        modality=Modality.IMAGE,
        kind=Kind.CLASSIFICATION,
        n_train=40,
        n_classes=2,
        classes=("a", "b"),
        metric="accuracy",
        fingerprint="00",
    ),
    findings=(),
    ranking=(),
    candidates=(),
    controls=(),
    verdict=Verdict(
        decision=Decision.TRANSFER,
        gain=0.08,
        metric="accuracy",
        interval=Interval(0.02, 0.14, 0.9),
        probability_of_gain=0.98,
        minimum_detectable_gain=0.03,
        label_equivalents=None,
        distance=None,
        reason="the gate passed",
        gate_passed=True,
    ),
    chosen=Chosen("combination", (Member("probe", 1.0),), Score(0.85, Interval(0.8, 0.9, 0.9), True)),
    cost=Cost(wall_s=1.0, forward_pass_s=0.5, peak_rss_bytes=1, examples_per_s=float("nan")),
    lineage=Lineage(data={}, sources={}, parents=(), code_version="0", environment={}, threads=1, seed=0),
    stopped=None,
    headline="Transfer helps: 85 of 100 right instead of 77.",
)
