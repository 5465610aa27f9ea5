"""What a development without labels found, as the record and the store's card say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from headstart.core.budget import Budget
from headstart.core.development import Choice, DevelopRecord, EpochPoint, Examples, KeptAs, Pretext, Rows
from headstart.core.run import Cost, RankedSource
from headstart.core.source import SourceCard
from headstart.core.specification import SpecLine
from headstart.core.watch import Watch
from headstart.develop.pretext import Pretrained
from headstart.recipes import cards, developing, source_story
from headstart.recipes.checking import merged
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.recording import peak_rss_bytes
from headstart.recipes.unlabelled_start import Begun, Given
from headstart.report.development_words import headline, next_steps
from headstart.store import Parent, StoredObject

METHOD: Final = "self-supervised"


@dataclass(frozen=True)
class Found:
    """All that a development without labels came to; `learning_s` seconds were spent on it."""

    given: Given
    begun: Begun
    learned: Pretrained
    learning_s: float

    @property
    def parent(self) -> SourceCard | None:
        """The source that it was continued from."""
        start = self.begun.start
        return start.network.card if start.parent else None

    @property
    def rows(self) -> Rows:
        """How the examples were used."""
        held = self.learned.held
        return Rows(learn=len(self.given.inputs) - held, stop=0, test=held, left_out=0)

    @property
    def pretext(self) -> Pretext:
        """What is known of it without labels."""
        before, after = self.learned.agreement
        return Pretext(
            method=self.learned.method,
            before=before,
            after=after,
            likeness=self.learned.likeness,
            n=self.learned.held,
            gain=self.learned.gain,
        )


def source_card(found: Found, name: str) -> SourceCard:
    """The network as a source; its hash is filled in when it is packed."""
    given, start = found.given, found.begun.start
    said = (
        f"developed without labels on {given.name}: {len(given.inputs)} {given.inputs.modality.value}s, "
        f"by {found.learned.method}"
    )
    return source_story.made_from(
        start.network.card, start.parent, name, said, Parent(given.fingerprint, given.name)
    )


def object_card(source: SourceCard, found: Found, spent: Cost, settings: DevelopSettings) -> dict[str, Any]:
    """What the store says about the object."""
    told = {
        "task": examples(found).model_dump(exclude={"n_classes", "class_counts"}),
        "held_out": None,
        "baseline": None,
        "pretext": found.pretext,
        "intended_use": intended_use(found),
        "limits": limits(found),
    }
    return cards.of_developed(source, choice(found), found.rows, spent, settings, told)


def intended_use(found: Found) -> str:
    """What the source is for."""
    return (
        f"A start for tasks on {found.given.inputs.modality.value}s like those of {found.given.name}: "
        "its features to be read by probes, its blocks to be tuned. It answers nothing by itself."
    )


def limits(found: Found) -> str:
    """What not to expect of it."""
    return (
        "It was taught to know an example again in altered views of it; what tells classes apart may be just "
        "what the views alter, such as colour or orientation. No label was looked at and no score was taken: "
        f"what its {found.rows.learn} examples are worth, each new task has to show."
    )


def examples(found: Found) -> Examples:
    """What it was developed on."""
    given = found.given
    return Examples(
        id=given.name,
        modality=given.inputs.modality,
        n_train=len(given.inputs),
        fingerprint=given.fingerprint,
    )


def choice(found: Found) -> Choice:
    """What was developed from what, and why it was kept."""
    start, learned = found.begun.start, found.learned
    return Choice(
        method=METHOD,
        start=start.id,
        parent=start.parent,
        architecture=start.network.card.architecture,
        parameters=sum(block.parameters for block in start.network.blocks),
        input_size=start.size,
        frozen_blocks=0,
        blocks=len(start.network.blocks),
        mirrored=False,
        best_epoch=learned.epochs,
        epochs=learned.epochs,
        reason=f"{'continued from ' + start.parent if start.parent else 'from scratch'}; {learned.reason}.",
        alternatives=(),
    )


def cost(found: Found, clock: Budget, stages_s: dict[str, float]) -> Cost:
    """Seconds and bytes so far; the speed is that of learning."""
    learned = found.rows.learn * found.learned.epochs
    return Cost(
        wall_s=clock.spent_s(),
        forward_pass_s=0.0,
        peak_rss_bytes=peak_rss_bytes(),
        examples_per_s=learned / found.learning_s if found.learning_s > 0 else 0.0,
        download_s=found.begun.download_s,
        stages_s=stages_s,
    )


def why_stopped(watch: Watch, learned: Pretrained) -> Literal["budget", "interrupt"] | None:
    """Whether it was cut short, and by what."""
    if watch.stop_requested:
        return "interrupt"
    return None if learned.finished else "budget"


def record(
    settings: DevelopSettings,
    kept: StoredObject,
    found: Found,
    seen: Sequence[RankedSource],
    specification: Sequence[SpecLine],
    spent: Cost,
    stopped: Literal["budget", "interrupt"] | None,
) -> DevelopRecord:
    """Everything in the form that `develop.json` keeps; `seen` is the new source from the target."""
    made = DevelopRecord(
        name=kept.name,
        object=KeptAs(name=kept.name, version=kept.version, sha256=kept.sha256, bytes=kept.bytes),
        task=examples(found),
        selection=(),
        choice=choice(found),
        rows=found.rows,
        curve=tuple(
            EpochPoint(epoch=epoch, train_loss=loss, held_out_loss=None, held_out_score=None)
            for epoch, loss in enumerate(found.learned.curve, 1)
        ),
        held_out=None,
        baseline=None,
        findings=merged(found.given.findings, found.begun.findings, developing.unmet(specification)),
        cost=spent,
        lineage=developing.lineage(found.given.fingerprint, settings, found.parent),
        stopped=stopped,
        card=dict(kept.card),
        pretext=found.pretext,
        specification=tuple(specification),
        reuse=tuple(seen),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    told = {"next_steps": next_steps(made, settings.target), "headline": headline(made)}
    return made.model_copy(update=told)
