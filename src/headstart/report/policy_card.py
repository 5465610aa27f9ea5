"""The card that goes with a developed policy: where it learned, what it returns, what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headstart.report.quantities import significant


def policy_card(name: str, card: Mapping[str, Any]) -> str:
    """README.md of a policy in the store; `card` is the object's."""
    score, over = card["score"], card["score_over_seeds"]
    seeds = ", ".join(significant(line["return"]) for line in card["seeds"])
    space, acts = card["observation_space"], card["action_space"]
    sees = f"{len(space['low'])} numbers" if space["type"] == "box" else f"one of {space['n']}"
    does = f"{len(acts['low'])} numbers" if acts["type"] == "box" else f"one of {acts['n']} choices"
    versions = ", ".join(f"{name} {version}" for name, version in card["versions"].items())
    return f"""# {name}: a policy developed in {card["environment"]}

| | |
|---|---|
| environment | `{card["environment"]}` |
| return | {significant(score["estimate"])}, 90 % interval {_range(score)}, on episodes that nobody chose by |
| over {len(card["seeds"])} learners | {significant(over["estimate"])}, {_range(over)}; each: {seeds} |
| sees, does | {sees}; {does} |
| learner | {card["policy"]["family"].upper()}, layers of {", ".join(map(str, card["policy"]["hidden"]))} |
| kept beside it | its critic, {card["experience"]} transitions of what it saw |
| took | {card["cost"]["steps"]:,} environment steps, {card["cost"]["wall_s"]:.0f} s |
| versions | {versions} |

Intended use: as a source for `headstart sim fit ENV --source store:{name}`.

Limits: it was judged in the environment above and nowhere else. A changed body, delay, noise or load can make
it worse without warning; `headstart sim eval store:{name} ENV` measures that.
"""


def _range(score: Mapping[str, Any]) -> str:
    return f"{significant(score['interval']['low'])} to {significant(score['interval']['high'])}"
