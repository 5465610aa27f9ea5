"""One network that answers like a combination: the teacher answers, the student learns, both are measured."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.distillation import Distillation
from headstart.core.errors import NothingYet, OutputError
from headstart.core.kinds import Kind
from headstart.core.task import Inputs, Task
from headstart.core.watch import Silent, Watch
from headstart.data import LoadOptions
from headstart.data import folds as make_folds
from headstart.data.assembly import assemble
from headstart.data.targets import Targets
from headstart.recipes import student_folder, transfer_set
from headstart.recipes import teacher as teachers
from headstart.recipes.likeness import compared
from headstart.recipes.speed import milliseconds
from headstart.recipes.transfer_set import TransferSet
from headstart.serve import AdaptedModel
from headstart.training.blas import one_blas_thread
from headstart.what.probed_source import ProbedSource
from headstart.what.student import student

Array = NDArray[np.float64]

CHUNK = 256  # rows between two looks at the watch; enough texts of one length to fill a batch
N_FOLDS, N_REPEATS = 5, 2


def distil(
    model: str | PathLike[str],
    data: Any,
    *,
    out: str | PathLike[str],
    source: str | None = None,
    label: str | None = None,
    text: str | None = None,
    image: str | None = None,
    normalize_labels: bool = False,
    seed: int = 0,
    watch: Watch | None = None,
) -> Distillation:
    """Fit one network of `model` on the model's own answers for `data`, and write it to `out`.

    Raises:
        OutputError: `model` cannot be distilled, or something stands at `out`.
        OptionError: `source` is no member that could be a student.
        DataError: `data` cannot be used, or has too few rows.
        NothingYet: stopped before there was a student.
    """
    watch = watch or Silent()
    folder = unclaimed(Path(out).expanduser())
    teacher = teachers.opened(model)
    member = teachers.pupil(teacher, source)
    watch.stage("reading")
    columns = LoadOptions(label=label, text=text, image=image, normalize_labels=normalize_labels)
    given = transfer_set.opened(data, teacher.model.signature, columns, seed=seed)
    with one_blas_thread():
        answers = ask(teacher.model, given.inputs, watch)
        task = answered(teacher.model, given, answers, seed)
        folds = make_folds(task, n_folds=N_FOLDS, n_repeats=N_REPEATS)
        features = read(member, given.inputs, watch)
        fitted = student(member, features, task, answers, folds)
        known = member.familiarity.known(features[member.familiarity.tap])
        likeness = compared(teacher, given, task, answers, fitted.out_of_fold, known, folds)
        made = student_folder.packed(teacher, given, fitted, answers)
        watch.stage("timing")
        times_ms = milliseconds((teacher.model.run, made.run), given.inputs)
    watch.stage("writing")
    found = student_folder.record(teacher, given, fitted, likeness, times_ms)
    return student_folder.keep(folder, made, member.network.card, found)


def unclaimed(folder: Path) -> Path:
    """`folder`, where nothing stands yet and something can be written.

    Raises:
        OutputError: something stands there.
        MachineError: it cannot be written.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise OutputError(
            "something stands here already",
            where=str(folder),
            expected="a new or empty folder",
            remedy="Name another one with --out, or remove it.",
        )
    above = next(parent for parent in folder.absolute().parents if parent.exists())
    try:
        tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=above).cleanup()
    except OSError as error:
        raise student_folder.unwritable(folder, error) from error
    return folder


def ask(model: AdaptedModel, inputs: Inputs, watch: Watch) -> Array:
    """The teacher's answers [n, k]."""
    watch.stage("teacher", len(inputs))
    return np.concatenate([model.run(part).values for part in parts(inputs, watch)])


def read(member: ProbedSource, inputs: Inputs, watch: Watch) -> Mapping[str, NDArray[np.float32]]:
    """The student's features by tap, [n, width] each."""
    watch.stage("student", len(inputs))
    chunks = [member.features(part) for part in parts(inputs, watch)]
    return {tap: np.concatenate([chunk[tap] for chunk in chunks]) for tap in chunks[0]}


def parts(inputs: Inputs, watch: Watch) -> Iterator[Inputs]:
    """The inputs CHUNK by CHUNK; `watch` hears of each when it is done.

    Raises:
        NothingYet: `watch` was asked to stop.
    """
    for start in range(0, len(inputs), CHUNK):
        rows = range(start, min(start + CHUNK, len(inputs)))
        yield inputs.select(rows)
        watch.advance(len(rows))
        if watch.stop_requested:
            raise stopped()


def stopped() -> NothingYet:
    """The error of a distillation that was stopped."""
    return NothingYet("stopped before there was a student", remedy="Nothing was written.")


def answered(model: AdaptedModel, given: TransferSet, answers: Array, seed: int) -> Task:
    """The rows with the teacher's answers as targets, scored by how many (how much) of them are met."""
    signature = model.signature
    is_class = signature.kind is Kind.CLASSIFICATION
    values: NDArray[Any] = model.scored(answers).argmax(1) if is_class else answers[:, 0]
    targets = Targets(values, signature.classes, signature.kind, np.arange(len(answers)), ())
    metric = "accuracy" if is_class else "r2"
    return assemble(given.inputs, targets, name=given.name, metric=metric, seed=seed)
