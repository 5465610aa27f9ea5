"""Policies that Stable-Baselines3 saved: the zip's weights and plain values are read, its pickles never.

Such a zip holds `data` (JSON in which some values are pickled objects, as text) and `policy.pth` (a torch
file). The JSON's plain fields give the spaces; layers are told by the weights' own names and shapes; the
weights are unpacked in a process of their own. Statistics of `VecNormalize` are in another, pickled file: a
policy that was trained with them has to be exported where it was made.
"""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from headstart.core.errors import SourceError
from headstart.sim.policy import Array, Policy, PolicyRecord
from headstart.sources import quarantine

LARGEST_BYTES = 2**28  # of one member, unpacked: policies are small, and a zip may lie about its size
DATA, WEIGHTS, VERSION = "data", "policy.pth", "_stable_baselines3_version"
REMEDY = "Where it was made, `headstart sim develop` or an export of plain arrays gives one that can be read."
# Family, names of the hidden layers, of the last one, of its spread; tried in this order.
FORMS: tuple[tuple[str, str, str, str], ...] = (
    ("sac", r"actor\.latent_pi\.(\d+)\.weight", "actor.mu", "actor.log_std"),
    ("ppo", r"mlp_extractor\.policy_net\.(\d+)\.weight", "action_net", ""),
    ("td3", r"actor\.mu\.(\d+)\.weight", "", ""),
    ("dqn", r"q_net\.q_net\.(\d+)\.weight", "", ""),
)


def read(file: Path, environment: str) -> Policy:
    """The policy in a zip; `environment` is where it was trained, which the zip does not say.

    Raises:
        SourceError: no such zip, damaged, or what it holds cannot be known without running its code.
    """
    try:
        with zipfile.ZipFile(file) as packed, tempfile.TemporaryDirectory() as folder:
            data = json.loads(_member(packed, DATA, file))
            version = _member(packed, VERSION, file).decode().strip() if VERSION in packed.namelist() else "?"
            pickled, plain = Path(folder) / WEIGHTS, Path(folder) / "policy.safetensors"
            pickled.write_bytes(_member(packed, WEIGHTS, file))
            quarantine.to_safetensors(pickled, plain, where=str(file))
            from safetensors.numpy import load_file

            weights = load_file(plain)
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        raise _refused(file, f"is no zip of Stable-Baselines3 ({error})") from None
    return _policy(file, data, weights, environment, version)


def _member(packed: zipfile.ZipFile, name: str, file: Path) -> bytes:
    if name not in packed.namelist():
        raise _refused(file, f"has no {name} in it")
    with packed.open(name) as stream:
        content = stream.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise _refused(file, f"{name} is larger than {LARGEST_BYTES >> 20} MB")
    return content


def _policy(
    file: Path, data: Mapping[str, Any], weights: Mapping[str, Array], environment: str, version: str
) -> Policy:
    family, arrays, hidden = _layers(file, weights)
    kwargs = data.get("policy_kwargs") or {}
    if "activation_fn" in str(kwargs.get(":serialized:", "")) or "activation_fn" in kwargs:
        raise _refused(file, "names an activation function of its own, as a pickled object")
    actions = _space(file, data.get("action_space"))
    outputs = {"sac": "tanh", "td3": "tanh", "dqn": "argmax"}.get(family)
    record = PolicyRecord.model_validate(
        {
            "family": family,
            "output": outputs or ("argmax" if actions["type"] == "discrete" else "clip"),
            "hidden": hidden,
            "activation": "tanh" if family == "ppo" else "relu",
            "observation_space": _space(file, data.get("observation_space")),
            "action_space": actions,
            "environment": environment,
            "versions": {"stable-baselines3": version},
        }
    )
    return Policy(record, arrays)


def _layers(file: Path, weights: Mapping[str, Array]) -> tuple[str, dict[str, Array], tuple[int, ...]]:
    """Family, arrays by a policy's own names, widths of the hidden layers."""
    for family, hidden, last, spread in FORMS:
        found = sorted(
            (int(m[1]), m[0].removesuffix(".weight")) for n in weights if (m := re.fullmatch(hidden, n))
        )
        if not found or (last and f"{last}.weight" not in weights):
            continue
        names = [name for _, name in found]
        trunk, head = (names, last) if last else (names[:-1], names[-1])
        layers = {f"trunk.{index}": name for index, name in enumerate(trunk)} | {"head": head}
        if spread and f"{spread}.weight" in weights:
            layers["spread"] = spread
        arrays = {
            f"{ours}.{part}": np.asarray(weights[f"{theirs}.{part}"], dtype=np.float32)
            for ours, theirs in layers.items()
            for part in ("weight", "bias")
        }
        return family, arrays, tuple(len(arrays[f"trunk.{index}.bias"]) for index in range(len(trunk)))
    raise _refused(file, "holds none of the networks known here (SAC, TD3, PPO, DQN on rows of numbers)")


def _space(file: Path, said: Any) -> dict[str, Any]:
    """A space from the plain fields beside its pickled form."""
    try:
        if "discrete.Discrete" in said[":type:"]:
            return {"type": "discrete", "n": int(said["n"]), "start": int(said.get("start", 0))}
        if "box.Box" in said[":type:"] and len(said["_shape"]) == 1:
            low, high = _numbers(said["low"]), _numbers(said["high"])
            if len(low) == len(high) == said["_shape"][0]:
                return {"type": "box", "low": low, "high": high}
    except (KeyError, TypeError, ValueError):
        pass
    raise _refused(file, "says its spaces only as pickled objects")


def _numbers(text: str) -> list[float | None]:
    """A printed row of numbers; infinities are null."""
    values = [float(word) for word in text.strip("[] \n").split()]
    return [value if np.isfinite(value) else None for value in values]


def _refused(file: Path, found: str) -> SourceError:
    return SourceError(found, where=str(file), expected="weights and plain values", remedy=REMEDY)
