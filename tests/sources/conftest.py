"""Wheels made on the spot, and a home of their own for every test."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("HEADSTART_HOME", str(folder))
    # tiny networks: several threads would wait for one another
    monkeypatch.setattr("headstart.sources.threads.physical_cores", lambda: 1)
    return folder


@pytest.fixture
def wheelhouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Make wheels that pip finds without a network; gives their pins."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))

    def make(package: str, files: dict[str, bytes]) -> dict[str, Any]:
        module = package.replace("-", "_")
        info = f"{module}-1.0.dist-info"
        contents = {
            **files,
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n".encode(),
            f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        record = "".join(f"{name},sha256={digest(data)},{len(data)}\n" for name, data in contents.items())
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, data in {**contents, f"{info}/RECORD": record.encode()}.items():
                archive.writestr(name, data)
        (folder / f"{module}-1.0-py3-none-any.whl").write_bytes(stream.getvalue())
        sha = hashlib.sha256(stream.getvalue()).hexdigest()
        return {"package": package, "version": "1.0", "sha256": sha, "bytes": len(stream.getvalue())}

    return make


def digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
