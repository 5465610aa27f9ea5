"""What a run was asked for, complete and checked before any work is done."""

from __future__ import annotations

from dataclasses import dataclass

from headstart.core.specification import Specification
from headstart.core.task import Task
from headstart.recipes import opening, repeating, specifying
from headstart.recipes import recipe as recipes
from headstart.recipes.admitting import require_classes
from headstart.recipes.looking import machine
from headstart.recipes.opening import Opened
from headstart.recipes.recipe import Recipe
from headstart.recipes.settings import FitSettings


@dataclass(frozen=True)
class Order:
    """The settings with what specification and recipe add to them, both of these, and the data."""

    settings: FitSettings
    asked: Specification | None
    recipe: Recipe | None
    data: Opened


def taken(settings: FitSettings, task: Task | None = None) -> Order:
    """Read the specification and the recipe, open the data (`task` where they came as arrays).

    Raises:
        InputError: one of them cannot be used, or they do not go together.
        MachineError: the device asked for is not there.
    """
    if settings.device != "auto":
        machine(settings)  # it is there, or the run is refused now
    asked = specifying.read(settings.spec) if settings.spec else None
    recipe = recipes.opened(settings)
    settings = repeating.applied(specifying.applied(settings, asked), recipe)
    data = opening.opened(settings, task)
    require_classes(asked, data.task, str(settings.spec))
    repeating.require_alike(recipe, data.task)
    repeating.require_sources(recipe, settings)
    return Order(settings, asked, recipe, data)
