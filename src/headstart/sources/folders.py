"""A model folder as the hub has it, described as a catalogue entry. Only its JSON and tensors are read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from headstart.core.errors import SourceError
from headstart.core.kinds import Modality
from headstart.core.source import SourceCard
from headstart.sources import architectures
from headstart.sources.catalogue import Architecture, Entry

PERMISSIVE = re.compile(r"(?i)^(apache-2\.0|mit|bsd(-[23]-clause)?|isc|cc0-1\.0|unlicense|zlib|cc-by-4\.0)$")
IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "interpolation": "bicubic"}
TEXT_SIZES = (256, 128, 64)  # tokens


def describe(folder: Path, id: str) -> Entry:
    """The entry of a timm-style or transformers folder (``config.json`` and weights).

    Raises:
        SourceError: no config.json, an unknown architecture, or one that brings its own code.
    """
    config = read_json(folder / "config.json", where=id)
    if "auto_map" in config:
        raise SourceError(
            "config.json asks for code from the model folder (auto_map)",
            where=id,
            remedy="headstart never runs such code. Use a model that transformers or timm knows.",
        )
    if "model_type" in config:
        return transformers_entry(folder, config, id)
    if "architecture" in config:
        return timm_entry(config, id, licence_of(folder))
    raise SourceError(
        "config.json names no architecture",
        where=id,
        expected="'model_type' or 'architecture'",
        remedy="Add the line to config.json, as the hub has it.",
    )


def timm_entry(config: Mapping[str, Any], id: str, licence: str) -> Entry:
    """The entry of a network of timm; its `pretrained_cfg` states preprocessing and size."""
    facts = {**config, **config.get("pretrained_cfg", {})}
    options = {"num_classes": facts["num_classes"]} if "num_classes" in facts else {}
    architecture, module = on_paper("timm", config["architecture"], options, id)
    side = facts.get("input_size", [3, 224, 224])[-1]
    preprocessing = {key: facts.get(key, value) for key, value in IMAGENET.items()}
    patch = getattr(getattr(module, "patch_embed", None), "patch_size", (1,))[0]
    resizable = not facts.get("fixed_input_size") or "dynamic_img_size" in architecture.options
    sizes = sides(side, patch) if resizable else (side,)
    card = card_of(id, Modality.IMAGE, architecture, module, facts.get("license") or licence, sizes)
    return local_entry(card, architecture, {}, preprocessing)


def transformers_entry(folder: Path, config: Mapping[str, Any], id: str) -> Entry:
    """The entry of an encoder of transformers, for texts or for images."""
    options = {
        key: value
        for key, value in config.items()
        if key not in ("model_type", "architectures", "torch_dtype", "dtype")
    }
    architecture, module = on_paper("transformers", config["model_type"], options, id)
    pictures = folder / "preprocessor_config.json"
    if pictures.is_file():
        facts = read_json(pictures, where=id)
        preprocessing = {
            "mean": facts.get("image_mean", IMAGENET["mean"]),
            "std": facts.get("image_std", IMAGENET["std"]),
            "interpolation": "bicubic",
        }
        modality, sizes = Modality.IMAGE, [int(config.get("image_size", 224))]
    else:
        most = min(config.get("max_position_embeddings", 512), 512)
        preprocessing = {"pad_id": config.get("pad_token_id") or 0, "special_tokens": True}
        modality, sizes = Modality.TEXT, [size for size in TEXT_SIZES if size <= most] or [most]
    prefix = getattr(module, "base_model_prefix", "")
    mapping = {
        "rename": [[rf"^{prefix}\.", ""]] if prefix else [],
        "unknown": "drop",  # heads of the task it was tuned for
    }
    card = card_of(id, modality, architecture, module, licence_of(folder), tuple(sizes))
    return local_entry(card, architecture, mapping, preprocessing)


def on_paper(library: str, name: str, options: Mapping[str, Any], id: str) -> tuple[Architecture, Any]:
    """The architecture, and its network without memory for weights; able to take any side if it can be."""
    import torch

    for extra in ({"dynamic_img_size": True}, {}) if library == "timm" else ({},):
        architecture = Architecture(library, name, {**options, **extra})
        try:
            with torch.device("meta"):
                return architecture, architectures.build(architecture)
        except SourceError:
            raise
        except TypeError:
            continue  # this family has no such option
        except Exception as refusal:  # a configuration can break a library's constructor in any way
            raise SourceError(
                f"{library} cannot build {name!r} ({refusal})",
                where=id,
                remedy="Check config.json, or use another source.",
            ) from refusal
    raise SourceError(
        f"{library} cannot build {name!r} with the options of its config.json",
        where=id,
        remedy="Check config.json, or use another source.",
    )


def sides(side: int, patch: int) -> tuple[int, ...]:
    """Input sides worth trying, largest first: multiples of the patch (of 32 without one).

    >>> sides(224, 1), sides(224, 14)
    ((224, 160, 128, 96), (224, 154, 126, 98))
    """
    step = patch if patch > 1 else 32
    return tuple(
        dict.fromkeys(max(step, round(side * share / step) * step) for share in (1, 0.7, 0.57, 0.43))
    )


def card_of(
    id: str, modality: Modality, architecture: Architecture, module: Any, licence: str, sizes: tuple[int, ...]
) -> SourceCard:
    """The card of a source that is not in the catalogue."""
    return SourceCard(
        id=id,
        name=id.partition(":")[2].rstrip("/").rpartition("/")[2],
        modality=modality,
        architecture=f"{architecture.library}/{architecture.name}",
        parameters=sum(parameter.numel() for parameter in module.parameters()) if module is not None else 0,
        weights_sha256="",
        licence=licence,
        permissive=bool(PERMISSIVE.match(licence)),
        download_bytes=0,
        input_sizes=sizes,
        tunable=architecture.library != "onnx",
        pretraining="",
    )


def local_entry(
    card: SourceCard, architecture: Architecture, mapping: Mapping[str, Any], preprocessing: Mapping[str, Any]
) -> Entry:
    """An entry without wheels."""
    return Entry(card, (), (), architecture, mapping, preprocessing, None, 0.0, card.input_sizes[0])


def read_json(path: Path, *, where: str) -> dict[str, Any]:
    """A JSON object from a file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise SourceError(
            f"{path.name} is missing",
            where=where,
            expected="a model folder as the hub has it",
            remedy="Copy the whole folder of the model, with its configuration.",
        ) from missing
    except (OSError, ValueError) as damage:
        raise SourceError(
            f"{path.name} cannot be read ({damage})", where=where, remedy="Copy the model folder again."
        ) from damage
    if not isinstance(content, dict):
        raise SourceError(
            f"{path.name} holds a {type(content).__name__}",
            where=where,
            expected="a JSON object",
            remedy="Copy the model folder again.",
        )
    return content


def licence_of(folder: Path) -> str:
    """The licence that the head of the folder's README names; empty when it does not."""
    readme = folder / "README.md"
    text = readme.read_text(encoding="utf-8", errors="replace")[:4000] if readme.is_file() else ""
    found = re.search(r"(?m)^license:\s*([\w.\-]+)", text)
    return found.group(1) if found else ""
