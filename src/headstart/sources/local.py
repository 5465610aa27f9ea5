"""A source that lies on disk: a model folder, or a weight file with a small JSON beside it."""

from __future__ import annotations

import dataclasses
import tempfile
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from headstart.core.errors import SourceError
from headstart.core.kinds import Modality
from headstart.core.source import Network, SourceCard
from headstart.sources import folders, loading, quarantine, shelf, wheels
from headstart.sources.catalogue import Architecture, Entry
from headstart.sources.packaged import CONVERSION

WEIGHT_FILES = ("model.safetensors", "pytorch_model.bin", "model.bin", "model.pth")
SUFFIXES = (".safetensors", ".pth", ".pt", ".bin", ".onnx")
SIDE_CAR = """a JSON file of the same name beside it, such as
  {"architecture": {"library": "timm", "name": "resnet18"}, "input_sizes": [224, 160]}"""


class FileSource:
    """`file:PATH`. Weights are converted once, in a separate process, and kept in the cache by their hash."""

    def __init__(self, path: str | Path, id: str = "") -> None:
        self.path = Path(path).expanduser()
        self.id = id or f"file:{path}"

    def __repr__(self) -> str:
        return f"FileSource({self.id!r})"

    @cached_property
    def entry(self) -> Entry:
        """What is known about it, its weights' hash included."""
        if not self.path.exists():
            raise SourceError("no such file or folder", where=self.id, remedy="Check the path after file:.")
        entry = folders.describe(self.path, self.id) if self.path.is_dir() else file_entry(self.path, self.id)
        digest = sha256("".join(wheels.sha256(path) for path in self.weight_files).encode()).hexdigest()
        return dataclasses.replace(entry, card=dataclasses.replace(entry.card, weights_sha256=digest))

    @property
    def card(self) -> SourceCard:
        """The facts."""
        return self.entry.card

    @cached_property
    def weight_files(self) -> tuple[Path, ...]:
        """Where the tensors are: safetensors wherever there are some."""
        if self.path.is_file():
            return (self.path,)
        parts = sorted(self.path.glob("model-*-of-*.safetensors"))
        whole = [self.path / name for name in WEIGHT_FILES if (self.path / name).is_file()]
        if not (whole or parts):
            raise SourceError(
                "holds no weights",
                where=self.id,
                expected=f"one of {', '.join(WEIGHT_FILES)}",
                remedy="Name the folder that holds them, or the file itself.",
            )
        return tuple(whole[:1] or parts)

    @property
    def key(self) -> str:
        """Its folder on the shelf; under another description the same weights are another source."""
        facts = repr((self.entry.architecture, self.entry.mapping, self.entry.preprocessing))
        return f"{self.card.weights_sha256}-{sha256(facts.encode()).hexdigest()[:8]}-{CONVERSION}"

    def fetch(self, *, offline: bool = False) -> None:
        """Convert the weights into the cache, names and shapes checked."""
        if shelf.has(self.key):
            return
        with shelf.building(self.key) as finished, tempfile.TemporaryDirectory(dir=finished.parent) as work:
            if self.entry.architecture.library == "onnx":
                (finished / "graph.onnx").write_bytes(self.path.read_bytes())
                return
            loading.write(
                loading.mapped(self.entry, self._safetensors(Path(work))), finished / loading.WEIGHTS
            )
            if self.card.modality is Modality.TEXT:
                tokenizer = tokenizer_json(self.path if self.path.is_dir() else self.path.parent, self.id)
                (finished / "tokenizer.json").write_text(tokenizer, encoding="utf-8")

    def _safetensors(self, work: Path) -> list[Path]:
        """The weight files as safetensors."""
        converted = []
        for number, path in enumerate(self.weight_files):
            if path.suffix == ".safetensors":
                converted.append(path)
                continue
            converted.append(work / f"{number}.safetensors")
            quarantine.to_safetensors(path, converted[-1], where=str(path))
        return converted

    def load(self) -> Network:
        """The network in float32 on the CPU, in evaluation mode."""
        self.fetch()
        return loading.load(self.entry, shelf.verify(self.key, where=self.id))


def file_entry(path: Path, id: str) -> Entry:
    """The entry of a weight file, from the JSON beside it; an ONNX file can do without one."""
    if path.suffix not in SUFFIXES:
        raise SourceError(
            f"a {path.suffix or 'nameless'} file",
            where=id,
            expected=f"one of {', '.join(SUFFIXES)}",
            remedy="Name the weights as .safetensors, or a folder that holds them.",
        )
    beside = path.with_suffix(".json")
    if not beside.is_file() and path.suffix != ".onnx":
        raise SourceError(
            "its architecture is not known",
            where=id,
            expected=SIDE_CAR,
            remedy="Write that file beside the weights, or name a model folder.",
        )
    facts = folders.read_json(beside, where=str(beside)) if beside.is_file() else {}
    named = facts.get(
        "architecture", {"library": "onnx", "name": path.stem} if path.suffix == ".onnx" else None
    )
    if not isinstance(named, dict) or not {"library", "name"} <= set(named):
        raise SourceError(
            "names no architecture",
            where=str(beside),
            expected=SIDE_CAR,
            remedy="Add the architecture to that file.",
        )
    module = None
    architecture = Architecture(**named)
    if architecture.library != "onnx":
        architecture, module = folders.on_paper(
            architecture.library, architecture.name, architecture.options, id
        )
    modality = Modality(facts.get("modality", "text" if architecture.library == "transformers" else "image"))
    default = {"pad_id": 0, "special_tokens": True} if modality is Modality.TEXT else folders.IMAGENET
    sizes = tuple(
        facts.get("input_sizes", folders.TEXT_SIZES if modality is Modality.TEXT else folders.sides(224, 1))
    )
    card = folders.card_of(id, modality, architecture, module, facts.get("licence", ""), sizes)
    return folders.local_entry(
        card, architecture, facts.get("mapping", {}), {**default, **facts.get("preprocessing", {})}
    )


def tokenizer_json(folder: Path, id: str) -> str:
    """The tokenizer of a folder in the one form that we load: tokenizer.json."""
    ready = folder / "tokenizer.json"
    if ready.is_file():
        return ready.read_text(encoding="utf-8")
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), trust_remote_code=False, local_files_only=True)
        text: str = tokenizer.backend_tokenizer.to_str()
    except Exception as missing:  # which one depends on the family
        raise SourceError(
            f"its tokenizer cannot be read ({missing})",
            where=id,
            expected="tokenizer.json",
            remedy="Put the tokenizer's file beside the weights.",
        ) from missing
    return text
