"""The record of a run, put together from what the rooms handed over."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import psutil

from headstart import __version__
from headstart.core.budget import Budget
from headstart.core.estimate import Score
from headstart.core.evidence import Evidence
from headstart.core.finding import Finding
from headstart.core.folds import Folds
from headstart.core.inheritance import Inherited
from headstart.core.kinds import Kind
from headstart.core.run import (
    CandidateRecord,
    Cost,
    Lineage,
    RankedSource,
    Retention,
    RunRecord,
    TaskRecord,
)
from headstart.core.seeds import generator
from headstart.core.shortfall import Shortfall
from headstart.core.task import Task
from headstart.core.verdict import Chosen, Member
from headstart.how.race import Race
from headstart.metrics.estimates import as_decided, score_of
from headstart.metrics.intervals import resamples
from headstart.recipes import forgetting
from headstart.recipes.checking import merged
from headstart.recipes.deciding import Decision
from headstart.recipes.log import LogWatch
from headstart.recipes.looking import Looked
from headstart.recipes.next_steps import next_steps
from headstart.recipes.opening import Opened
from headstart.recipes.remembering import Recalled
from headstart.recipes.settings import FitSettings
from headstart.recipes.sources_at_hand import Shelf
from headstart.report import headline, mistakes
from headstart.sources.threads import physical_cores
from headstart.when.controls import FittedControl
from headstart.when.shares import own_shares

LIBRARIES = ("torch", "torchvision", "timm", "transformers", "numpy", "scipy", "scikit-learn")


def record(
    *,
    settings: FitSettings,
    data: Opened,
    findings: Sequence[Finding],
    looked: Looked,
    plain: Sequence[FittedControl],
    race: Race,
    decision: Decision,
    tested: Score | None,
    retention: Retention | None,
    inherited: Inherited | None,
    budget: Budget,
    shelf: Shelf,
    log: LogWatch,
    recalled: Recalled,
    parents: tuple[str, ...] = (),
) -> RunRecord:
    """Everything a run found, in the form that `run.json` keeps."""
    task = data.task
    folds = decision.comparison.pool.folds
    weights = {candidate.id: weight for candidate, weight in decision.weights}
    lines = candidate_lines(all_evidence(plain, looked, race), task, folds, weights)
    members = tuple(Member(candidate.id, weight) for candidate, weight in decision.weights)
    name = "combination" if len(members) > 1 else members[0].candidate
    retention = forgetting.settled(retention, weights)
    short = () if log.stop_requested else left_out(looked, race)
    seen = mistakes(task, decision.predictions)
    made = RunRecord(
        task=task_record(task),
        findings=merged(findings, forgetting.findings(retention)),
        ranking=described(looked, decision),
        candidates=tuple(line for line in lines if line.source is not None),
        controls=tuple(line for line in lines if line.source is None),
        verdict=decision.verdict,
        chosen=Chosen(name, members, decision.score, tested),
        cost=cost(looked, budget, shelf, task, log.stages_s),
        lineage=lineage(settings, data, shelf, (*parents, *(r.sha256 for r in recalled.experience.said))),
        stopped="interrupt" if log.stop_requested else "budget" if short else None,
        left_out=short,
        depth=looked.look.depth,
        label_curve=decision.curve,
        confusion=seen.confusion,
        doubtful=seen.doubtful,
        predicted=seen.predicted,
        trade_off=decision.trade_off,
        inherited=inherited,
        retention=retention,
        traits=recalled.traits,
        earlier=recalled.experience.said,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    made = made.model_copy(update={"next_steps": next_steps(made)})
    return made.model_copy(update={"headline": headline(made)})


def task_record(task: Task) -> TaskRecord:
    """What was asked."""
    is_class = task.kind is Kind.CLASSIFICATION
    counts = np.bincount(task.targets, minlength=len(task.classes)).tolist() if is_class else []
    return TaskRecord(
        id=task.name,
        modality=task.modality,
        kind=task.kind,
        n_train=len(task),
        n_classes=len(task.classes),
        classes=task.classes,
        metric=task.metric,
        fingerprint=task.fingerprint,
        class_counts=tuple(counts),
    )


def all_evidence(plain: Sequence[FittedControl], looked: Looked, race: Race) -> list[Evidence]:
    """Evidence of controls, probes and tuned candidates."""
    return [*(control.evidence for control in plain), *looked.look.evidence, *race.evidence]


def candidate_lines(
    evidence: Sequence[Evidence], task: Task, folds: Folds, weights: dict[str, float]
) -> list[CandidateRecord]:
    """One line each, with its score where every row has a prediction."""
    counts = resamples(len(task), generator(task.seed, "bootstrap"), task.groups)
    lines = []
    for one in evidence:
        score = None
        if one.is_whole:
            score = score_of(task, as_decided(one.pooled, task), folds, counts, corrected=False)
        c = one.candidate
        lines.append(
            CandidateRecord(
                id=c.id,
                source=c.source,
                parts=c.parts,
                strategy=c.strategy,
                settings=c.settings,
                score=score.estimate if score else None,
                interval=score.interval if score else None,
                rung=c.rung,
                cost_s=one.cost_s,
                status=one.status,
                weight=weights.get(c.id, 0.0),
            )
        )
    return lines


def cost(looked: Looked, budget: Budget, shelf: Shelf, task: Task, stages_s: dict[str, float]) -> Cost:
    """Seconds and bytes so far; the peak is of this process."""
    passes = looked.passes.forward_s
    return Cost(
        wall_s=budget.spent_s(),
        forward_pass_s=passes,
        peak_rss_bytes=peak_rss_bytes(),
        examples_per_s=len(task) * len(looked.passes.readings) / passes if passes > 0 else 0.0,
        download_s=shelf.download_s,
        stages_s=stages_s,
    )


def peak_rss_bytes() -> int:
    """The most memory that this process has had so far."""
    import resource

    unit = 1 if platform.system() == "Darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return max(peak, int(psutil.Process().memory_info().rss))


def described(looked: Looked, decision: Decision) -> tuple[RankedSource, ...]:
    """The ranking, with what later runs may learn from it: each source's own share, and what it sees."""
    shares = own_shares(decision.comparison.pool)
    return tuple(
        line.model_copy(
            update={
                "share": shares.get(line.source),
                "aligned": looked.seen[line.source].aligned if line.source in looked.seen else None,
            }
        )
        for line in looked.look.ranking
    )


def lineage(settings: FitSettings, data: Opened, shelf: Shelf, parents: tuple[str, ...]) -> Lineage:
    """Data, sources, and the runs that were heard or repeated by content; how to repeat the run."""
    hashes = {"train": data.task.fingerprint}
    if data.test is not None:
        hashes["test"] = data.test.fingerprint
    if data.kept is not None:
        hashes["keep"] = data.kept.task.fingerprint
    return Lineage(
        data=hashes,
        sources={name: network.card.weights_sha256 for name, network in shelf.networks.items()},
        parents=(*shelf.parents, *parents),
        code_version=__version__,
        environment=environment(),
        threads=settings.threads or physical_cores(),
        seed=settings.seed,
        options=settings.model_dump(mode="json", exclude_defaults=True),
    )


def environment() -> dict[str, str]:
    """Versions that can change numbers."""
    found = {"python": platform.python_version(), "machine": f"{platform.system()} {platform.machine()}"}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def left_out(looked: Looked, race: Race) -> tuple[Shortfall, ...]:
    """What the time limit left out: sources that were not read, candidates that were not fitted whole."""
    tuned = (evidence.shortfall for evidence in race.evidence)
    return (*looked.passes.left_out, *(one for one in tuned if one is not None))
