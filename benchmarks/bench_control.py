"""Policies brought to changed worlds: every built-in pair, against from scratch, the source, naive tuning.

    python benchmarks/bench_control.py [--pairs pendulum-late,...] [--seeds 5] [--target-steps 2000]

For each pair a source is developed once through the product, then `sim fit` is run with the naive baseline
among its strategies. What was handed back, the source as it is and the control's best learner are scored
once more on 30 fresh episodes of the benchmark's own. Pieces are kept (`evidence.py`), and inside of one
a learner that is finished is not learned again.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from evidence import Pieces, bench_folder
from harness import machine_line

from headstart.core.run import RunRecord
from headstart.core.watch import Silent
from headstart.metrics import returns
from headstart.recipes.policies import found
from headstart.recipes.sim_develop import sim_develop
from headstart.recipes.sim_fit import sim_fit
from headstart.recipes.sim_meeting import meet
from headstart.recipes.sim_race import DEFAULTS, NAIVE, names
from headstart.recipes.sim_settings import SimDevelopSettings, SimFitSettings
from headstart.sim.environment import EnvironmentId
from headstart.sim.learning.settings import settings_for
from headstart.sim.metered import Ledger, metered
from headstart.sim.pairs import pairs
from headstart.sim.policy import Policy
from headstart.sim.rollouts import episode_seeds, roll_out

EPISODES = 30
MARGIN = 0.05
PURPOSE = "bench"  # episodes that no run has seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", default="")
    parser.add_argument("--seeds", type=int, default=5, help="learners of each way in the target")
    parser.add_argument("--source-seeds", type=int, default=2, help="learners of each source")
    parser.add_argument("--target-steps", type=int, default=2000)
    parser.add_argument("--source-steps", type=int, default=0, help="0: what the pair says")
    parser.add_argument("--threads", type=int, default=0)
    given = parser.parse_args()
    wanted = given.pairs.split(",") if given.pairs else [pair.name for pair in pairs()]
    print(machine_line())
    pieces = Pieces(
        "control",
        seeds=given.seeds,
        source_seeds=given.source_seeds,
        target_steps=given.target_steps,
        source_steps=given.source_steps,
    )
    rows = []
    for pair in pairs():
        if pair.name not in wanted:
            continue
        if pair.name not in pieces:
            pieces[pair.name] = measured(pair, given)
        rows.append(pieces[pair.name])
        print(line(rows[-1]), flush=True)
    conclusion(rows)
    print(pieces.origins())


def measured(pair: Any, given: argparse.Namespace) -> dict[str, Any]:
    """One pair: developed, fitted, scored; what is there already is read."""
    sizes = f"{given.source_seeds}x{given.source_steps}-{given.seeds}x{given.target_steps}"
    folder = bench_folder("control") / f"{pair.name}-{sizes}"
    store = str(folder / "store")
    shared = {
        "threads": given.threads,
        "store": store,
        "seed": pair.seed,
        "resume": True,
    }
    sim_develop(
        SimDevelopSettings(
            environment=f"pair:{pair.name}/source",
            name="source",
            steps=given.source_steps or pair.source_steps,
            seeds=given.source_seeds,
            out=str(folder / "develop"),
            **shared,
        ),
        Silent(),
    )
    source = found("store:source", store, home="")
    settings = SimFitSettings(
        environment=f"pair:{pair.name}/target",
        source="store:source",
        target_steps=given.target_steps,
        seeds=given.seeds,
        out=str(folder / "fit"),
        **shared,
    )
    target = EnvironmentId.parse(settings.environment)
    here = meet(source, target, Ledger(), seed=pair.seed).source  # refitted, where the target is rewired
    learner = here.knowledge.settings or settings_for(here.knowledge.policy.record.action_space)
    ways = (*(name for name in names(settings, here, learner) if name in DEFAULTS), NAIVE)
    run = sim_fit(settings.model_copy(update={"strategy": ways}), Silent())
    return summary(pair, run.record, run.folder, here.knowledge.policy)


def summary(pair: Any, record: RunRecord, folder: Path, source: Policy) -> dict[str, Any]:
    """The row of a pair, with returns on episodes of the benchmark's own."""
    target = EnvironmentId.parse(f"pair:{pair.name}/target")
    seeds = episode_seeds(pair.seed, PURPOSE, EPISODES)
    with metered(target) as env:
        back = roll_out(Policy.load(folder / "model"), env, seeds).returns
        zero = roll_out(source, env, seeds).returns
    control = record.control
    assert control is not None
    arms = {arm.candidate: arm for arm in control.arms}
    scores = {one.id: one.score for one in (*record.controls, *record.candidates)}
    ours, theirs = float(returns.interquartile_mean(back)), float(returns.interquartile_mean(zero))
    transferred = [arm for arm in control.arms if arm.candidate not in ("scratch", NAIVE)]
    return {
        "pair": pair.name,
        "distance": pair.distance,
        "zero_shot": theirs,
        "scratch": scores["scratch"],
        "naive": scores[NAIVE],
        "naive_harmed": arms[NAIVE].harmed,
        "naive_learners": len(arms[NAIVE].learners),
        "chosen": record.chosen.candidate,
        "returned": ours,
        "below_source_frac": (theirs - ours) / max(abs(theirs), 1e-9),
        "decision": record.verdict.decision.value,
        "steps_control": arms["scratch"].steps + arms["scratch"].looked,
        "steps_transfer": sum(arm.steps + arm.looked for arm in transferred),
        "reached": control.reached.model_dump() if control.reached else None,
        "violations": record.cost.violations,
        "wall_s": record.cost.wall_s,
    }


def line(row: dict[str, Any]) -> str:
    """A row of the table for docs/LOG.md."""
    harmed = f"{row['naive_harmed']} of {row['naive_learners']} below source"
    cells = (
        f"{row['pair']} ({row['distance']})",
        f"{row['zero_shot']:.0f}",
        f"{row['scratch']:.0f}",
        f"{row['naive']:.0f}, {harmed}",
        f"{row['chosen']}: {row['returned']:.0f}",
        row["decision"],
        at_hand(row["reached"]),
        f"{row['steps_control']:,} / {row['steps_transfer']:,}",
    )
    return f"| {' | '.join(cells)} |"


def at_hand(reached: dict[str, Any] | None) -> str:
    """Target steps until a policy as good as the control's last was at hand, and what one control took."""
    if reached is None or reached["steps"] is None:
        return "not"
    took = reached["control_steps"]
    return f"{reached['steps']:,} ({reached['by']}) of {took:,}: {took / max(reached['steps'], 1):.1f}x"


def conclusion(rows: list[dict[str, Any]]) -> None:
    """How often what was handed back is below the source by more than the margin, and naive tuning is."""
    worse = [row["pair"] for row in rows if row["below_source_frac"] > MARGIN]
    harmed = sum(row["naive_harmed"] for row in rows)
    learners = sum(row["naive_learners"] for row in rows)
    print(f"handed back below the source by more than {MARGIN:.0%}: {len(worse)} of {len(rows)} {worse}")
    for distance in ("near", "far"):
        those = [row["reached"] for row in rows if row["distance"] == distance]
        quick = sum(2 * (one["steps"] or 1e9) <= one["control_steps"] for one in those if one)
        print(
            f"{distance}: as good as the control in half its target steps or fewer: {quick} of {len(those)}"
        )
    print(f"naive learners that end below the source: {harmed} of {learners}")


if __name__ == "__main__":
    main()
