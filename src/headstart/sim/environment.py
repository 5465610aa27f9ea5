"""An environment by what the user typed: parsed once, opened anywhere, its parameters kept."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from headstart.core.errors import SimulationError

if TYPE_CHECKING:
    import gymnasium

FORMS = "ENV-v0, ENV-v0?parameter=value, module:ENV-v0, pair:NAME/source or pair:NAME/target"
SIDES = ("source", "target")
_NAME = re.compile(r"[A-Za-z0-9][\w./-]*")


@dataclass(frozen=True, slots=True)
class EnvironmentId:
    """Which environment, with which parameters.

    Attributes:
        text: what was typed.
        gym_id: what Gymnasium knows it by; for a pair its name.
        parameters: keyword arguments by name, each a number, a word, a list, a dict, true, false or null.
        module: what to import first, because the user typed it; None as a rule.
        side: ``source`` or ``target`` of a built-in pair; None for an environment of its own.
    """

    text: str
    gym_id: str
    parameters: tuple[tuple[str, Any], ...] = ()
    module: str | None = None
    side: str | None = None

    @classmethod
    def parse(cls, text: str, *, typed: bool = False) -> EnvironmentId:
        """Read an environment's text; `typed`: a person typed it just now, so a module may be imported.

        Raises:
            SimulationError: the text has none of the forms, or names a module and was not typed (an artefact
                never has code run).

        >>> EnvironmentId.parse("Pendulum-v1?g=14.0&render_mode=rgb_array").kwargs
        {'g': 14.0, 'render_mode': 'rgb_array'}
        >>> EnvironmentId.parse("pair:pendulum-heavy/target").side
        'target'
        """
        name, _, tail = text.strip().partition("?")
        parameters = tuple(_parameter(part, text) for part in tail.split("&") if part)
        if len(dict(parameters)) < len(parameters):
            raise SimulationError("a parameter is given twice", where=text, expected="each once")
        kind, colon, rest = name.partition(":")
        if kind == "pair" and colon:
            pair, _, side = rest.partition("/")
            if not _NAME.fullmatch(pair) or side not in SIDES:
                raise SimulationError(f"'{name}' names no side of a pair", expected=FORMS)
            return cls(text, pair, parameters, side=side)
        module, gym_id = (kind, rest) if colon else (None, name)
        if not _NAME.fullmatch(gym_id) or (module is not None and not _is_module(module)):
            raise SimulationError(f"'{text}' is no environment", expected=FORMS)
        if module is not None and not typed:
            raise SimulationError(
                f"'{text}' would import the module {module}, and nobody typed it now",
                remedy="headstart imports code only when it is asked to: type the environment yourself.",
            )
        return cls(text, gym_id, parameters, module)

    @property
    def kwargs(self) -> dict[str, Any]:
        """The parameters as keyword arguments."""
        return dict(self.parameters)

    def having(self, **parameters: Any) -> EnvironmentId:
        """The same environment with other parameters, and a text that says so.

        >>> EnvironmentId.parse("Pendulum-v1?g=9").having(g=14.0).text
        'Pendulum-v1?g=14.0'
        """
        merged = self.kwargs | parameters
        tail = "&".join(f"{name}={_shown(value)}" for name, value in merged.items())
        text = self.text.partition("?")[0] + (f"?{tail}" if tail else "")
        return replace(self, text=text, parameters=tuple(merged.items()))


def open_environment(identity: EnvironmentId, *, render_mode: str | None = None) -> gymnasium.Env[Any, Any]:
    """Make the environment, with its time limit; close it when done.

    `render_mode` is ``rgb_array`` for films; None (the default) draws nothing.

    Raises:
        SimulationError: unknown (near names are said), of other parameters, or its maker failed.
        MachineError: a package that it needs is missing; says the line that installs it.
    """
    given = identity.kwargs
    mode = render_mode or given.pop("render_mode", None)
    if identity.side is not None:
        from headstart.sim.pairs import open_pair

        return open_pair(identity.gym_id, identity.side, render_mode=mode, **given)
    from headstart.sim.making import make

    return make(identity.gym_id, module=identity.module, render_mode=mode, **given)


def _parameter(part: str, text: str) -> tuple[str, Any]:
    name, equals, value = part.partition("=")
    if not equals or not name.isidentifier():
        raise SimulationError(f"'{part}' is no parameter", where=text, expected="name=value after the '?'")
    return name, _value(unquote(value))


def _value(text: str) -> Any:
    """A number, true, false, null, a JSON list or dict; else the word itself."""
    try:
        return json.loads(text, parse_constant=lambda word: word)
    except json.JSONDecodeError:
        return {"True": True, "False": False, "None": None}.get(text, text)


def _shown(value: Any) -> str:
    plain = value if isinstance(value, str) and _value(value) == value else json.dumps(value)
    return quote(plain, safe='/:,;@+-=[]{}"')


def _is_module(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))
