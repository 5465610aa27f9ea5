"""Repeat a recipe on new data: its sources, sizes, probes and tuned candidates, judged anew.

What is repeated is only the search's result; controls, folds, checks, gate and verdict are those of the new
data, which may still say that nothing should be transferred.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from headstart.core.candidate import Candidate
from headstart.core.errors import DataError, OutputError, SourceError, StoreError
from headstart.core.evidence import Evidence
from headstart.core.kinds import Modality, Preset
from headstart.core.source import Network, SourceCard
from headstart.core.task import Inputs, Task
from headstart.how.interpolation import MARK
from headstart.recipes.recipe import Recipe
from headstart.recipes.settings import FitSettings
from headstart.recipes.stored_sources import resolved
from headstart.store import Store
from headstart.what.experience import NOTHING, Experience
from headstart.what.input_sizes import Sizes, sizes_to_try
from headstart.what.look import Look
from headstart.what.plan import plan, too_few_to_tune

# What a recipe says about how to search. Where the data lie, and what they are called, is not in it.
TAKEN = ("preset", "metric", "licence", "max_networks", "folds")


def applied(settings: FitSettings, recipe: Recipe | None) -> FitSettings:
    """The settings with the recipe's options and sources, where nothing else was asked for.

    Raises:
        OutputError: the record holds options that are none.
    """
    if recipe is None:
        return settings
    typed = settings.model_dump(exclude_unset=True)
    options = recipe.record.lineage.options
    taken = {name: options[name] for name in TAKEN if name in options and name not in typed}
    taken["remember"] = typed.get("remember", False)  # the search that earlier runs shorten is not done
    if not settings.source:
        taken["source"] = recipe.sources
    try:
        return FitSettings.model_validate(taken | typed)
    except ValidationError as error:
        raise OutputError(
            f"{error.errors()[0]['loc'][0]} cannot be {error.errors()[0]['input']!r}",
            where=f"the options of {recipe.label}",
            remedy="Repeat a run that this version wrote, or set the option yourself.",
        ) from None


def require_alike(recipe: Recipe | None, task: Task) -> None:
    """The new data must be of the recipe's sort.

    Raises:
        DataError: texts after images, values after classes.
    """
    if recipe is None:
        return
    was = recipe.record.task
    if (was.modality, was.kind) != (task.modality, task.kind):
        raise DataError(
            f"{task.kind} of {task.modality}s",
            where=task.name,
            expected=f"{was.kind} of {was.modality}s, as in {recipe.label}",
            remedy="Give data of that sort, or leave --like out.",
        )


def require_sources(recipe: Recipe | None, settings: FitSettings) -> None:
    """Before anything is fetched: every source is at hand, and as it was as far as is known by now.

    Raises:
        SourceError: one is no longer at hand, or its weights are others.
    """
    if recipe is None:
        return
    store = Store(settings.store)
    for source in (one for one in recipe.sources if one in settings.source):
        try:
            card = resolved(source, store).card
        except (SourceError, StoreError) as gone:
            raise SourceError(
                f"the recipe uses {source}, which is not at hand ({gone.found})",
                where=f"--like {recipe.label}",
                remedy=_how_to_bring(source),
            ) from gone
        _same(recipe, source, card.weights_sha256)


def require_weights(recipe: Recipe | None, networks: Mapping[str, Network]) -> None:
    """After loading: the weights are those that the recipe was found with.

    Raises:
        SourceError: they are others; both hashes are named.
    """
    for source in recipe.sources if recipe else ():
        if recipe and source in networks:
            _same(recipe, source, networks[source].card.weights_sha256)


def sizes(recipe: Recipe | None) -> Sizes:
    """The input sizes to look at: the recipe's, where the source still takes them here."""
    if recipe is None:
        return sizes_to_try

    def as_found(card: SourceCard, inputs: Inputs) -> tuple[int, ...]:
        known = tuple(size for size in recipe.sizes(card.id) if size in card.input_sizes)
        return known or sizes_to_try(card, inputs)

    return as_found


def planned(
    recipe: Recipe | None, look: Look, task: Task, preset: Preset, earlier: Experience = NOTHING
) -> tuple[Candidate, ...]:
    """The candidates to tune: the recipe's as they were, or those that the look and `earlier` runs suggest.

    None where labels are too few; none at a size that a specification no longer allows.
    """
    if recipe is None:
        return plan(look, task, preset, earlier)
    if too_few_to_tune(task):
        return ()
    taken = {reading.card.id: reading.card.input_sizes for reading in look.readings}
    again = {}
    for one in recipe.members:
        if one.rung <= 2 or one.source not in taken:
            continue
        if task.modality is Modality.IMAGE and one.settings.get("size") not in taken[one.source]:
            continue
        name = one.id.partition(MARK)[0]  # a point between source and tuned comes from tuning, as before
        settings = {key: value for key, value in one.settings.items() if key != "alpha"}
        again[name] = Candidate(name, one.source, one.strategy, settings=settings, rung=one.rung)
    return tuple(again.values())


def probed(recipe: Recipe | None, look: Look) -> list[Evidence]:
    """The probes that may be combined: the recipe's.

    Of a source none of whose probes is in it, or could be made again (mirrored pictures of many rows), all.
    """
    wanted = {one.id for one in recipe.members} if recipe else set[str]()
    known = {probe.reading.card.id for probe in look.probes if probe.candidate.id in wanted}
    return [
        probe.evidence
        for probe in look.probes
        if probe.candidate.id in wanted or probe.reading.card.id not in known
    ]


def _same(recipe: Recipe, source: str, now: str) -> None:
    was = recipe.weights(source)
    if was and now and was != now:
        raise SourceError(
            f"its weights are not those of the recipe ({now})",
            where=source,
            expected=was,
            remedy="Bring back the weights that the run was made with, or leave --like out to search anew.",
        )


def _how_to_bring(source: str) -> str:
    scheme, _, name = source.partition(":")
    if scheme == "store":
        return f"Bring it back with `headstart store import FILE.tar`, under the name {name}."
    if scheme == "file":
        return f"Put the weights back at {name}, or leave --like out to search anew."
    return f"Bring it with `headstart fetch {source}`, or leave --like out to search anew."
