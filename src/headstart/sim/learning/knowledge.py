"""What a developed policy leaves for strategies: actor, critic, some experience, settings; no pickle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import SourceError
from headstart.sim.learning.settings import LearnerSettings
from headstart.sim.policy import Policy

CRITIC, REPLAY, SETTINGS = "critic.safetensors", "replay.safetensors", "learner.json"


@dataclass(frozen=True)
class Knowledge:
    """A policy and what was learned beside it; `critic` and `replay` may be empty."""

    policy: Policy
    settings: LearnerSettings | None = None
    critic: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    replay: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Write everything into `folder`; the policy's record last."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        if self.critic:
            save_file({key: np.ascontiguousarray(a) for key, a in self.critic.items()}, folder / CRITIC)
        if self.replay:
            write_replay(folder, self.replay)
        if self.settings is not None:
            (folder / SETTINGS).write_text(self.settings.model_dump_json(indent=1) + "\n", encoding="utf-8")
        self.policy.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Knowledge:
        """Read what `save` wrote; a policy alone is enough.

        Raises:
            OutputError, SourceError: no policy is there, or a file is damaged.
        """
        from pydantic import ValidationError
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        policy = Policy.load(folder)
        settings, parts = None, {}
        try:
            for name in (CRITIC, REPLAY):
                parts[name] = load_file(folder / name) if (folder / name).is_file() else {}
            if (folder / SETTINGS).is_file():
                settings = LearnerSettings.model_validate_json((folder / SETTINGS).read_text("utf-8"))
        except (OSError, ValueError, SafetensorError, ValidationError) as error:
            raise SourceError(
                f"what was kept beside the policy is damaged ({str(error).splitlines()[0]})",
                where=str(folder),
                remedy="Restore it from a copy, or develop the policy again.",
            ) from None
        return cls(policy, settings, parts[CRITIC], parts[REPLAY])


def write_replay(folder: Path, experience: Mapping[str, NDArray[Any]]) -> None:
    """Write what was seen, by the names of `replay.FIELDS`, beside a policy; nothing for nothing."""
    from safetensors.numpy import save_file

    if len(experience["rewards"]):
        save_file({name: np.ascontiguousarray(a) for name, a in experience.items()}, folder / REPLAY)
