"""A model folder: JSON, safetensors and the sources' own files. No pickle, no code.

model.json            signature, members, versions, hash of every other file
arrays.safetensors    what was fitted
sources/0/ …          each source in use, as `headstart.sources.pack` writes it
README.md             the model card, where a run wrote one
rows.safetensors      hashes of the examples that it was trained on, where a run wrote them
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from hashlib import file_digest
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart import __version__
from headstart.core.errors import MachineError, OutputError
from headstart.core.kinds import Kind, Modality
from headstart.core.source import Network
from headstart.how.predictor import TunedNetwork
from headstart.serve.model import AdaptedModel, Signature, WeightedMember
from headstart.sources.portable import pack, unpack
from headstart.what.probed_source import ProbedSource, under
from headstart.when.controls.bayes import NaiveBayes
from headstart.when.controls.majority import Majority
from headstart.when.controls.nb_svm import NaiveBayesMachine
from headstart.when.controls.pictures import PictureKernel
from headstart.when.controls.words import WordModel

FORMAT = 1
PLAIN: dict[str, Any] = {
    kind.kind: kind for kind in (Majority, PictureKernel, WordModel, NaiveBayes, NaiveBayesMachine)
}
ON_A_SOURCE: dict[str, Any] = {kind.kind: kind for kind in (ProbedSource, TunedNetwork)}


def write(model: AdaptedModel, path: Path) -> Path:
    """Write a model folder beside `path` and rename it into place."""
    from safetensors.numpy import save_file

    if path.exists() and any(path.iterdir()):
        raise OutputError(
            "this folder is not empty", where=str(path), remedy="Name another folder, or remove it."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    except OSError as error:
        raise MachineError(str(error.strerror), where=str(path), remedy="Name another folder.") from error
    try:
        arrays: dict[str, NDArray[Any]] = {}
        members: list[dict[str, Any]] = []
        networks: dict[str, Network] = {}
        for index, member in enumerate(model.members):
            own, config = member.predictor.state()
            arrays |= {f"{index}.{name}": np.ascontiguousarray(part) for name, part in own.items()}
            network = getattr(member.predictor, "network", None)
            if network is not None:
                networks.setdefault(network.card.id, network)
            head = {"kind": member.predictor.kind, "weight": member.weight}
            members.append({**head, "candidates": list(member.candidates), "config": config})
        save_file(arrays, work / "arrays.safetensors")
        for index, network in enumerate(networks.values()):
            pack(network, work / "sources" / str(index))
        files = sorted(p for p in work.rglob("*") if p.is_file())
        document = {
            "format": FORMAT,
            "headstart": __version__,
            "signature": _signature_out(model.signature),
            "members": members,
            "sources": {name: f"sources/{index}" for index, name in enumerate(networks)},
            "files": {p.relative_to(work).as_posix(): _digest(p) for p in files},
            "about": model.about,
        }
        text = json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True)
        (work / "model.json").write_text(text, encoding="utf-8")
        work.chmod(0o755)
        for file in files:
            file.chmod(0o644)  # some writers make files that only their owner may read
        if path.exists():
            path.rmdir()
        os.replace(work, path)
    except OSError as error:
        raise MachineError(
            f"cannot be written ({error.strerror})",
            where=str(path),
            remedy="Free some space or name another folder; nothing was left behind.",
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return path


def located(path: Path) -> Path:
    """The model folder that `path` is, or that lies in the run's folder `path`."""
    return path if (path / "model.json").exists() else path / "model"


def read(path: Path) -> AdaptedModel:
    """Read a model folder; every file is checked against its hash."""
    from safetensors.numpy import load_file

    folder, document = checked(path)
    arrays = load_file(folder / "arrays.safetensors")
    networks: dict[str, Network] = {}

    def open_network(source: str, _: str) -> Network:
        if source not in networks:
            networks[source] = unpack(folder / document["sources"][source])
        return networks[source]

    members = []
    for index, member in enumerate(document["members"]):
        own, config = under(arrays, f"{index}."), member["config"]
        if member["kind"] in PLAIN:
            predictor = PLAIN[member["kind"]].from_state(own, config)
        else:
            predictor = ON_A_SOURCE[member["kind"]].from_state(own, config, open_network)
        members.append(WeightedMember(tuple(member["candidates"]), member["weight"], predictor))
    return AdaptedModel(_signature_in(document["signature"]), members, document["about"])


def checked(path: Path) -> tuple[Path, Mapping[str, Any]]:
    """The model folder at `path` and its ``model.json``, every file checked by its hash; nothing is loaded.

    Raises:
        OutputError: there is none, it is damaged, or of another format.
    """
    folder = located(path)
    document = _document(folder, path)
    for name, digest in document["files"].items():
        file = folder / name
        if not file.is_file() or not file.resolve().is_relative_to(folder.resolve()):
            raise _damaged(folder, f"{name} is missing")
        if _digest(file) != digest:
            raise _damaged(folder, f"{name} has changed since it was written")
    return folder, document


def _document(folder: Path, asked: Path) -> Mapping[str, Any]:
    try:
        document = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OutputError(
            "no model here",
            where=str(asked),
            expected="a model folder with model.json, or a run's folder",
            remedy="`headstart fit DATA --out RUN` writes one to RUN/model.",
        ) from None
    except (OSError, ValueError) as error:
        raise _damaged(folder, f"model.json cannot be read ({error})") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        found = document.get("format") if isinstance(document, dict) else None
        raise OutputError(
            f"a model folder of format {found}",
            where=str(folder),
            expected=f"format {FORMAT}",
            remedy="Load it with the version of headstart that wrote it, or fit again.",
        )
    return document


def _damaged(folder: Path, what: str) -> OutputError:
    return OutputError(
        f"the model is damaged: {what}",
        where=str(folder),
        remedy="Restore the folder from a copy, or fit again.",
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _signature_out(signature: Signature) -> dict[str, Any]:
    return {
        "modality": signature.modality.value,
        "kind": signature.kind.value,
        "classes": list(signature.classes),
        "metric": signature.metric,
        "shares": list(signature.shares),
        "residuals": list(signature.residuals),
        "columns": signature.columns,
    }


def _signature_in(record: Mapping[str, Any]) -> Signature:
    return Signature(
        Modality(record["modality"]),
        Kind(record["kind"]),
        tuple(record["classes"]),
        record["metric"],
        tuple(record["shares"]),
        (record["residuals"][0], record["residuals"][1]),
        dict(record["columns"]),
    )
