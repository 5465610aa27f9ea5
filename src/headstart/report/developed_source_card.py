"""The README.md of a developed source in the store: a card for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from headstart.core.estimate import Interval
from headstart.report.quantities import count, duration, percent
from headstart.report.units import unit_of


def developed_source_card(name: str, card: Mapping[str, Any]) -> str:
    """The card of the object as Markdown, with a head that model hubs read."""
    import yaml

    source, task, parent = card["source"], card["task"], card["choice"]["parent"]
    head = {
        "library_name": "headstart",
        "license": source["licence"].lower(),
        "tags": ["transfer-learning", "source", task["modality"], task["kind"] or card["method"]],
        "data_sha256": {"train": task["fingerprint"]},
        **({"base_model": [parent]} if parent else {}),
        **({"metrics": [task["metric"]]} if card["held_out"] else {}),
    }
    written = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=1000)
    sections = [
        f"# {name}",
        f"A source model, {source['pretraining']}.",
        "## How good it is\n\n" + "\n".join(f"- {line}" for line in _quality(card)),
        f"## Intended use\n\n{card['intended_use']}",
        f"## Limits\n\n{card['limits']}",
        f"## How to reuse it\n\n```console\n$ headstart fit TARGET --source store:{name}\n```",
        "## Where it comes from\n\n" + "\n".join(f"- {line}" for line in _origin(card)),
    ]
    return f"---\n{written}---\n\n" + "\n\n".join(sections) + "\n"


def _quality(card: Mapping[str, Any]) -> Iterator[str]:
    scored, plain = card["held_out"], card["baseline"]
    if scored is None:
        yield "It learned without labels; no score was taken. What it is worth, each new task shows."
        if views := card.get("pretext"):
            yield (
                f"Two altered views of an example find each other in {percent(views['after'])} of cases "
                f"({percent(views['before'])} before), on {count(views['n'])} examples that nothing was "
                "learned from."
            )
        return
    unit = unit_of(scored["metric"])
    between = unit.interval(Interval(**scored["interval"]))
    yield (
        f"{unit.label} {unit.score(scored['score'])} ({between}) on {count(scored['n'])} held-out examples "
        "that nothing was learned from and nothing was chosen by."
    )
    if plain is not None:
        yield (
            f"Without developing anything: {unit.score(plain['score'])} "
            f"({plain['name']}, fitted on {count(plain['n_learned'])} examples)."
        )


def _origin(card: Mapping[str, Any]) -> Iterator[str]:
    source, task, choice = card["source"], card["task"], card["choice"]
    yield f"data {task['id']}, {count(task['n_train'])} examples: `{task['fingerprint']}`"
    if choice["parent"]:
        yield f"continued from `{choice['parent']}`"
    moved = choice["blocks"] - choice["frozen_blocks"]
    yield f"{source['architecture']}, {count(choice['parameters'])} parameters, {moved} blocks tuned"
    yield f"{choice['epochs']} epochs, the weights are those of epoch {choice['best_epoch']}"
    yield f"weights: `{source['weights_sha256']}`"
    yield f"{duration(card['cost']['wall_s'])}, seed {card['seed']}, headstart {card['code_version']}"
