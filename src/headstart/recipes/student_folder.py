"""The student as a model folder like any other, with its card and where it comes from."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from headstart.core.distillation import Contender, Distillation, TransferData
from headstart.core.errors import MachineError
from headstart.core.kinds import Kind
from headstart.core.source import SourceCard
from headstart.recipes.likeness import Likeness
from headstart.recipes.teacher import Teacher, digest, networks, size_bytes
from headstart.recipes.transfer_set import TransferSet
from headstart.report import distilled_card
from headstart.report.whole_file import write_text
from headstart.serve import AdaptedModel, Signature, WeightedMember
from headstart.what.student import Student

Array = NDArray[np.float64]

WORTH_TIMES = 1.2  # how much faster a student must be to be worth having


def packed(teacher: Teacher, given: TransferSet, fitted: Student, answers: Array) -> AdaptedModel:
    """The student as a model like any other."""
    signature = teacher.model.signature
    if signature.kind is Kind.REGRESSION:
        signature = replace(signature, residuals=residuals(signature, answers, fitted.out_of_fold))
    own = fitted.predictor
    name = f"{own.source}/distilled@{len(own.network.taps)} taps:{own.size}"
    about = {
        "task": teacher.model.about.get("task", ""),
        "fingerprint": given.fingerprint,
        "distilled_from": {"sha256": teacher.sha256, "networks": list(networks(teacher.model))},
    }
    return AdaptedModel(signature, [WeightedMember((name,), 1.0, own)], about)


def residuals(signature: Signature, answers: Array, out_of_fold: Array) -> tuple[float, float]:
    """5 % and 95 % quantiles of truth minus the student's value.

    The teacher's error and the student's distance from the teacher are taken for independent, so the
    quantiles add as squares.
    """
    apart = np.quantile(answers[:, 0] - out_of_fold[:, 0], [0.05, 0.95])
    low, high = (float(np.hypot(a, b)) for a, b in zip(signature.residuals, apart, strict=True))
    return -low, high


def record(
    teacher: Teacher, given: TransferSet, fitted: Student, likeness: Likeness, times_ms: Sequence[float]
) -> Distillation:
    """All that is known before the student is written."""
    own = fitted.predictor
    names = networks(teacher.model)
    taught = Contender(
        str(teacher.folder),
        teacher.sha256,
        names,
        times_ms[0],
        size_bytes(teacher.folder),
        likeness.teacher_score,
    )
    learned = Contender("", "", (f"{own.source}@{own.size}",), times_ms[1], 0, likeness.student_score)
    return Distillation(
        task=str(teacher.model.about.get("task", "")),
        metric=teacher.model.signature.metric,
        source=own.source,
        taps=tuple(tap.name for tap in own.network.taps),
        coding=fitted.coding,
        penalty=fitted.penalty,
        sharpness=fitted.sharpness,
        agreement=likeness.agreement,
        by_chance=likeness.by_chance,
        divergence=likeness.divergence,
        teacher=taught,
        student=learned,
        data=TransferData(
            name=given.name,
            fingerprint=given.fingerprint,
            n=len(given.inputs),
            n_given=given.n_given,
            n_known=likeness.n_known,
            n_labelled=len(given.labelled),
        ),
        difference=likeness.difference,
        notes=(*given.notes, *likeness.notes, *reservations(likeness, times_ms)),
    )


def reservations(likeness: Likeness, times_ms: Sequence[float]) -> list[str]:
    """What speaks against the student: it answers hardly faster than its teacher, or clearly worse."""
    found = []
    if times_ms[0] < WORTH_TIMES * times_ms[1]:
        found.append(
            f"The student is hardly faster than its teacher ({times_ms[1]:.1f} against {times_ms[0]:.1f} ms "
            "an example): there was little to gain by distilling."
        )
    if likeness.difference is not None and likeness.difference.interval.high < 0:
        found.append(
            "The student is clearly worse than its teacher on the labelled rows: see the difference."
        )
    return found


def keep(folder: Path, model: AdaptedModel, source: SourceCard, made: Distillation) -> Distillation:
    """Write the model folder with its card, whole or not at all; the record with its hash and size."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        model.about |= {"agreement": made.agreement.estimate, "n": made.data.n}
        written = model.save(work / "model")
        size = size_bytes(written)
        learned = replace(made.student, folder=str(folder), sha256=digest(written), size_bytes=size)
        made = replace(made, student=learned)
        sort = model.signature
        write_text(written / "README.md", distilled_card(made, sort.modality, sort.kind, source))
        if folder.exists():
            folder.rmdir()
        os.replace(written, folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return made


def unwritable(folder: Path, error: OSError) -> MachineError:
    """The error when the folder cannot be written."""
    return MachineError(
        f"cannot be written ({error.strerror})",
        where=str(folder),
        remedy="Free some space, or name another folder with --out; nothing was left behind.",
    )
