"""A folder per strategy: `config.py` (what can be set), `adapt.py` (the method), one registration line.

Every folder here is found and imported by itself; a new strategy changes nothing else.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}.adapt")
