"""A small convolutional network that knows nothing: the start of the control that is trained from scratch."""

from __future__ import annotations

from headstart.core.kinds import Modality
from headstart.core.source import Network, SourceCard
from headstart.sources import architectures, loading, shelf
from headstart.sources.catalogue import Architecture, Entry

ID = "scratch:small-cnn"
SIDE = 64  # pixels
GMACS = 0.02  # billions of multiply-adds for one picture


def scratch_network(seed: int) -> Network:
    """The untrained network of a seed, loaded; its weights are kept on the shelf like any source's."""
    widths = architectures.SCRATCH_WIDTHS
    entry = Entry(
        card=SourceCard(
            id=ID,
            name="small network from scratch",
            modality=Modality.IMAGE,
            architecture="scratch/small_cnn",
            parameters=sum(9 * a * b for a, b in zip((3, *widths), widths, strict=False)),
            weights_sha256=f"seed-{seed}",
            licence="Apache-2.0",
            permissive=True,
            download_bytes=0,
            input_sizes=(SIDE,),
            tunable=True,
            pretraining="none",
        ),
        wheels=(),
        files=(),
        architecture=Architecture("scratch", "small_cnn", {"seed": seed}),
        mapping={},
        preprocessing={"mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25], "interpolation": "bilinear"},
        check=None,
        gmacs=GMACS,
        reference_size=SIDE,
    )
    key = f"scratch-small-cnn-{seed}"
    if not shelf.has(key):
        with shelf.building(key) as folder:
            loading.write(architectures.build(entry.architecture), folder / loading.WEIGHTS)
    return loading.load(entry, shelf.place(key))
