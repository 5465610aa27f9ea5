"""A policy as an artefact: a record of plain values and named arrays, read without running any code.

`policy.json` holds the record and the hash of `policy.safetensors`. It is loaded by NumPy alone; the
learner's library is not needed to act. Arrays of a network: ``trunk.I.weight`` [out, in], ``trunk.I.bias``,
``head.weight``, ``head.bias``, for a stochastic actor ``spread.weight`` and ``spread.bias``; ``norm.mean``
and ``norm.var`` [obs] where observations are normalised. Those of a residual's frozen base begin ``base.``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from headstart.core.errors import OutputError, SourceError
from headstart.core.record import Record
from headstart.sim import spaces
from headstart.store.durable import make_folder
from headstart.training.sealed import origin_of

Array: TypeAlias = NDArray[Any]  # float32; statistics of observations float64
RECORD, ARRAYS = "policy.json", "policy.safetensors"
VARIANCE_FLOOR = 1e-8  # as the learner's own normalisation
REMEDY = "Restore it from a copy, or develop it again."


class PolicyRecord(Record):
    """What a policy is, beside its arrays.

    `output`: ``tanh`` (squashed, then scaled to the box), ``clip`` (cut to the box), ``argmax`` (a choice).
    `base`: the frozen policy that this one corrects by at most `residual` of half the box's width.
    """

    format: Literal[1] = 1
    family: Literal["sac", "td3", "ppo", "dqn", "clone"]
    output: Literal["tanh", "clip", "argmax"]
    hidden: tuple[int, ...]
    activation: Literal["relu", "tanh"]
    observation_space: dict[str, Any]
    action_space: dict[str, Any]
    clip_observation: float | None = None
    environment: str
    versions: dict[str, str] = Field(default={})
    base: PolicyRecord | None = None
    residual: float = 0.0


@dataclass(frozen=True)
class Policy:
    """A record and its arrays; `act` answers for many observations at once, always the same."""

    record: PolicyRecord
    arrays: Mapping[str, Array]

    def __post_init__(self) -> None:
        sizes = (spaces.width(self.record.observation_space), *self.record.hidden)
        wanted: dict[str, tuple[int, ...]] = {}
        for index, (before, after) in enumerate(pairwise(sizes)):
            wanted |= {f"trunk.{index}.weight": (after, before), f"trunk.{index}.bias": (after,)}
        outputs = spaces.width(self.record.action_space)
        wanted |= {"head.weight": (outputs, sizes[-1]), "head.bias": (outputs,)}
        for name, shape in wanted.items():
            found = self.arrays[name].shape if name in self.arrays else "nothing"
            if found != shape:
                raise SourceError(f"{name}: {found}", where="policy", expected=str(shape), remedy=REMEDY)
        broken = [name for name, array in self.arrays.items() if not np.isfinite(array).all()]
        if broken:
            raise SourceError(f"{broken[0]} holds values that are no numbers", where="policy", remedy=REMEDY)

    @property
    def base(self) -> Policy | None:
        """The frozen policy below a residual one."""
        if self.record.base is None:
            return None
        own = {name.removeprefix("base."): a for name, a in self.arrays.items() if name.startswith("base.")}
        return Policy(self.record.base, own)

    def normalised(self, observations: NDArray[Any]) -> NDArray[Any]:
        """Observations [n, obs] as the first layer wants them."""
        seen = np.asarray(observations, dtype=np.float32)
        if "norm.mean" in self.arrays:
            scale = np.sqrt(self.arrays["norm.var"].astype(np.float64) + VARIANCE_FLOOR)
            seen = ((seen - self.arrays["norm.mean"].astype(np.float64)) / scale).astype(np.float32)
            if self.record.clip_observation is not None:
                seen = np.clip(seen, -self.record.clip_observation, self.record.clip_observation)
        return seen

    def outputs(self, observations: NDArray[Any]) -> NDArray[Any]:
        """[n, outputs] of the last layer: means before squashing, or values of the choices."""
        x = self.normalised(observations)
        for index in range(len(self.record.hidden)):
            x = x @ self.arrays[f"trunk.{index}.weight"].T + self.arrays[f"trunk.{index}.bias"]
            x = np.maximum(x, 0) if self.record.activation == "relu" else np.tanh(x)
        return np.asarray(x @ self.arrays["head.weight"].T + self.arrays["head.bias"])

    def act(self, observations: NDArray[Any]) -> NDArray[Any]:
        """Actions [n, act] (float32 in the box), or choices [n] (int64), for observations [n, obs]."""
        out, space = self.outputs(np.atleast_2d(observations)), self.record.action_space
        if self.record.output == "argmax":
            return np.asarray(out.argmax(1) + space["start"], dtype=np.int64)
        low, high = np.float32(space["low"]), np.float32(space["high"])
        half = 0.5 * (high - low)
        base = self.base
        if base is not None:
            whole = base.act(observations) + self.record.residual * half * np.tanh(out)
            return np.asarray(np.clip(whole, low, high))
        if self.record.output == "tanh":
            return np.asarray(low + half * (np.tanh(out) + 1.0), dtype=np.float32)
        return np.asarray(np.clip(out, low, high))

    @property
    def sha256(self) -> str:
        """Of its record and its arrays."""
        return origin_of(self.record.model_dump(mode="json"), *self.arrays, *self.arrays.values())

    def save(self, folder: Path) -> None:
        """Write `policy.safetensors` and then `policy.json`."""
        from safetensors.numpy import save

        data = save({name: np.ascontiguousarray(array) for name, array in self.arrays.items()})
        make_folder(folder)
        (folder / ARRAYS).write_bytes(data)
        document = {"policy": self.record.model_dump(mode="json"), "sha256": sha256(data).hexdigest()}
        text = json.dumps(document, indent=1, sort_keys=True, allow_nan=False) + "\n"
        (folder / RECORD).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: str | Path) -> Policy:
        """Read what `save` wrote; nothing in the folder is run.

        Raises:
            OutputError: there is none. SourceError: it is damaged, or of a newer format.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load

        place = Path(folder)
        if not (place / RECORD).is_file():
            raise OutputError(
                "no policy here",
                where=str(folder),
                expected=f"a folder with {RECORD} and {ARRAYS}",
                remedy="Name the folder of a run or of a policy.",
            )
        try:
            document = json.loads((place / RECORD).read_text(encoding="utf-8"))
            record = PolicyRecord.model_validate(document["policy"])
            data = (place / ARRAYS).read_bytes()
            if sha256(data).hexdigest() != document["sha256"]:
                raise ValueError(f"{ARRAYS} has changed since it was written")
            return cls(record, load(data))
        except (OSError, ValueError, KeyError, TypeError, ValidationError, SafetensorError) as error:
            raise SourceError(
                f"the policy is damaged: {_short(error)}", where=str(folder), remedy=REMEDY
            ) from None


def _short(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error).splitlines()[0] if str(error) else type(error).__name__
