"""Watch one forward pass: which module received and returned which tensor, as a tree of calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.utils._pytree import tree_leaves


@dataclass(eq=False)
class Call:
    """One call of a module in a forward pass; `turn` counts the calls of the same module before it.

    `arguments` is (args, kwargs) as they came; `received` their first tensor, `others` the rest;
    `returned` the first tensor of the result. Tensors are compared by identity, so a record keeps them all
    alive.
    """

    name: str
    module: torch.nn.Module
    turn: int
    arguments: tuple[tuple[Any, ...], dict[str, Any]]
    received: torch.Tensor | None
    others: tuple[torch.Tensor, ...]
    received_version: int = 0
    returned: torch.Tensor | None = None
    returned_version: int = 0
    children: list[Call] = field(default_factory=list)

    def gave(self, value: torch.Tensor | None, version: int) -> bool:
        """Whether the call returned just this tensor in this version."""
        return self.returned is value and self.returned_version == version

    def walk(self) -> Iterator[Call]:
        """The call and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def tensors_in(tree: Any) -> list[torch.Tensor]:
    """The tensors of nested tuples, lists, dictionaries and model outputs, in order."""
    return [leaf for leaf in tree_leaves(tree) if isinstance(leaf, torch.Tensor)]


def record(module: torch.nn.Module, forward: Callable[[], Any]) -> Call:
    """The tree of calls while `forward` runs `module` once; its root is the call of `module` itself."""
    names = {part: name for name, part in module.named_modules()}
    turns: Counter[torch.nn.Module] = Counter()
    stack: list[Call] = []
    roots: list[Call] = []

    def before(part: torch.nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        given = tensors_in((args, kwargs))
        first, others = (given[0], tuple(given[1:])) if given else (None, ())
        version = first._version if first is not None else 0
        call = Call(names[part], part, turns[part], (args, kwargs), first, others, version)
        turns[part] += 1
        (stack[-1].children if stack else roots).append(call)
        stack.append(call)

    def after(_part: torch.nn.Module, _args: Any, result: Any) -> None:
        call = stack.pop()
        call.returned = next(iter(tensors_in(result)), None)
        call.returned_version = call.returned._version if call.returned is not None else 0

    hooks = [hook for part in names for hook in (
        part.register_forward_pre_hook(before, with_kwargs=True), part.register_forward_hook(after)
    )]  # fmt: skip
    try:
        with torch.no_grad():
            forward()
    finally:
        for hook in hooks:
            hook.remove()
    return roots[0]
