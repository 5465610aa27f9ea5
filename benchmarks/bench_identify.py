"""Parameters of a simulator from a few trajectories: how near, how sure, how fast, and the return it buys.

    python benchmarks/bench_identify.py [--seeds 5] [--first 0] [--robots pendulum,pole]
                                        [--parts fits,together,return]

fits: each seed draws a body whose every parameter lies outside the training range (0.5 to 0.75, or 1.35 to
2 of the default) and a delay of actions, gathers 1, 5, 10, 20 trajectories of at most 100 steps with a source
policy that is disturbed, with sensor noise and without, and fits. together: the same on the pendulum with its
length unknown too, where only combinations can be told. return: a source policy in a far target (gravity 14,
actions two steps late), as it is and after learning in the identified simulator alone. Evidence is kept piece
by piece in .bench/identify, and in the repository.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from evidence import Pieces
from harness import machine_line

from headstart.core.seeds import generator
from headstart.sim.effects.action_delay import ActionDelay
from headstart.sim.effects.sensor_noise import SensorNoise
from headstart.sim.environment import EnvironmentId
from headstart.sim.identification import Identification, gather, identify
from headstart.sim.learning.job import BEST, OUTCOME, Job
from headstart.sim.learning.knowledge import Knowledge
from headstart.sim.learning.life import work
from headstart.sim.metered import Ledger, Metered, metered
from headstart.sim.policy import Policy
from headstart.sim.rollouts import episode_seeds, roll_out
from headstart.sim.simulation import simulated

# What is fitted, how much the sensors tremble, the longest delay that is drawn and tried, the source's steps.
# The pendulum's length is taken as known in `fits`: of mass, length and gravity only two can be told.
ROBOTS: dict[str, dict[str, Any]] = {
    "pendulum": {
        "id": "Pendulum-v1",
        "names": ("mass", "gravity"),
        "noise": (0.01, 0.01, 0.05),
        "delay": 2,
        "steps": 8000,
    },
    "pole": {
        "id": "InvertedPendulum-v5",
        "names": ("load", "damping", "strength"),
        "noise": 0.01,
        "delay": 1,
        "steps": 1000,
    },
}
COUNTS = (1, 5, 10, 20)
TARGET = "pair:pendulum-late/target"
SIMULATED_STEPS, TRAJECTORIES, EPISODES = 5000, 5, 20


def source(folder: Path, robot: dict[str, Any]) -> Path:
    """A policy of the simulator as it is; developed once."""
    place = folder / f"source-{robot['id']}"
    if not (place / OUTCOME).exists():
        home = robot["id"]
        job = Job(
            id="source",
            strategy="scratch",
            environment=home,
            target=home,
            steps=robot["steps"],
            seed=0,
            run_seed=0,
        )
        work(job, place, lambda: False)
    return place / BEST


def body(
    robot: dict[str, Any], names: Sequence[str], seed: int, noisy: bool
) -> tuple[Metered, dict[str, float]]:
    """A robot that differs from the simulator in everything, and what it is."""
    random = generator(seed, "body", robot["id"])
    env = simulated(EnvironmentId.parse(robot["id"]))
    declared = env.simulator.parameters
    factors = [random.choice([random.uniform(0.5, 0.75), random.uniform(1.35, 2.0)]) for _ in names]
    truth = {name: declared[name].default * float(by) for name, by in zip(names, factors, strict=True)}
    env.set_parameters(**truth)
    late = int(random.integers(robot["delay"] + 1))
    sensors: Any = SensorNoise(env, spread=robot["noise"]) if noisy else env
    return Metered(ActionDelay(sensors, steps=late), Ledger()), {**truth, "delay": late}


def fit(
    robot: dict[str, Any], names: Sequence[str], policy: Policy, seed: int, count: int, noisy: bool
) -> dict[str, Any]:
    """Errors as fractions of the truth, and whether intervals hold it."""
    target, truth = body(robot, names, seed, noisy)
    trajectories = gather(policy, target, episode_seeds(seed, "trajectories", count))
    began_s = time.monotonic()
    home = EnvironmentId.parse(robot["id"])
    found = identify(trajectories, home, seed=seed, names=names, longest_delay=robot["delay"])
    return {
        "seconds": time.monotonic() - began_s,
        "target_steps": target.ledger.steps,
        "truth": truth,
        "error": {one.name: one.value / truth[one.name] - 1 for one in found.parameters},
        "held": {one.name: one.interval.contains(truth[one.name]) for one in found.parameters},
        "told": {one.name: one.told for one in found.parameters},
        "delay_right": found.delay_steps == truth["delay"],
        "found": found.model_dump(mode="json"),
    }


def bought(begun: Path, folder: Path, seed: int) -> dict[str, Any]:
    """Returns in the target of the source as it is, and after learning in the identified simulator."""
    policy = Knowledge.load(begun).policy
    target = metered(EnvironmentId.parse(TARGET))
    trajectories = gather(policy, target, episode_seeds(seed, "trajectories", TRAJECTORIES))
    home = EnvironmentId.parse("pair:pendulum-late/source")
    found: Identification = identify(trajectories, home, seed=seed)
    spent = target.ledger.steps
    job = Job(
        id="identify",
        strategy="identify",
        environment=home.text,
        target=TARGET,
        source=str(begun),
        parameters=dict(found.values),
        delay=found.delay_steps,
        steps=SIMULATED_STEPS,
        seed=seed,
        run_seed=seed,
    )
    outcome = work(job, folder / f"return-{seed}", lambda: False)
    fresh = episode_seeds(seed, "fresh", EPISODES)
    kept = Knowledge.load(folder / f"return-{seed}" / BEST).policy
    return {
        "before": float(np.mean(roll_out(policy, target, fresh).returns)),
        "after": float(np.mean(roll_out(kept, target, fresh).returns)),
        "looks": [[point.step, float(np.mean(point.returns))] for point in outcome.curve],
        "target_steps": spent,
        "target_steps_of_looks": outcome.looked,
        "simulated_steps": outcome.steps,
        "found": found.model_dump(mode="json"),
    }


def known(pieces: Pieces, name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A piece that was kept, or made now."""
    if name not in pieces:
        pieces[name] = make()
        print(name, json.dumps({k: v for k, v in pieces[name].items() if k != "found"}), flush=True)
    found: dict[str, Any] = pieces[name]
    return found


