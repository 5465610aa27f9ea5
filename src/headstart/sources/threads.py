"""How many threads a piece of work gets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache


@cache
def physical_cores() -> int:
    """Cores that this process may use, hyper-threads not counted twice."""
    import psutil

    logical = (
        len(psutil.Process().cpu_affinity())
        if hasattr(psutil.Process, "cpu_affinity")
        else psutil.cpu_count()
    )
    return max(1, min(logical or 1, psutil.cpu_count(logical=False) or logical or 1))


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """`count` threads inside torch operations (0: one per physical core) while the block runs."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count or physical_cores())
    try:
        yield
    finally:
        torch.set_num_threads(before)
