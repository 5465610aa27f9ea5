"""What a specification leaves in play: classes that the data must have, sources that may be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from headstart.core.errors import DataError, SourceError
from headstart.core.finding import Finding
from headstart.core.kinds import Kind, Modality, Severity
from headstart.core.source import Network, Source, SourceCard
from headstart.core.specification import Specification
from headstart.core.task import Task
from headstart.recipes import mistakes


def require_classes(asked: Specification | None, task: Task, where: str) -> None:
    """The data must have every class that the product needs: no training mends what nobody labelled.

    Raises:
        DataError: a class is missing, or the data are values.
    """
    if asked is None or not (asked.named_classes or asked.per_class_floors):
        return
    if task.kind is not Kind.CLASSIFICATION:
        raise DataError(
            f"{where} asks for classes, and the data hold values",
            expected="labels that are names of classes",
            remedy="Pass --kind classification where the numbers are names, or correct the specification.",
        )
    missing = [name for name in asked.named_classes if name not in task.classes]
    if missing:
        told = ", ".join(f"{name!r}{mistakes.near(name, task.classes).rstrip()}" for name in missing)
        raise DataError(
            f"the specification names classes that the data lack: {told}",
            where=where,
            expected=f"among {', '.join(map(repr, task.classes[:20]))}",
            remedy="Add labelled examples of them, or correct the specification.",
        )


def admitted(
    sources: Sequence[Source], asked: Specification | None, modality: Modality, *, named: bool
) -> tuple[tuple[Source, ...], tuple[Finding, ...]]:
    """The sources that the specification allows, and a finding for each that it does not.

    Raises:
        SourceError: a source that the user named is not allowed.
    """
    if asked is None:
        return tuple(sources), ()
    refused = {source.card.id: refusal(source.card, asked, modality) for source in sources}
    for source, why in refused.items():
        if why and named:
            raise SourceError(
                f"the specification does not allow it: {why}",
                where=source,
                remedy="Leave it out of --source, or change the specification.",
            )
    findings = tuple(left_out(source, why) for source, why in refused.items() if why)
    return tuple(source for source in sources if not refused[source.card.id]), findings


def refusal(card: SourceCard, asked: Specification, modality: Modality) -> str:
    """Why a source may not be used, in words; empty where it may."""
    if not permitted(card, asked):
        licence = asked.licence if isinstance(asked.licence, str) else " or ".join(asked.licence or ())
        return f"its licence is {card.licence}, asked for is {licence}"
    smallest = min(card.input_sizes, default=0)
    if modality is Modality.IMAGE and asked.input_size is not None and smallest > asked.input_size:
        return f"it reads pictures of {smallest} pixels a side at least, the product has {asked.input_size}"
    return ""


def permitted(card: SourceCard, asked: Specification) -> bool:
    """Whether its licence will do; of ``A OR B`` one is enough."""
    if asked.licence is None or asked.licence == "any":
        return True
    if asked.licence == "permissive":
        return card.permissive
    choices = {one.strip(" ()").casefold() for one in card.licence.split(" OR ")}
    return bool(choices & {one.casefold() for one in asked.licence})


def narrowed(network: Network, asked: Specification | None) -> Network:
    """The network, taking no larger pictures than the product has."""
    card = network.card
    if asked is not None and asked.input_size is not None and card.modality is Modality.IMAGE:
        sizes = tuple(size for size in card.input_sizes if size <= asked.input_size)
        network.card = replace(card, input_sizes=sizes)
    return network


def left_out(source: str, why: str) -> Finding:
    """A source at hand that the specification does not allow."""
    return Finding(
        code="HS-S30",
        severity=Severity.INFO,
        title="A source that the specification does not allow",
        detail=f"{source}: {why}.",
        where=(source,),
        remedy="Nothing to do; change the specification if it should be used.",
        applied="left out of this run",
    )
