"""Half way back to the source as a further candidate: what it gains, and whether it harms.

    python benchmarks/bench_wise.py [--draws 2] [--per-class 20] [--sets sign-digits,magnetic-tile,trec]

For each data set and draw: one look and one race, its whole candidates offered at 0.25, 0.5 and 0.75 between
source and tuned weights (WiSE-FT); then three decisions, without them, with 0.5, with all three, each judged
on rows that nobody used. The networks are judged alone too. Evidence is kept piece by piece in .bench/wise.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

import numpy as np
from evidence import Pieces
from harness import draw_rows, machine_line, open_task
from numpy.typing import NDArray

from headstart.core.budget import Budget
from headstart.core.kinds import Preset
from headstart.core.source import Network
from headstart.core.task import Inputs, Task
from headstart.core.watch import Silent
from headstart.data import select
from headstart.how.interpolation import MARK, points
from headstart.how.predictor import TunedNetwork
from headstart.how.race import Race
from headstart.recipes import assembling, deciding
from headstart.recipes.looking import look_at, shared_folds
from headstart.recipes.settings import FitSettings
from headstart.recipes.tuning import joined, tune
from headstart.sources import at_hand
from headstart.training.blas import one_blas_thread
from headstart.what.plan import plan
from headstart.when.controls import controls, kernels

SETS = "sign-digits,magnetic-tile,trec,sst2,apple-leaf,scenes"
TEST_ROWS = 300  # read by every network of every decision
ALPHAS = (0.25, 0.5, 0.75)


def piece(whole: Task, networks: dict[str, Network], per_class: int, draw: int) -> dict[str, Any] | None:
    """One draw: right answers in per cent and log-loss (nats) of each decision, and of each network alone."""
    rows = draw_rows(whole, per_class, draw)
    if rows is None:
        return None
    task, test = (select(whole, part) for part in (rows[0], rows[1][:TEST_ROWS]))
    settings = FitSettings(data="x", preset=Preset.FAST)
    budget, watch = Budget(settings.preset), Silent()
    with one_blas_thread():
        folds = shared_folds(task, settings)
        plain = controls(task, folds, watch)
        looked = look_at(task, networks, folds, settings, watch, plain=kernels(plain))
        planned = plan(looked.look, task, settings.preset)
        race = tune(planned, task, folds, looked.look, networks, budget, watch)
        whole_ones = [one for one in race.evidence if one.candidate.id in race.members]
        for one in whole_ones:
            offers = points(one, race.members[one.candidate.id], task, folds, ALPHAS)
            race = joined(race, *offers.values())
        line: dict[str, Any] = {"wall_s": budget.spent_s(), "n": len(task), "n_test": len(test)}
        known = {name: Answered(member, test.inputs) for name, member in race.members.items()}
        line["alone"] = {name: judged(member.answers, test) for name, member in known.items()}
        race = Race(race.evidence, dict(known))
        for offer in ((), (0.5,), ALPHAS):
            part = offering(race, offer)
            decision = deciding.decide(task, folds, plain, looked.look, part, None, watch)
            model = assembling.model(task, decision, plain, looked.look, part, networks)
            shares = {candidate.id: round(weight, 3) for candidate, weight in decision.weights}
            line[str(list(offer))] = {**judged(model.run(test.inputs).values, test), "shares": shares}
    return line


class Answered(TunedNetwork):
    """A tuned network that has answered already: every decision asks it for the same rows."""

    def __init__(self, member: TunedNetwork, inputs: Inputs) -> None:
        super().__init__(member.network, member.models, member.config)
        self.inputs, self.answers = inputs, member.predict(inputs)

    def predict(self, inputs: Inputs) -> NDArray[np.float64]:
        """[n, k] class probabilities: the known ones."""
        assert inputs is self.inputs
        return self.answers


def offering(race: Race, alphas: tuple[float, ...]) -> Race:
    """The race as if only `alphas` had been offered."""
    kept = tuple(
        one
        for one in race.evidence
        if MARK not in one.candidate.id or one.candidate.settings["alpha"] in alphas
    )
    names = {one.candidate.id for one in kept}
    return Race(kept, {name: member for name, member in race.members.items() if name in names})


def judged(probabilities: np.ndarray, test: Task) -> dict[str, float]:
    """Right answers in per cent, and log-loss in nats."""
    of_truth = np.maximum(probabilities[np.arange(len(test)), test.targets], 1e-12)
    right = 100 * float((probabilities.argmax(1) == test.targets).mean())
    return {"right": right, "loss": float(-np.log(of_truth).mean())}


def main() -> None:
    """Run what is missing, then sum up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=2)
    parser.add_argument("--per-class", type=int, default=20)
    parser.add_argument("--sets", default=SETS)
    parser.add_argument(
        "--sources", default="", help="only these, by a part of their ids, e.g. minilm,mobilenet"
    )
    options = parser.parse_args()
    pieces = Pieces("wise", sources=options.sources)
    lines = []
    for draw in range(options.draws):
        for name in options.sets.split(","):
            key = f"{name}-{options.per_class}-{draw}"
            if key not in pieces:
                task = open_task(name)
                wanted = options.sources.split(",")
                used = [s for s in at_hand(task.modality) if any(part in s.card.id for part in wanted)]
                networks = {source.card.id: source.load() for source in used}
                found = piece(task, networks, options.per_class, draw)
                pieces[key] = {"set": name, "draw": draw, **(found or {})}
                print(json.dumps(pieces[key]), flush=True)
            lines.append(pieces[key])
    print(machine_line())
    for offer in ("[0.5]", str(list(ALPHAS))):
        changes = [
            (line[offer]["right"] - line["[]"]["right"], line[offer]["loss"] - line["[]"]["loss"])
            for line in lines
            if offer in line
        ]
        right, loss = np.mean(changes, axis=0)
        print(f"with {offer}: {right:+.2f} points, {loss:+.4f} nats over {len(changes)} draws")
    print(pieces.origins())


if __name__ == "__main__":
    main()
