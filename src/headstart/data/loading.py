"""From a path to a task: which of the forms of data it is, then read, check, assemble."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from headstart.core.errors import DataError
from headstart.core.finding import Finding
from headstart.core.kinds import Kind
from headstart.core.task import Task
from headstart.core.thinning import evenly
from headstart.data import assembly, columns, content, duplicates, gathering, labels, notes, paths
from headstart.data.cells import is_missing
from headstart.data.content import Content
from headstart.data.gathering import Gathered
from headstart.data.known_labels import read_known
from headstart.data.options import LoadOptions
from headstart.data.tables import SUFFIXES, Table, open_table
from headstart.data.targets import Targets, keep

_SPLITS = {"train", "training", "val", "valid", "validation", "dev", "test", "testing"}
_SAMPLED_FILES = 200  # told apart by content; more would only cost time


def load(path: str | os.PathLike[str], options: LoadOptions | None = None, *, seed: int = 0) -> Task:
    """The labelled images or texts at `path` as a task.

    Args:
        path: a folder with a subfolder per class; a ``.csv .tsv .jsonl .parquet .arff`` table with a column
            of texts or of image paths (relative to the table's folder); a folder of images that holds one
            such table.
        options: columns, kind and metric; what is left out is guessed, and the guess is in `Task.notes`.
        seed: goes into the task; all that is random about it derives from there.

    Raises:
        DataError: nothing can be learned from what is there; the message says why and what to do.
    """
    options = options or LoadOptions()
    where = paths.existing(path)
    if where.is_file():
        return _from_table(open_table(where), options, seed)
    folders, files = paths.listing(where)
    tables = [name for name in files if name.lower().endswith(SUFFIXES)]
    if len(tables) == 1:
        return _from_table(open_table(where / tables[0]), options, seed, name=where.name)
    if folders and not tables:
        return _from_folders(where, folders, files, options, seed)
    raise _no_labels(where, files, tables)


def _from_table(table: Table, options: LoadOptions, seed: int, name: str = "") -> Task:
    chosen = columns.choose(table, options, labelled=True)
    wanted = [chosen.label, chosen.text or chosen.image, *([chosen.groups] if chosen.groups else [])]
    numbers, cells, found = table.read([column for column in wanted if column])
    places = [f"{table.path}, row {number}" for number in numbers]
    targets = _targets(cells[0], places, options, options.kind, f"{table.path}, column {chosen.label!r}")
    kept = [numbers[row] for row in targets.rows]
    gathered = gather(table, [cells[1][row] for row in targets.rows], kept, is_image=chosen.image is not None)
    groups = None
    if chosen.groups:
        groups = duplicates.number(str(cells[2][row]) for row in targets.rows[gathered.rows])
    resources = [
        (role, column) for role, column in zip(("label", "content", "groups"), wanted, strict=False) if column
    ]
    return assembly.assemble(
        gathered.inputs,
        keep(targets, gathered.rows, where=str(table.path)),
        name=options.name or name or table.path.stem,
        metric=options.metric,
        seed=seed,
        groups=groups,
        notes=(*chosen.notes, *table.notes, *found, *targets.notes, *gathered.notes),
        resources=(("path", str(table.path)), *resources),
    )


def _targets(
    cells: Sequence[Any], places: Sequence[str], options: LoadOptions, kind: Kind | None, where: str
) -> Targets:
    normalize = options.normalize_labels
    if options.classes is not None:
        return read_known(cells, places, options.classes, normalize=normalize, where=where)
    return labels.read(cells, places, kind=kind, normalize=normalize, where=where)


def gather(table: Table, cells: Sequence[Any], numbers: Sequence[int], *, is_image: bool) -> Gathered:
    """The texts or images that a column of `table` holds or names."""
    if not is_image:
        return gathering.text_cells(cells, [str(number) for number in numbers], str(table.path), numbers)
    folder = table.path.parent
    names = ["" if is_missing(cell) else str(cell).strip().replace("\\", "/") for cell in cells]
    used = Counter(names)
    ids = [
        name if used[name] == 1 else f"{name}#{number}" for name, number in zip(names, numbers, strict=True)
    ]
    places = [f"{table.path}, row {number}: {name}" for name, number in zip(names, numbers, strict=True)]
    return gathering.image_files(folder, names, ids, places)


def _from_folders(
    where: Path, folders: Sequence[str], files: Sequence[str], options: LoadOptions, seed: int
) -> Task:
    if set(map(str.casefold, folders)) <= _SPLITS:
        raise DataError(
            f"the subfolders {', '.join(folders)} are splits, not classes",
            where=str(where),
            expected="a subfolder per class",
            remedy=f"Pass {where / folders[-1]} and, for a final test, --test {where / folders[0]}, as fits.",
        )
    named = [(f"{folder}/{file}", folder) for folder in folders for file in paths.files_below(where / folder)]
    if not named:
        raise DataError(
            "no files",
            where=str(where),
            expected="a subfolder of examples per class",
            remedy="Move the examples of each class into a subfolder that has the class's name.",
        )
    names = [name for name, _ in named]
    sort = prevailing(where, names)
    places = [(where / name).as_posix() for name in names]
    gathered = (
        gathering.image_files(where, names, names, places)
        if sort is Content.IMAGE
        else gathering.text_files(where, names)
    )
    targets = _targets(
        [named[row][1] for row in gathered.rows],
        [places[row] for row in gathered.rows],
        options,
        options.kind or Kind.CLASSIFICATION,
        str(where),
    )
    return assembly.assemble(
        gathered.inputs.select(targets.rows.tolist()),
        targets,
        name=options.name or where.resolve().name,
        metric=options.metric,
        seed=seed,
        notes=(*_bare_folders(where, folders, named), *targets.notes, *gathered.notes),
        resources=(("path", str(where)),),
    )


def _bare_folders(where: Path, folders: Sequence[str], named: Sequence[tuple[str, str]]) -> list[Finding]:
    bare = [str(where / folder) for folder in sorted(set(folders) - {folder for _, folder in named})]
    return (
        [notes.BARE_FOLDERS(f"{len(bare)} folders hold no file.", bare, applied="Left out.")] if bare else []
    )


def prevailing(root: Path, names: Sequence[str]) -> Content:
    """The sort of most files, from a sample spread over all; images or text.

    Raises:
        DataError: most are neither.
    """
    sample = evenly(len(names), _SAMPLED_FILES)
    counts: Counter[Content] = Counter()
    for at in sample:
        try:
            counts[content.look(root / names[at])] += 1
        except OSError:
            counts[Content.EMPTY] += 1
    most, _ = counts.most_common(1)[0]
    if counts[Content.IMAGE] + counts[Content.TEXT] == 0:
        said = (
            "sounds" if most is Content.SOUND else f"each is {'an' if most is Content.EMPTY else 'a'} {most}"
        )
        raise DataError(
            f"the files are neither images nor texts: {said}",
            where=str(root),
            expected="images or texts, which this version handles",
            remedy="Turn them into images or texts, or name a table that lists them.",
        )
    return Content.IMAGE if counts[Content.IMAGE] >= counts[Content.TEXT] else Content.TEXT


def _for_training(table: str) -> bool:
    return "train" in table.casefold()


def _no_labels(where: Path, files: Sequence[str], tables: Sequence[str]) -> DataError:
    if len(tables) > 1:
        return DataError(
            f"{len(tables)} tables: {', '.join(tables[:8])}",
            where=str(where),
            expected="one table of labels",
            remedy=f"Name the one to learn from: {where / max(tables, key=_for_training)}, for example.",
        )
    return DataError(
        f"{len(files)} files but no labels" if files else "an empty folder",
        where=str(where),
        expected="a subfolder per class, or a table of labels beside the files",
        remedy="Move the examples of each class into a subfolder that has the class's name.",
    )
