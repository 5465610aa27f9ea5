"""The model that teaches: what it is made of, and which of its networks may learn from the whole."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest
from os import PathLike
from pathlib import Path

from headstart.core.errors import OptionError, OutputError
from headstart.how.predictor import TunedNetwork
from headstart.recipes.mistakes import near
from headstart.serve import AdaptedModel, WeightedMember
from headstart.serve.folder import located
from headstart.what.probed_source import ProbedSource


@dataclass(frozen=True)
class Teacher:
    """A fitted model with more to it than one network."""

    folder: Path
    model: AdaptedModel

    @property
    def sha256(self) -> str:
        """Of ``model.json``, which holds the hash of every other file."""
        return digest(self.folder)

    @property
    def fingerprint(self) -> str:
        """Of the labelled data that it was fitted on; empty where the folder does not say."""
        return str(self.model.about.get("fingerprint", ""))


def opened(path: str | PathLike[str]) -> Teacher:
    """Load a model that can be distilled.

    Raises:
        OutputError: no model, a damaged one, one that is only a control, one that is one network already.
    """
    folder = located(Path(path).expanduser())
    model = AdaptedModel.load(Path(path).expanduser())
    names = networks(model)
    if not names:
        made_of = ", ".join(candidate for member in model.members for candidate in member.candidates)
        raise OutputError(
            f"a model that transfers nothing ({made_of})",
            where=str(folder),
            expected="a combination of networks",
            remedy="Use it as it is: there is no source in it that could be a student.",
        )
    if len(model.members) == 1:
        raise OutputError(
            f"one network already ({names[0]})",
            where=str(folder),
            expected="a combination of networks, or of a network and models without one",
            remedy="Use it as it is: there is nothing to distil.",
        )
    return Teacher(folder, model)


def pupil(teacher: Teacher, source: str | None = None) -> ProbedSource:
    """The member whose source is to learn: the heaviest that can, or the one of `source`.

    Raises:
        OptionError: `source` is no member, or only as a tuned network.
        OutputError: no member can be a student.
    """
    ordered = sorted(teacher.model.members, key=lambda member: -member.weight)
    predictors = [member.predictor for member in ordered if not is_control(member)]
    able = {one.source: one for one in predictors if isinstance(one, ProbedSource)}
    tuned = [str(one.config["source"]) for one in predictors if isinstance(one, TunedNetwork)]
    if not able:
        raise OutputError(
            f"only tuned networks ({', '.join(dict.fromkeys(tuned))})",
            where=str(teacher.folder),
            expected="at least one source that is read as it is: only such a one has a closed form",
            remedy="Fit again with --preset fast, which tunes less.",
        )
    if source is None:
        return next(iter(able.values()))
    if source in able:
        return able[source]
    if source in tuned:
        raise OptionError(
            f"--source {source} is a tuned network in this model",
            expected=f"a source that is read as it is: {', '.join(able)}",
            remedy="Name one of these, or leave --source out.",
        )
    raise OptionError(
        f"--source {source} is not a member of this model",
        expected=f"one of {', '.join(able)}",
        remedy=near(source, list(able)).strip() or "Name one of these, or leave --source out.",
    )


def networks(model: AdaptedModel) -> tuple[str, ...]:
    """What must run for an answer, heaviest first: ``source@size``, or a tuned candidate."""
    found = []
    for member in sorted(model.members, key=lambda member: -member.weight):
        if isinstance(member.predictor, ProbedSource):
            found.append(f"{member.predictor.source}@{member.predictor.size}")
        elif not is_control(member):
            found.append(member.candidates[0])
    return tuple(dict.fromkeys(found))


def is_control(member: WeightedMember) -> bool:
    """Whether a member transfers nothing (a small network trained from scratch is a control too)."""
    return not isinstance(member.predictor, ProbedSource | TunedNetwork) or all(
        candidate.startswith("control/") for candidate in member.candidates
    )


def digest(folder: Path) -> str:
    """SHA-256 of a model folder's ``model.json``."""
    with (folder / "model.json").open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def size_bytes(folder: Path) -> int:
    """What the files of a folder take."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
