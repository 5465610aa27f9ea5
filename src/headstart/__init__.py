"""headstart: what to transfer, when, and how, with evidence, and the tuned model.

>>> import headstart as hs
>>> run = hs.fit("photos/", time_limit_s=120)  # doctest: +SKIP
>>> run.verdict.decision, run.model.predict(["a.jpg"])  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from headstart.recipes.api import develop, distil, fit, inspect, load, rank
    from headstart.recipes.estimators import TransferClassifier, TransferRegressor

__all__ = [
    "TransferClassifier",
    "TransferRegressor",
    "__version__",
    "develop",
    "distil",
    "fit",
    "inspect",
    "load",
    "rank",
]

# Loaded when first asked for (PEP 562): `import headstart` is instant and brings in no torch.
_HOMES = {
    "fit": "headstart.recipes.api",
    "rank": "headstart.recipes.api",
    "develop": "headstart.recipes.api",
    "distil": "headstart.recipes.api",
    "inspect": "headstart.recipes.api",
    "load": "headstart.recipes.api",
    "TransferClassifier": "headstart.recipes.estimators",
    "TransferRegressor": "headstart.recipes.estimators",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'headstart' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
