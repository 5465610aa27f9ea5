"""Parameters of a simulator from a few trajectories: how near, how sure, how fast, and the return it buys.

    python benchmarks/bench_identify.py [--seeds 5] [--robots pendulum,pole] [--part fits,return]

Each seed draws a body whose every parameter lies outside the training range (0.5 to 0.75, or 1.35 to 2 of the
default; the pendulum's actions are late by 0 to 2 steps too), gathers 1, 5, 10, 20 trajectories of at most 100
steps with a source policy that is disturbed, with sensor noise and without, and fits. Return: a policy of the
source of `pendulum-late` in its target, as it is and after training in the identified simulator. Evidence is
kept piece by piece in .bench/identify.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from harness import bench_folder, machine_line

from headstart.core.seeds import generator
from headstart.sim.effects import every_effect
from headstart.sim.environment import EnvironmentId
from headstart.sim.identification import gather, identify
from headstart.sim.identification.simulator import late, open_simulator
from headstart.sim.learning.job import BEST, Job, work
from headstart.sim.learning.knowledge import Knowledge
from headstart.sim.metered import Ledger, Metered, metered
from headstart.sim.rollouts import episode_seeds, roll_out

ROBOTS: dict[str, dict[str, Any]] = {
    "pendulum": {
        "id": "Pendulum-v1",
        "names": ("mass", "gravity"),  # the length is taken as known: of the three only two can be told
        "noise": (0.01, 0.01, 0.05),
        "delays": 3,
        "source_steps": 8000,
    },
    "pole": {
        "id": "InvertedPendulum-v5",
        "names": ("load", "damping", "strength"),
        "noise": (0.01, 0.01, 0.01, 0.01),
        "delays": 1,
        "source_steps": 4000,
    },
}
COUNTS = (1, 5, 10, 20)
FAR, EPISODES = "pair:pendulum-late/target", 20


def source(folder: Path, gym_id: str, steps: int, seed: int = 0) -> Path:
    """A policy of the simulator as it is; developed once."""
    place = folder / f"source-{gym_id}-{seed}".replace("/", "-").replace(":", "-")
    if not (place / "outcome.json").exists():
        job = Job(id="source", strategy="scratch", environment=gym_id, target=gym_id, steps=steps, seed=seed, run_seed=seed)
        work(job, place, lambda: False)
    return place / BEST


def fit(robot: dict[str, Any], policy: Knowledge, seed: int, count: int, noisy: bool) -> dict[str, Any]:
    """One body, one set of trajectories: errors as fractions of the truth, whether intervals hold it."""
    simulator = EnvironmentId.parse(robot["id"])
    random = generator(seed, "body", robot["id"])
    env = open_simulator(simulator)
    truth = {
        name: round(env.simulator.parameters[name].default * float(random.choice([random.uniform(0.5, 0.75), random.uniform(1.35, 2.0)])), 3)
        for name in robot["names"]
    }
    delay = int(random.integers(robot["delays"]))
    env.set_parameters(**truth)
    body: Any = every_effect()["sensor_noise"](env, spread=robot["noise"]) if noisy else env
    target = Metered(late(body, delay), Ledger(), robot["id"])
    trajectories = gather(policy.policy, target, episode_seeds(seed, "trajectories", count))
    began_s = time.monotonic()
    found = identify(trajectories, simulator, seed=seed, names=robot["names"], longest_delay=robot["delays"])
    line: dict[str, Any] = {
        "seconds": time.monotonic() - began_s,
        "target_steps": target.ledger.steps,
        "simulated_steps": found.simulated_steps,
        "truth": truth | {"action_delay": delay},
        "table": [one.model_dump(mode="json") for one in found.table],
    }
    line["error"] = {one.name: one.value / truth[one.name] - 1 for one in found.parameters}
    line["held"] = {one.name: one.interval.contains(truth[one.name]) for one in found.parameters}
    line["told"] = {one.name: one.told for one in found.parameters}
    line["delay_right"] = found.delay_steps == delay
    return line


def bought(folder: Path, seed: int, strategy: str) -> dict[str, Any]:
    """Returns in the target of the source as it is, and of what simulation alone made of it."""
    begun = source(folder, "pair:pendulum-late/source", 8000, seed)
    place = folder / f"{strategy}-{seed}"
    job = Job(id=strategy, strategy=strategy, environment=FAR, target=FAR, source=str(begun), steps=3000, seed=seed, run_seed=seed)
    outcome = work(job, place, lambda: False)
    env = metered(EnvironmentId.parse(FAR))
    fresh = episode_seeds(seed, "fresh", EPISODES)
    simulated = Knowledge.load(place / "prepared" / "knowledge").policy
    return {
        "before": np.mean(roll_out(Knowledge.load(begun).policy, env, fresh).returns),
        "simulated": np.mean(roll_out(simulated, env, fresh).returns),
        "tuned": np.mean(roll_out(Knowledge.load(place / BEST).policy, env, fresh).returns),
        "target_steps_to_simulated": outcome.curve[0].step,
        "simulated_steps": outcome.simulated,
        "seconds": outcome.wall_s,
        "table": [one.model_dump(mode="json") for one in outcome.identified],
    }


def kept(path: Path, make: Any) -> dict[str, Any]:
    """A piece from its file, or made now."""
    if not path.exists():
        path.write_text(json.dumps(make(), default=float))
        print(path.name, path.read_text()[:400], flush=True)
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def summed(name: str, noisy: bool, count: int, lines: Sequence[dict[str, Any]]) -> None:
    """One row of the table."""
    errors = np.abs([list(line["error"].values()) for line in lines])
    held = np.mean([list(line["held"].values()) for line in lines])
    told = np.mean([list(line["told"].values()) for line in lines])
    each = ", ".join(f"{one} {100 * value:.2g}" for one, value in zip(lines[0]["error"], np.median(errors, axis=0), strict=True))
    print(
        f"{name}, noise {'on' if noisy else 'off'}, {count} trajectories ({np.mean([x['target_steps'] for x in lines]):.0f} "
        f"steps): median error % {each}; worst {100 * errors.max():.3g} %; within 10 %: {100 * (errors < 0.1).mean():.0f} %; "
        f"intervals hold the truth {100 * held:.0f} %; told {100 * told:.0f} %; "
        f"delay right {sum(x['delay_right'] for x in lines)} of {len(lines)}; {np.median([x['seconds'] for x in lines]):.1f} s"
    )


def main() -> None:
    """Run what is missing, then sum up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--robots", default=",".join(ROBOTS))
    parser.add_argument("--part", default="fits,return")
    options = parser.parse_args()
    folder = bench_folder("identify")
    rows = []
    if "fits" in options.part:
        for name in options.robots.split(","):
            robot = ROBOTS[name]
            policy = Knowledge.load(source(folder, robot["id"], robot["source_steps"]))
            for noisy in (True, False):
                for count in COUNTS:
                    lines = [
                        kept(
                            folder / f"{name}-{'noisy' if noisy else 'quiet'}-{count}-{seed}.json",
                            lambda s=seed, c=count, n=noisy: fit(robot, policy, s, c, n),
                        )
                        for seed in range(options.seeds)
                    ]
                    rows.append((name, noisy, count, lines))
    print(machine_line())
    for row in rows:
        summed(*row)
    if "return" in options.part:
        for strategy in ("identified", "randomised"):
            lines = [kept(folder / f"return-{strategy}-{s}.json", lambda s=s: bought(folder, s, strategy)) for s in range(options.seeds)]
            for key in ("before", "simulated", "tuned"):
                print(strategy, key, [round(line[key]) for line in lines], f"mean {np.mean([line[key] for line in lines]):.0f}")


if __name__ == "__main__":
    main()
