"""Be told when a forward pass comes to certain links of the spine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import torch

from headstart.sources.spine import Link


class Watching:
    """Call back at given links while the network runs.

    Before them with (args, kwargs), after them with (result, None).
    """

    def __init__(self, watched: Sequence[tuple[Link, Callable[[Any, Any], None]]], *, before: bool) -> None:
        self.watched, self.before = watched, before

    def __enter__(self) -> None:
        turns: Counter[torch.nn.Module] = Counter()
        waiting: dict[torch.nn.Module, dict[int, Callable[[Any, Any], None]]] = {}
        for link, tell in self.watched:
            waiting.setdefault(link.module, {})[link.turn] = tell

        def at(module: torch.nn.Module, first: Any, second: Any) -> None:
            turn = turns[module]
            turns[module] += 1
            if turn in waiting[module]:
                waiting[module][turn](first, second)

        if self.before:
            self.hooks = [module.register_forward_pre_hook(at, with_kwargs=True) for module in waiting]
        else:
            self.hooks = [
                module.register_forward_hook(lambda m, _, result: at(m, result, None)) for module in waiting
            ]

    def __exit__(self, *_: object) -> None:
        for hook in self.hooks:
            hook.remove()
