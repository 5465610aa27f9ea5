"""Cards: what the knowledge store says about an object, in plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from headstart import __version__
from headstart.core.development import Choice, Rows
from headstart.core.run import Cost
from headstart.core.source import SourceCard
from headstart.recipes.develop_settings import DevelopSettings


def as_json(said: Mapping[str, Any]) -> dict[str, Any]:
    """Records as plain values; not-a-number is nothing."""
    from pydantic_core import from_json, to_json

    card: dict[str, Any] = from_json(to_json(said, inf_nan_mode="null"))
    return card


def of_developed(
    source: SourceCard,
    choice: Choice,
    rows: Rows,
    spent: Cost,
    settings: DevelopSettings,
    told: Mapping[str, Any],
) -> dict[str, Any]:
    """The card of a developed source; `told` is what its way of developing alone can say."""
    shared = {
        "source": asdict(source),
        "method": choice.method,
        "choice": choice,
        "rows": rows,
        "cost": spent,
        "seed": settings.seed,
        "code_version": __version__,
    }
    return as_json({**shared, **told})
