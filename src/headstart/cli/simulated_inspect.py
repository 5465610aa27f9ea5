"""What ``headstart sim inspect`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headstart.cli.output import columns, document, show_findings

if TYPE_CHECKING:
    from headstart.recipes.sim_inspect import InspectedEnvironments
    from headstart.sim.contract import Channel, Mapping, Signature


def show(inspected: InspectedEnvironments, *, as_json: bool) -> None:
    """Each environment's signature, the findings, and what surgery would do; or everything as JSON."""
    if as_json:
        document(inspected)
        return
    for one in inspected.signatures:
        _show_signature(one)
    show_findings(inspected.findings)
    if inspected.mapping is not None:
        _show_surgery(inspected.mapping, *inspected.signatures)


def _show_signature(one: Signature) -> None:
    print(one.environment)
    step = f"{one.time_step_s:g} s" if one.time_step_s else "unknown"
    limit = f"{one.max_steps} steps" if one.max_steps else "none"
    rows = [
        ["  observations", f"{len(one.observations)}, {_kind(one.observation_kind, one.observations_named)}"],
        ["  actions", f"{len(one.actions)}, {_kind(one.action_kind, one.actions_named)}"],
        ["  time step", f"{step}, time limit {limit}"],
        ["  reward", f"{one.reward_mean:.3g} ± {one.reward_spread:.3g} a step of random actions"],
    ]
    print(columns(rows) + "\n")


def _kind(kind: str, named: bool) -> str:
    words = {"numbers": "numbers", "choice": "choices", "other": "laid out flat"}[kind]
    return f"{words}, {'named' if named else 'names unknown'}"


def _show_surgery(mapping: Mapping, source: Signature, target: Signature) -> None:
    """For each number of the target, what of the source stands behind it."""
    if mapping.impossible:
        print("\nNo policy of the source can be refitted to the target.")
        return
    if mapping.nothing_to_do:
        print("\nA policy of the source fits the target as it is.")
        return
    print("\nA policy of the source would be refitted so:")
    rows = _rows(target.observations, mapping.observations, mapping.observation_factors, source.observations)
    rows += _rows(target.actions, mapping.actions, mapping.action_factors, source.actions)
    gone = [source.observations[at].name for at in mapping.missing_observations]
    rows += [["  (not observed)", f"{name}, held at its training mean"] for name in gone]
    rows += [["  (not done)", source.actions[at].name] for at in mapping.missing_actions]
    print(columns([["  target", "source"], *rows]))


def _rows(
    channels: tuple[Channel, ...],
    mapped: tuple[int | None, ...],
    factors: tuple[float, ...],
    source: tuple[Channel, ...],
) -> list[list[str]]:
    rows = []
    for one, index, times in zip(channels, mapped, factors, strict=True):
        behind = "new, ignored at first" if index is None else source[index].name
        rows.append([f"  {one.name}", behind + (f", × {times:.6g}" if times != 1.0 else "")])
    return rows
