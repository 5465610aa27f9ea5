"""What tuning would cost the source task, how far back to the source holds it, and what that costs here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from headstart.core.budget import Budget
from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.kinds import Modality, Preset
from headstart.core.run import Remembered, Retention, RetentionPoint
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.data import select
from headstart.how.interpolation import points
from headstart.how.predictor import TunedNetwork
from headstart.how.race import FAILURES, Race
from headstart.how.retention import ALPHAS, pass_s, remember
from headstart.recipes.keeping import LEAST_ROWS, MOST_ROWS, Kept, divided
from headstart.recipes.old_heads import learned_from, old_head
from headstart.recipes.settings import FitSettings
from headstart.recipes.tuning import joined
from headstart.training.input_size import input_size
from headstart.when.forgetting import Scorer

# How much of the way from source to tuned is offered to the combination beside the tuned network: fixed
# beforehand, so that nothing is chosen on rows that it is scored on.
OFFERED_AT: dict[Preset, tuple[float, ...]] = {
    Preset.FAST: (0.5,),
    Preset.BALANCED: (0.5,),
    Preset.BEST: (0.25, 0.5, 0.75),
}
KEEP_FRAC = 0.15  # of the time limit, at most
TIMED_ROWS = 16
MARGIN = 1.3  # on the timed rows: other work on the machine


def seconds(kept: Kept | None, settings: FitSettings) -> float:
    """What must be left of the time limit after tuning."""
    return KEEP_FRAC * settings.time_limit_s if kept is not None and settings.time_limit_s else 0.0


def retained(
    kept: Kept | None,
    race: Race,
    task: Task,
    folds: Folds,
    budget: Budget,
    watch: Watch,
    *,
    settings: FitSettings,
) -> tuple[Race, Retention | None]:
    """Ask every tuned network of the race what it still knows of the source task.

    Points between source and tuned join the race (OFFERED_AT). With ``--keep-at-least`` a tuned network gives
    way to the point nearest to it that holds so much of the source's score, or to none. Nothing of the target
    is looked at for that, so the race stays honest.
    """
    if kept is None:
        return race, None
    bases = [e for e in race.evidence if e.candidate.id in race.members and e.candidate.source is not None]
    watch.stage("retention", len(bases))
    networks, reasons = [], []
    for place, base in enumerate(bases):
        question = Question(kept, race, base, task, folds, budget.left_s() / (len(bases) - place))
        rows = question.affordable_rows()
        if watch.stop_requested or rows < LEAST_ROWS:
            reasons.append(f"{base.candidate.id}: no time was left to ask it")
            continue
        try:
            line, offers = question.answered(rows, settings.store)
        except FAILURES as failure:
            reasons.append(f"{base.candidate.id}: {failure}")
            continue
        networks.append(line)
        if settings.keep_at_least is None:
            race = joined(race, *(offers[alpha] for alpha in OFFERED_AT[settings.preset]))
        else:
            holding = held_at(line, settings.keep_at_least)
            race = giving_way(race, base, Race((), {}) if holding is None else offers[holding])
        watch.advance()
    named = Retention(
        task=kept.task.name,
        metric=kept.task.metric,
        fingerprint=kept.task.fingerprint,
        left_out=kept.left_out,
        networks=tuple(networks),
        reason="; ".join(reasons),
    )
    return race, named


def held_at(line: Remembered, at_least: float) -> float | None:
    """The point nearest to the tuned one that keeps `at_least` of the source's score; None: no such."""
    floor = line.before * at_least if line.before >= 0 else line.before / at_least
    holding = [point.alpha for point in line.curve if point.source_score >= floor and point.alpha > 0]
    return max(holding, default=None)


def giving_way(race: Race, base: Evidence, instead: Race) -> Race:
    """The race with `instead` in the place of a tuned network."""
    name = base.candidate.id
    others = tuple(evidence for evidence in race.evidence if evidence.candidate.id != name)
    members = {key: member for key, member in race.members.items() if key != name}
    return joined(Race(others, members), instead)


@dataclass(frozen=True)
class Question:
    """One tuned network before the source task, with `share_s` seconds to answer."""

    kept: Kept
    race: Race
    base: Evidence
    task: Task
    folds: Folds
    share_s: float

    @property
    def member(self) -> TunedNetwork:
        """The network."""
        return self.race.members[self.base.candidate.id]

    @property
    def size(self) -> int:
        """Pixels as it was tuned at, or as many tokens as the source task's texts need."""
        asked = None if self.task.modality is Modality.TEXT else int(self.member.config["size"])
        return input_size(self.member.network, self.kept.task.inputs, asked)

    def affordable_rows(self) -> int:
        """Rows of the source task that there is time for, by a few timed ones; MOST_ROWS without a limit."""
        if self.share_s == float("inf"):
            return MOST_ROWS
        if self.share_s <= 0:
            return 0
        inputs = self.kept.task.inputs
        row_s = pass_s(self.member, inputs.select(range(min(TIMED_ROWS, len(inputs)))), self.size)
        target_s = row_s * len(self.task) * len(ALPHAS)
        models = len(self.member.models)
        passes = 1 + models * (1 + 0.5 * (len(ALPHAS) - 2))  # the points between are read on the scored half
        return min(int((self.share_s / MARGIN - target_s) / (row_s * passes)), MOST_ROWS)

    def answered(self, rows: int, store: str | None) -> tuple[Remembered, Mapping[float, Race]]:
        """Its line in the record, and what could take its place in the race at each point."""
        network, whole = self.member.network, self.kept.task
        asked, seen = divided(whole, learned_from(network, whole), rows)
        head = old_head(network, whole, store)
        memory = remember(self.member, asked, self.size, head)
        scorer = Scorer(select(asked.task, asked.scored))
        offers = self.offers()
        own = Scorer(self.task)
        before, after = memory.by_alpha[0.0], memory.by_alpha[1.0]
        curve = []
        for alpha in ALPHAS:
            (evidence,) = offers[alpha].evidence
            fell, interval = scorer.forgotten(before, memory.by_alpha[alpha])
            point = RetentionPoint(
                alpha=alpha,
                target_score=own.score(evidence.pooled),
                source_score=scorer.score(memory.by_alpha[alpha]),
                forgetting=fell,
                interval=interval,
            )
            curve.append(point)
        line = Remembered(
            candidate=self.base.candidate.id,
            source=str(self.base.candidate.source),
            head="ridge" if head is None else "stored",
            n=len(asked.scored),
            seen=seen,
            before=scorer.score(before),
            before_interval=scorer.interval(before),
            after=scorer.score(after),
            after_interval=scorer.interval(after),
            refitted_before=scorer.score(memory.refitted_before),
            refitted=scorer.score(memory.refitted),
            curve=tuple(curve),
        )
        return line, offers

    def offers(self) -> dict[float, Race]:
        """By alpha the candidate there, with evidence and member; 1 is the tuned one itself."""
        name, ends = self.base.candidate.id, [alpha for alpha in ALPHAS if alpha < 1]
        own = Race((self.base,), {name: self.member})
        return points(self.base, self.member, self.task, self.folds, ends) | {1.0: own}
