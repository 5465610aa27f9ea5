"""What a product needs of a model, and how far a model meets it, line by line."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from headstart.core.estimate import Interval
from headstart.core.record import Record

Met: TypeAlias = Literal["yes", "no", "unknown"]


def class_names(value: Any) -> Any:
    """A list of names; whole numbers are names too, what YAML reads as a truth value is not."""
    if not isinstance(value, list | tuple):
        raise ValueError("a list of class names")
    return tuple(_name(one) for one in value)


def floors(value: Any) -> Any:
    """One share for all classes, or a share by class."""
    if isinstance(value, dict):
        return {_name(key): _share(inner, f" for {key!r}") for key, inner in value.items()}
    return None if value is None else _share(value)


def licences(value: Any) -> Any:
    """``permissive``, ``any``, or SPDX ids; one id as a list of one."""
    if value is None or value in ("permissive", "any"):
        return value
    ids = [value] if isinstance(value, str) else value
    if not isinstance(ids, list | tuple) or not ids or not all(isinstance(one, str) for one in ids):
        raise ValueError("permissive, any, or a list of SPDX ids such as [MIT, Apache-2.0]")
    return tuple(ids)


def _name(value: Any) -> str:
    if isinstance(value, bool):
        raise ValueError('names; put "yes" and "no" in quotes, or YAML reads true and false')
    if not isinstance(value, str | int):
        raise ValueError("names of classes")
    return str(value)


def _share(value: Any, of: str = "") -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0.0 <= value <= 1.0:
        raise ValueError(f"a share of 0 to 1{of}, such as 0.8 for 80 %")
    return float(value)


class Specification(Record):
    """What is asked; None (empty) where nothing is.

    Attributes:
        classes: must be in the data, in any order.
        minimum_score: in `metric`, larger is better (an error metric is negated: ``neg_rmse`` -2.0).
        per_class_floors: recall in 0…1, by class or one for all.
        latency_ms: milliseconds an example on the machine that fits, examples answered a batch at a time.
        size_mb: of the ``model/`` folder, in 1e6 bytes.
        input_size: largest side of a picture, in pixels.
        licence: of every source in the model; ``permissive``, ``any``, or SPDX ids of which each is enough.
    """

    classes: Annotated[tuple[str, ...], BeforeValidator(class_names)] = ()
    metric: str | None = None
    minimum_score: float | None = Field(default=None, allow_inf_nan=False)
    per_class_floors: Annotated[float | dict[str, float] | None, BeforeValidator(floors)] = None
    latency_ms: float | None = Field(default=None, gt=0.0, allow_inf_nan=False)
    size_mb: float | None = Field(default=None, gt=0.0, allow_inf_nan=False)
    input_size: int | None = Field(default=None, ge=8, le=65536)
    licence: Annotated[Literal["permissive", "any"] | tuple[str, ...] | None, BeforeValidator(licences)] = (
        None
    )

    @property
    def named_classes(self) -> tuple[str, ...]:
        """Every class that it speaks of."""
        floors = self.per_class_floors if isinstance(self.per_class_floors, dict) else {}
        return tuple(dict.fromkeys((*self.classes, *floors)))

    def floor(self, of: str) -> float | None:
        """Least recall of a class."""
        floors = self.per_class_floors
        return floors.get(of) if isinstance(floors, dict) else floors


class SpecLine(Record):
    """One requirement, what was found, and whether that meets it.

    Attributes:
        requirement: its key in the specification; a floor is ``per_class_floors.CLASS``.
        wanted, found: numbers in `unit`, or words; `found` is None where it could not be measured.
        by: room between them in `unit`; negative: by how much it is missed; None where nothing is counted.
        interval: of `found`, where it is an estimate. ``yes`` needs its low end, ``no`` its high end.
        note: what else is to be known, such as how many more labels would do.
    """

    requirement: str
    wanted: float | str
    found: float | str | None
    met: Met
    by: float | None = None
    unit: str = ""
    note: str = ""
    interval: Interval | None = None
