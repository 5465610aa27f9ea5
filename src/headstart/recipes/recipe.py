"""The recipe of a run: what it handed back was made of, read from its record."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from headstart.core.errors import OptionError, StoreError
from headstart.core.run import CandidateRecord, RunRecord
from headstart.recipes.settings import FitSettings
from headstart.report import read_run
from headstart.report.record import RECORD_NAME
from headstart.sources.ids import STORE
from headstart.store import ObjectKind, Store


@dataclass(frozen=True)
class Recipe:
    """The record of a run, what it was called, and the hash by which a lineage names it."""

    label: str
    sha256: str
    record: RunRecord

    @property
    def members(self) -> tuple[CandidateRecord, ...]:
        """The candidates that the model was made of, those that transfer."""
        chosen = {member.candidate for member in self.record.chosen.members}
        return tuple(one for one in self.record.candidates if one.id in chosen)

    @property
    def sources(self) -> tuple[str, ...]:
        """Their sources, each once."""
        return tuple(dict.fromkeys(str(one.source) for one in self.members))

    def weights(self, source: str) -> str:
        """The hash of a source's weights as they were; empty where it was not recorded."""
        return self.record.lineage.sources.get(source, "")

    @property
    def mirrors(self) -> bool:
        """Whether it reads mirrored pictures too."""
        return any(one.settings.get("mirrored") for one in self.members)

    def sizes(self, source: str) -> tuple[int, ...]:
        """The input size at which the run looked at a source."""
        read = [one.settings["size"] for one in self.members if one.source == source and one.rung <= 2]
        looked = [line.input_size for line in self.record.ranking if line.source == source]
        return tuple(int(str(size)) for size in (read or looked)[:1])


def opened(settings: FitSettings) -> Recipe | None:
    """The recipe that ``--like`` names: a run's folder, its run.json, or the name of a kept run.

    Raises:
        OptionError: there is no such run, or it transfers nothing, so there is nothing to repeat.
        OutputError: its record cannot be read.
    """
    if settings.like is None:
        return None
    path = Path(settings.like).expanduser()
    found = _from_folder(path, settings.like) if path.exists() else _from_store(settings)
    if not found.members:
        raise OptionError(
            "this run handed back a model that transfers nothing, so it has no recipe to repeat",
            where=f"--like {settings.like}",
            remedy="Leave --like out: the sources at hand are then looked at anew.",
        )
    return found


def _from_folder(path: Path, label: str) -> Recipe:
    if other := _something_else(path):
        raise OptionError(
            f"{other[0]}, not a run",
            where=f"--like {label}",
            expected="a run's folder, as `headstart fit` names it at the end, or the name of a kept run",
            remedy=other[1],
        )
    record = read_run(path)
    file = path / RECORD_NAME if path.is_dir() else path
    return Recipe(label, sha256(file.read_bytes()).hexdigest(), record)


def _something_else(path: Path) -> tuple[str, str] | None:
    """What lies at `path` if it is no run, in words, and what was perhaps meant; None for a run."""
    folder = path if path.is_dir() else path.parent
    if (path / RECORD_NAME).exists() or path.name == RECORD_NAME:
        return None
    for run in (folder, folder.parent):
        if (run / RECORD_NAME).exists():
            what = "a model" if (path / "model.json").exists() else "a part of a run"
            return what, f"Name the run's folder: --like {run}"
    if (folder / "develop.json").exists():
        return "what `headstart develop` wrote", "To start from it: --source store:NAME."
    if (folder / "model.json").exists():
        return "a model without its run", "Name the run that made it: `headstart store ls` lists those kept."
    if path.suffix == ".json":
        return None  # perhaps a record under another name: reading it will tell
    if path.is_file():
        kind = path.suffix.lstrip(".")
        return f"a {kind} file" if kind else "a file", "To fit these data, pass them as DATA, without --like."
    runs = sorted(file.parent for file in path.glob(f"*/{RECORD_NAME}"))
    if runs:
        return "a folder of runs", f"Name one of them: --like {runs[-1]}"
    return (
        f"a folder without {RECORD_NAME}",
        "`headstart store ls` lists the runs that are kept by themselves.",
    )


def _from_store(settings: FitSettings) -> Recipe:
    store = Store(settings.store)
    try:
        kept = store.get(str(settings.like).removeprefix(STORE))
    except StoreError as error:
        raise OptionError(
            f"there is neither such a path nor such a name in the store ({error.found})",
            where=f"--like {settings.like}",
            expected="a run's folder, its run.json, or the name of a kept run",
            remedy=error.remedy or "`headstart store ls` lists what is kept.",
        ) from error
    if kept.kind is not ObjectKind.RUN:
        raise OptionError(
            f"is a {kept.kind}",
            where=f"--like {settings.like}",
            expected="a run",
            remedy="`headstart store ls` lists what is kept, with its kind.",
        )
    return Recipe(kept.id, kept.sha256, read_run(store.open_files(kept)))
