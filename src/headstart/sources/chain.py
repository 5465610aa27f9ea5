"""The longest chain of calls in which each result is the next one's input: a network's spine, in the raw.

Nothing here knows a network by name. Containers are opened as long as they are chains themselves, so that the
links are what their author calls blocks: a residual block, an encoder layer, a convolution of a plain stack.
"""

from __future__ import annotations

import re

import torch

from headstart.sources.recording import Call


def spine(root: Call) -> list[Call]:
    """The calls along the heaviest chain below `root` (weight: parameters), containers opened.

    The first one may do something before its own chain begins (add positions): that then belongs to the stem.
    """
    links: list[Call] = []
    for link in heaviest(root):
        opened = is_container(link) or (not links and is_container(link, from_start=False))
        links += spine(link) if opened else [link]
    return links


def heaviest(call: Call) -> list[Call]:
    """The chain of children with the most parameters; among equals the one with more links."""
    children = [child for child in call.children if child.received is not None and child.returned is not None]
    weight: list[tuple[int, int]] = []
    previous: list[int | None] = []
    for number, child in enumerate(children):
        feeding = [at for at in range(number) if children[at].gave(child.received, child.received_version)]
        best = max(feeding, key=lambda at: (weight[at], at), default=None)
        parameters, length = weight[best] if best is not None else (0, 0)
        weight.append((parameters + count(child.module), length + 1))
        previous.append(best)
    at = max(range(len(children)), key=lambda number: (weight[number], number), default=None)
    chain = []
    while at is not None:
        chain.append(children[at])
        at = previous[at]
    return chain[::-1]


def is_chain(call: Call, *, from_start: bool = True) -> bool:
    """Whether a call does nothing but hand one tensor from child to child, with no way around them."""
    links = heaviest(call)
    if not links or not links[-1].gave(call.returned, call.returned_version):
        return False
    if from_start and links[0].received is not call.received:
        return False
    inside = {id(child.returned) for child in call.children} | {id(call.received)}
    return not any(id(other) in inside for link in links for other in link.others)


def is_container(call: Call, *, from_start: bool = True) -> bool:
    """Whether its links are the blocks: a plain Sequential, or numbered members that do more than pass on."""
    if not is_chain(call, from_start=from_start):
        return False
    if type(call.module) is torch.nn.Sequential:
        return True
    numbered = [link for link in spine_of_members(call) if re.search(r"\d+$", link.name)]
    return sum(not is_chain(link) and has_parts(link.module) for link in numbered) > 1


def spine_of_members(call: Call) -> list[Call]:
    """The links of a chain, plain Sequentials among them opened."""
    links = []
    for link in heaviest(call):
        opened = type(link.module) is torch.nn.Sequential and is_chain(link)
        links += spine_of_members(link) if opened else [link]
    return links


def has_parts(module: torch.nn.Module) -> bool:
    """Whether some child of the module has parameters."""
    return any(count(child) for child in module.children())


def count(module: torch.nn.Module) -> int:
    """Number of parameters."""
    return sum(parameter.numel() for parameter in module.parameters())


def blocks(links: list[Call]) -> list[list[Call]]:
    """Links grouped so that each block begins with something that can be tuned by itself.

    A module with parts begins a block, so does a lone convolution or matrix; norms, activations and pools
    belong to what stands before them.
    """
    groups: list[list[Call]] = []
    for link in links:
        own = [parameter for parameter in link.module.parameters() if parameter.ndim > 1]
        if not groups or (has_parts(link.module) and own) or own:
            groups.append([link])
        else:
            groups[-1].append(link)
    return groups