def row(name: str, noisy: bool, count: int, lines: Sequence[dict[str, Any]]) -> str:
    """One row of the table in docs/LOG.md."""
    errors = 100 * np.abs([list(line["error"].values()) for line in lines])
    held, told = (np.mean([list(line[key].values()) for line in lines]) for key in ("held", "told"))
    each = " / ".join(f"{median:.2g}" for median in np.median(errors, axis=0))
    right = sum(line["delay_right"] for line in lines)
    return (
        f"| {name}, {'noise' if noisy else 'no noise'} | {count} "
        f"| {np.mean([line['target_steps'] for line in lines]):.0f} | {each} | {errors.max():.2g} "
        f"| {(errors < 10).mean():.0%} | {held:.0%} | {told:.0%} | {right} of {len(lines)} "
        f"| {np.median([line['seconds'] for line in lines]):.0f} |"
    )


def combinations(lines: Sequence[dict[str, Any]]) -> str:
    """What of a pendulum can be told: gravity over length, and one over mass times length squared."""
    errors = []
    for line in lines:
        mass, length, gravity = (1 + line["error"][name] for name in ("mass", "length", "gravity"))
        errors.append([gravity / length - 1, 1 / (mass * length**2) - 1])
    worst, held = 100 * np.abs(errors).max(0), np.mean([list(line["held"].values()) for line in lines])
    told = np.mean([list(line["told"].values()) for line in lines])
    return (
        f"worst error of g/l {worst[0]:.2g} %, of 1/(m l²) {worst[1]:.2g} %; held {held:.0%}, told {told:.0%}"
    )


def main() -> None:
    """Run what is missing, then sum up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--robots", default=",".join(ROBOTS))
    parser.add_argument("--parts", default="fits,together,return")
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.seeds)
    pieces, parts, said = Pieces("identify"), options.parts.split(","), []
    for name in options.robots.split(",") if "fits" in parts else ():
        robot, policy = ROBOTS[name], Knowledge.load(source(pieces.folder, ROBOTS[name])).policy
        for noisy in (True, False):
            for count in COUNTS:
                lines = []
                for seed in seeds:
                    make = partial(fit, robot, robot["names"], policy, seed, count, noisy)
                    lines.append(
                        known(pieces, f"{name}-{'noisy' if noisy else 'quiet'}-{count}-{seed}", make)
                    )
                said.append(row(name, noisy, count, lines))
    pendulum = ROBOTS["pendulum"]
    if "together" in parts:
        policy, names = Knowledge.load(source(pieces.folder, pendulum)).policy, ("mass", "length", "gravity")
        lines = [
            known(pieces, f"together-{seed}", partial(fit, pendulum, names, policy, seed, 5, True))
            for seed in seeds
        ]
        said.append(combinations(lines))
    if "return" in parts:
        begun = source(pieces.folder, pendulum)
        for seed in seeds:
            line = known(pieces, f"return-{seed}", partial(bought, begun, pieces.folder, seed))
            said.append(
                f"seed {seed}: {line['before']:.0f} as it is, {line['after']:.0f} after; {line['looks']}"
            )
    print(machine_line(), *said, pieces.origins(), sep="\n")


if __name__ == "__main__":
    main()
