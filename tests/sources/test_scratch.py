"""The network from scratch is a source like any other: packed, it loads where nobody has heard of it."""

from __future__ import annotations

import subprocess
import sys

import torch

from headstart.sources.portable import pack
from headstart.sources.scratch import scratch_network


def test_a_packed_network_loads_in_a_fresh_process_and_reads_the_same(tmp_path):
    network = scratch_network(3)
    pack(network, tmp_path / "packed")
    code = (
        "import sys, pathlib, torch\n"
        "from headstart.sources.portable import unpack\n"
        "print(unpack(pathlib.Path(sys.argv[1])).read((torch.ones(2, 3, 64, 64),))['last'].sum().item())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "packed")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    here = network.read((torch.ones(2, 3, 64, 64),))["last"].sum().item()
    assert abs(float(done.stdout) - here) < 1e-3


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    first, again, other = (scratch_network(seed).module.state_dict() for seed in (1, 1, 2))
    name = next(iter(first))
    assert torch.equal(first[name], again[name])
    assert not torch.equal(first[name], other[name])
