"""A store in a folder of its own, and small things to put into it."""

import pytest

from headstart.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store", cache=tmp_path / "cache")


@pytest.fixture
def folder(tmp_path):
    """Writes a folder with these files and gives its path."""

    def write(**texts: str):
        above = tmp_path / f"folder-{len(list(tmp_path.iterdir()))}"
        for name, text in texts.items():
            file = above / name.replace("__", "/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return above

    return write
