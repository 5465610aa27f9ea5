"""What a run of `sim fit` found, as `run.json` says it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

import numpy as np

from headstart import __version__
from headstart.core.candidate import Parts
from headstart.core.control import ArmCurve, ControlRecord, Film, Identified, LearnerCurve
from headstart.core.estimate import Interval, Score
from headstart.core.finding import Finding
from headstart.core.kinds import Kind, Modality
from headstart.core.run import CandidateRecord, Cost, Lineage, RankedSource, RunRecord, TaskRecord
from headstart.core.verdict import Chosen, Distance, DistanceEvidence, Member, Verdict
from headstart.metrics import returns
from headstart.recipes.log import LogWatch
from headstart.recipes.policies import Found
from headstart.recipes.recording import environment as installed
from headstart.recipes.recording import peak_rss_bytes
from headstart.recipes.sim_race import SCRATCH, Arm
from headstart.recipes.sim_settings import SimFitSettings
from headstart.sim import spaces
from headstart.sim.environment import EnvironmentId
from headstart.sim.gate import Compared, Ruling
from headstart.sim.gauges import gauges
from headstart.sim.identification import Identification
from headstart.sim.learning.versions import versions
from headstart.sim.metered import Ledger
from headstart.sim.strategies import STRATEGIES

ZERO_SHOT = "zero-shot"
NEAR = 0.25  # of the way from the source's return down to that of a policy that knows nothing


@dataclass(frozen=True)
class Told:
    """What the evidence says: the source's looks, fresh episodes, the best arm, the gate, the simulator."""

    beginning: tuple[float, ...]
    compared: Compared
    best: Arm | None
    ruling: Ruling
    identification: Identification | None = None


@dataclass(frozen=True)
class Ran:
    """All that a run came to, before it is written. `ledger`: evaluation outside of the learners."""

    settings: SimFitSettings
    source: Found
    target: EnvironmentId
    arms: Sequence[Arm]
    told: Told
    ledger: Ledger
    findings: tuple[Finding, ...] = ()

    @property
    def identified(self) -> tuple[Identified, ...]:
        """The parameters, the delay last, as the record says them."""
        known = self.told.identification
        if known is None:
            return ()
        lines = [
            Identified(name=name, value=value, interval=known.intervals[name], before=known.defaults[name])
            for name, value in known.values.items()
        ]
        exact = Interval(float(known.delay), float(known.delay), returns.LEVEL)
        return (*lines, Identified(name="delay_steps", value=known.delay, interval=exact, before=0.0))

    @property
    def target_steps(self) -> int:
        """Steps in the target environment: every arm's, and every evaluation's."""
        return self.ledger.steps + sum(steps_of(arm)[0] + steps_of(arm)[1] for arm in self.arms)

    @property
    def violations(self) -> float:
        """Safety limits broken in them."""
        return self.ledger.violations + sum(violations_of(arm) for arm in self.arms)


def record(ran: Ran, films: tuple[Film, ...], log: LogWatch, started_s: float) -> RunRecord:
    """The record of the run."""
    settings, ruling, seed = ran.settings, ran.told.ruling, ran.settings.seed
    zero = returns.score([ran.told.compared.zero_shot or ran.told.beginning], seed)
    source_line = RankedSource(
        source=ran.source.id,
        rank=1,
        score=zero.estimate,
        interval=zero.interval,
        cost_s=0.0,
        input_size=spaces.width(ran.source.knowledge.policy.record.observation_space),
        distance=distance(ran).value if distance(ran) else None,
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
            examples_per_s=ran.target_steps / max(sum(_learning_s(arm) for arm in ran.arms), 1e-9),
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
            arms=tuple(_curve(ran, arm) for arm in ran.arms),
            gauges=gauges(
                {arm.name: [o.curve for o in arm.outcomes if o.curve] for arm in ran.arms}, SCRATCH
            ),
            identified=ran.identified,
            films=films,
        ),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        headline=f"{ruling.decision.value}: {ruling.reason}",
    )


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
        cost_s=_learning_s(arm),
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


def distance(ran: Ran) -> Distance | None:
    """How much of what the source returns at home is lost in the target: 0 nothing, 1 as if untrained."""
    control = ran.arms[0].outcomes
    untrained = [np.mean(one.curve[0].returns) for one in control if one.curve]
    if ran.source.returned is None or not untrained:
        return None
    reach = ran.source.returned - float(np.mean(untrained))
    if reach <= 0:
        return None
    lost = (ran.source.returned - float(np.mean(ran.told.beginning))) / reach
    value = min(max(lost, 0.0), 1.0)
    return Distance("near" if value < NEAR else "far", value, DistanceEvidence(None, None, None))


def _curve(ran: Ran, arm: Arm) -> ArmCurve:
    strategy = STRATEGIES[arm.name]
    lasts = arm.last_looks()
    learned, looked, simulated = steps_of(arm)
    floor = float(np.mean(ran.told.beginning))
    below = sum(float(np.mean(last)) < floor - ran.settings.margin * abs(floor) for last in lasts)
    return ArmCurve(
        candidate=arm.name,
        title=strategy.title,
        paper=strategy.paper,
        learners=tuple(
            LearnerCurve(seed=one.seed, points=one.curve, best_step=one.best_step, status=one.status)
            for one in arm.outcomes
        ),
        steps=learned,
        looked=looked,
        simulated=simulated,
        violations=violations_of(arm),
        harmed=below if strategy.uses_source else None,
    )


def steps_of(arm: Arm) -> tuple[int, int, int]:
    """Steps that an arm learned from in the target, that it was looked at in, and that were simulated."""
    taken = sum(one.steps for one in arm.outcomes)
    looked = sum(one.looked for one in arm.outcomes)
    return (0, looked, taken) if any(job.is_simulated for job in arm.jobs) else (taken, looked, 0)


def violations_of(arm: Arm) -> float:
    """Safety limits broken in the target; what happens in a simulator hurts nobody."""
    simulated = any(job.is_simulated for job in arm.jobs)
    return sum(one.looked_violations + (0.0 if simulated else one.violations) for one in arm.outcomes)


def _learning_s(arm: Arm) -> float:
    return sum(one.wall_s for one in arm.outcomes)


def _stopped(ran: Ran, log: LogWatch) -> Literal["budget", "interrupt"] | None:
    if log.stop_requested:
        return "interrupt"
    late = any(one.status == "out of time" for arm in ran.arms for one in arm.outcomes)
    return "budget" if late else None
