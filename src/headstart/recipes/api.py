"""The Python interface: the commands as functions, with the same option names."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from headstart.core.errors import DataError
from headstart.core.watch import Silent, Watch
from headstart.recipes.settings import FitSettings, JobSettings

if TYPE_CHECKING:
    from headstart.core.distillation import Distillation
    from headstart.core.task import Task
    from headstart.recipes.development import Development
    from headstart.recipes.inspect import Inspection
    from headstart.recipes.rank import Ranking
    from headstart.recipes.transfer import Run
    from headstart.serve import AdaptedModel
    from headstart.sim.policy import Policy

Data: TypeAlias = "str | PathLike[str] | tuple[Sequence[Any], Sequence[Any]]"
Examples: TypeAlias = "Data | Sequence[Any]"


def fit(
    data: Data,
    *,
    time_limit_s: float | None = None,
    seed: int = 0,
    watch: Watch | None = None,
    **options: Any,
) -> Run:
    """Decide what, when and how to transfer to `data`, and adapt the winner.

    Args:
        data: a folder or a table as on the command line, or ``(X, y)``: n images (PIL or paths) or
            texts, and n labels.
        time_limit_s: seconds from start to written report; None: as long as the preset's work takes.
        seed: same seed, same result.
        watch: hears of the progress; nobody by default.
        options: any other option of ``headstart fit``, e.g. ``preset="fast"``, ``test="test/"``.

    Raises:
        OptionError: all mistakes in the options at once.
        DataError: the data cannot be used.
        NothingYet: the time was over before there was a model.
    """
    from headstart.recipes.transfer import transfer

    settings, task = _read(data, {"time_limit_s": time_limit_s, "seed": seed, **options})
    return transfer(settings, watch or Silent(), task=task)


def develop(
    data: Data | Sequence[str | PathLike[str]],
    *,
    name: str,
    time_limit_s: float | None = None,
    seed: int = 0,
    watch: Watch | None = None,
    **options: Any,
) -> Development:
    """Develop a source model on a task with plenty of data, and keep it in the store as ``name``.

    Args:
        data: a path as on the command line, a list of them (then ``target=`` picks one), or ``(X, y)``.
        name: one word; the store counts versions up.
        time_limit_s: seconds from start to written report; None: as long as the preset's work takes.
        seed: same seed, same weights.
        watch: hears of the progress; nobody by default.
        options: any other option of ``headstart develop``, e.g. ``parent="scratch"``.

    Raises:
        OptionError, DataError, SourceError, StoreError: what was given will not do.
        NothingYet: stopped before there was anything to keep.
    """
    from headstart.recipes.develop import develop as develop_source
    from headstart.recipes.develop_settings import DevelopSettings

    given = {"name": name, "time_limit_s": time_limit_s, "seed": seed, **options}
    if isinstance(data, tuple):
        settings = DevelopSettings.read({"data": "(X, y)", **given})
        return develop_source(settings, watch or Silent(), task=_task(data, settings))
    paths = [fspath(data)] if isinstance(data, str | PathLike) else [fspath(one) for one in data]
    return develop_source(DevelopSettings.read({"data": paths, **given}), watch or Silent())


def rank(data: Data, *, watch: Watch | None = None, **options: Any) -> Ranking:
    """Rank the sources at hand for `data`; options as for `fit`."""
    from headstart.recipes.rank import rank as rank_sources

    settings, task = _read(data, options)
    return rank_sources(settings, watch or Silent(), task=task)


def inspect(data: Data, *, watch: Watch | None = None, **options: Any) -> Inspection:
    """Check `data`: findings with their remedies; options as for `fit`."""
    from headstart.recipes.inspect import inspect_data

    settings, task = _read(data, options)
    return inspect_data(settings, watch or Silent(), task=task)


def distil(
    model: str | PathLike[str],
    data: Examples,
    *,
    out: str | PathLike[str],
    source: str | None = None,
    watch: Watch | None = None,
    **options: Any,
) -> Distillation:
    """Fit one network of a combination on the combination's own answers, and write it to `out`.

    Args:
        model: a run's folder or its ``model/`` folder.
        data: examples like those to be answered, at least 20: a path, n images or texts, or ``(X, y)``.
            Labels are not needed; where there are some they only score teacher and student.
        out: the model folder to write; ``headstart.load`` reads it.
        source: id of the member to keep; the heaviest one by default.
        watch: hears of the progress; nobody by default.
        options: any other option of ``headstart distil``, e.g. ``text="review"``, ``seed=1``.

    Raises:
        OutputError: the model is one network already or only a control, or something stands at `out`.
        OptionError: `source` is no member that could be a student.
        DataError: the data cannot be used, or has too few rows.
    """
    from headstart.recipes.distil import distil as distil_model

    return distil_model(model, data, out=out, source=source, watch=watch, **options)


def load(path: str | PathLike[str]) -> AdaptedModel | Policy:
    """The model in a ``model/`` folder, or in a run's folder; needs no network. Of control it is a policy.

    Raises:
        OutputError: the folder holds no model, or a damaged one.
    """
    from headstart.serve import AdaptedModel
    from headstart.sim.policy import RECORD, Policy

    for folder in (Path(path), Path(path) / "model"):
        if (folder / RECORD).is_file():
            return Policy.load(folder)
    return AdaptedModel.load(path)


def _read(data: Data, options: dict[str, Any]) -> tuple[FitSettings, Task | None]:
    """Settings, and the task where the data came as arrays (a path is read by the recipe)."""
    if not isinstance(data, tuple):
        return FitSettings.read({"data": fspath(data), **options}), None
    settings = FitSettings.read({"data": "(X, y)", **options})
    return settings, _task(data, settings)


def _task(data: tuple[Sequence[Any], Sequence[Any]], settings: JobSettings) -> Task:
    """The task of data that came as arrays."""
    if len(data) != 2:
        raise DataError(
            f"a tuple of {len(data)}",
            where="data",
            expected="a path, or (X, y)",
            remedy="Pass a path, or the pair (X, y).",
        )

    from headstart.data import from_arrays

    return from_arrays(
        *data,
        kind=settings.kind,
        metric=settings.metric,
        seed=settings.seed,
        normalize_labels=settings.normalize_labels,
    )
