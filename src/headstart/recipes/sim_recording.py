"""What a run of `sim fit` found, as `run.json` says it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

from headstart import __version__
from headstart.core.candidate import Parts
from headstart.core.control import ControlRecord, Film, LearningPoint
from headstart.core.estimate import Score
from headstart.core.kinds import Kind, Modality
from headstart.core.run import CandidateRecord, Cost, Lineage, RankedSource, RunRecord, TaskRecord
from headstart.core.verdict import Chosen, Member, Verdict
from headstart.metrics import returns
from headstart.recipes.log import LogWatch
from headstart.recipes.recording import environment as installed
from headstart.recipes.recording import peak_rss_bytes
from headstart.recipes.sim_race import SCRATCH, Arm
from headstart.recipes.sim_ran import Ran, distance
from headstart.recipes.sim_reaching import ZERO_SHOT, reached
from headstart.recipes.sim_spending import curve, learning_s, steps_of
from headstart.sim import spaces
from headstart.sim.gauges import gauges
from headstart.sim.learning.versions import versions
from headstart.sim.strategies import STRATEGIES


def record(ran: Ran, films: tuple[Film, ...], log: LogWatch, started_s: float) -> RunRecord:
    """The record of the run."""
    settings, ruling, seed = ran.settings, ran.told.ruling, ran.settings.seed
    zero = returns.score([ran.told.compared.zero_shot or ran.told.beginning], seed)
    far = distance(ran)
    source_line = RankedSource(
        source=ran.source.id,
        rank=1,
        score=zero.estimate,
        interval=zero.interval,
        cost_s=0.0,
        input_size=spaces.width(ran.source.knowledge.policy.record.observation_space),
        distance=far.value if far else None,
        reason=f"as it is, it returns {zero.estimate:.4g} in the target",
    )
    return RunRecord(
        task=TaskRecord(
            id=ran.target.text,
            modality=Modality.CONTROL,
            kind=Kind.CONTROL,
            n_train=settings.target_steps,
            n_classes=0,
            classes=(),
            metric=returns.METRIC,
            fingerprint=sha256(ran.target.text.encode()).hexdigest(),
        ),
        findings=ran.findings,
        ranking=(source_line,),
        candidates=tuple(_candidate(ran, arm) for arm in ran.arms if arm.name != SCRATCH),
        controls=(_zero_shot(ran, zero), _candidate(ran, ran.arms[0])),
        verdict=_verdict(ran),
        chosen=_chosen(ran),
        cost=Cost(
            wall_s=time.monotonic() - started_s,
            forward_pass_s=0.0,
            peak_rss_bytes=peak_rss_bytes(),
            examples_per_s=ran.target_steps / max(sum(learning_s(arm) for arm in ran.arms), 1e-9),
            stages_s=log.stages_s,
            target_steps=ran.target_steps,
            violations=ran.violations,
        ),
        lineage=Lineage(
            data={"target": sha256(ran.target.text.encode()).hexdigest()},
            sources={ran.source.id: ran.source.sha256},
            parents=(ran.source.sha256,),
            code_version=__version__,
            environment={**installed(), **versions()},
            threads=1,
            seed=seed,
            options=settings.model_dump(mode="json", exclude_defaults=True),
        ),
        stopped=_stopped(ran, log),
        control=ControlRecord(
            source_environment=ran.source.knowledge.policy.record.environment,
            target_environment=ran.target.text,
            target_steps=settings.target_steps,
            margin=ruling.margin,
            arms=tuple(curve(arm, ran.told.beginning, settings.margin) for arm in ran.arms),
            gauges=gauges(_curves(ran), SCRATCH),
            reached=reached(ran),
            identified=ran.identified,
            films=films,
            notes=ran.notes,
        ),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        headline=f"{ruling.decision.value}: {ruling.reason}",
    )


def _curves(ran: Ran) -> dict[str, list[tuple[LearningPoint, ...]]]:
    """Learning curves of the arms that learn in the target: others count other steps."""
    arms = [arm for arm in ran.arms if not steps_of(arm)[2]]
    return {arm.name: [one.curve for one in arm.outcomes if one.curve] for arm in arms}


def _candidate(ran: Ran, arm: Arm) -> CandidateRecord:
    strategy = STRATEGIES[arm.name]
    rows = _fresh(ran, arm) or arm.best_looks()
    score = returns.score(rows, ran.settings.seed) if rows else None
    failed = [one.status for one in arm.outcomes if one.status != "complete"]
    status = arm.stopped or (failed[0] if failed and not arm.best_looks() else "complete")
    return CandidateRecord(
        id=arm.name,
        source=ran.source.id if strategy.uses_source else None,
        parts=Parts(),
        strategy=arm.name,
        settings={
            "learners": len(arm.outcomes),
            "failed": len(failed),
            "target_steps": ran.settings.target_steps,
            "scored": "fresh episodes" if _fresh(ran, arm) else "looks on the way",
        },
        score=score.estimate if score else None,
        interval=score.interval if score else None,
        rung=4,
        cost_s=learning_s(arm),
        status=status,
        weight=1.0 if _kept_name(ran) == arm.name else 0.0,
    )


def _zero_shot(ran: Ran, score: Score) -> CandidateRecord:
    return CandidateRecord(
        id=ZERO_SHOT,
        source=ran.source.id,
        parts=Parts(frozen=("policy",)),
        strategy=ZERO_SHOT,
        settings={"scored": "fresh episodes"},
        score=score.estimate,
        interval=score.interval,
        rung=2,
        cost_s=0.0,
        status="complete",
        weight=1.0 if ran.told.ruling.kept == ZERO_SHOT else 0.0,
    )


def _fresh(ran: Ran, arm: Arm) -> tuple[tuple[float, ...], ...]:
    """Fresh episodes of an arm, where it was one of those compared."""
    if arm.name == SCRATCH:
        return ran.told.compared.control_seeds
    return ran.told.compared.transfer_seeds if arm is ran.told.best else ()


def _kept_name(ran: Ran) -> str:
    names = {"control": SCRATCH, ZERO_SHOT: ZERO_SHOT}
    return names.get(ran.told.ruling.kept) or (ran.told.best.name if ran.told.best else ZERO_SHOT)


def _verdict(ran: Ran) -> Verdict:
    ruling = ran.told.ruling
    gain = ruling.gain
    return Verdict(
        decision=ruling.decision,
        gain=gain.estimate,
        metric=returns.METRIC,
        interval=gain.interval,
        probability_of_gain=ruling.probability,
        minimum_detectable_gain=(gain.interval.high - gain.interval.low) / 2,
        label_equivalents=None,
        distance=distance(ran),
        reason=ruling.reason,
        gate_passed=ruling.kept != "control",
    )


def _chosen(ran: Ran) -> Chosen:
    compared = ran.told.compared
    rows = {"tuned": compared.tuned, ZERO_SHOT: compared.zero_shot, "control": compared.control}
    score = returns.score([rows[ran.told.ruling.kept] or ()], ran.settings.seed)
    name = _kept_name(ran)
    own = Score(score.estimate, score.interval, corrected_for_selection=True)
    return Chosen(name, (Member(name, 1.0),), own)


def _stopped(ran: Ran, log: LogWatch) -> Literal["budget", "interrupt"] | None:
    if log.stop_requested:
        return "interrupt"
    late = any(one.status == "out of time" for arm in ran.arms for one in arm.outcomes)
    return "budget" if late else None
