"""The race buys evidence where it can change something, and always comes home."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import torch

from headstart.core.budget import Budget
from headstart.core.candidate import Candidate
from headstart.core.errors import OptionError, OutputError
from headstart.core.kinds import Modality, Preset
from headstart.core.watch import Silent
from headstart.how.context import Context, float32
from headstart.how.holdouts import holdouts
from headstart.how.predictor import TunedNetwork
from headstart.how.race import Race, race
from headstart.how.sharpness import best_sharpness, cross_fitted
from headstart.how.targets import losses
from headstart.how.trial import Trial
from headstart.training.input_size import input_size
from tests import synthetic, tiny_networks

LABELS = synthetic.balanced(45, 3)
TASK = synthetic.task(LABELS, items=tiny_networks.stripes(LABELS), modality=Modality.IMAGE)
FOLDS = synthetic.folds(45, labels=LABELS, repeats=2)
SETTINGS = {"size": 8, "epochs": 12, "depth": 0.0, "rate": 3e-3, "batch_size": 8, "least_steps": 1, "fits": 3}


def candidate(name: str, source: str = "pypi:tiny", strategy: str = "lp_ft", **settings: object) -> Candidate:
    return Candidate(name, source, strategy, settings={**SETTINGS, **settings})


def context(**changes: object) -> Context:
    network = tiny_networks.images()
    return replace(Context(TASK, FOLDS, lambda source: network, step_dtype=float32), **changes)


def statuses(result: Race) -> dict[str, str]:
    return {evidence.candidate.id: evidence.status for evidence in result.evidence}


def look(confidence: float) -> np.ndarray:
    """Out-of-fold predictions that give the true class this probability."""
    one = np.full((45, 3), (1 - confidence) / 2)
    one[np.arange(45), LABELS] = confidence
    return np.stack([one, one])


@dataclass
class Impatient(Silent):
    """Asks to stop after so many looks at it."""

    patience: int
    asked: int = field(default=0)

    @property
    def stop_requested(self) -> bool:  # type: ignore[override]
        self.asked += 1
        return self.asked > self.patience


def test_a_candidate_that_is_ahead_of_the_look_is_bought_whole():
    result = race([candidate("a")], context(reference={"pypi:tiny": look(0.34)}))
    assert statuses(result) == {"a": "complete"}
    assert (result.evidence[0].predictions[0].argmax(1) == LABELS).mean() > 0.8
    assert result.evidence[0].cost_s > 0


def test_a_candidate_that_is_clearly_behind_the_look_is_dropped_after_one_fold():
    result = race([candidate("a", epochs=1)], context(reference={"pypi:tiny": look(0.999)}))
    assert statuses(result) == {"a": "dropped"}
    assert np.isnan(result.evidence[0].predictions).all()
    assert not result.members


def test_the_preset_says_how_many_are_bought_whole():
    plan = [candidate("a"), candidate("b", depth=0.5), candidate("c", depth=0.75)]
    found = {
        preset: sorted(statuses(race(plan, context(budget=Budget(preset)))).values())
        for preset in (Preset.FAST, Preset.BALANCED)
    }
    assert found[Preset.FAST] == ["complete", "dropped", "dropped"]
    assert found[Preset.BALANCED] == ["complete", "complete", "dropped"]


def test_every_fit_moves_the_progress_on():
    class Followed(Silent):
        def __init__(self):
            self.stages = []

        def stage(self, name, total=0):
            self.stages.append([name, total, 0])

        def advance(self, steps=1):
            self.stages[-1][2] += steps

    watch = Followed()
    race([candidate("a", fits=5)], context(watch=watch))
    assert watch.stages == [["adapting", 1, 1], ["adapting on every fold", 4, 4]]


def test_what_cannot_be_paid_is_not_begun(monkeypatch):
    monkeypatch.setattr(Trial, "predicted_fit_s", lambda trial: 1000.0)
    result = race([candidate("a")], context(budget=Budget(time_limit_s=600.0)))
    assert statuses(result) == {"a": "out of time"}
    short = result.evidence[0].shortfall
    assert (short.what, short.work, short.begun) == ("a", "tuning", False)
    assert short.needed_s > short.left_s > 0


def test_what_was_dropped_for_its_score_lacked_no_time():
    result = race([candidate("a", epochs=1)], context(reference={"pypi:tiny": look(0.999)}))
    assert result.evidence[0].shortfall is None


def test_where_time_is_short_fewer_fits_on_larger_parts_are_bought(monkeypatch):
    monkeypatch.setattr(Trial, "predicted_fit_s", lambda trial: 150.0)
    result = race([candidate("a", fits=5)], context(budget=Budget(time_limit_s=600.0)))
    assert statuses(result) == {"a": "complete"}
    assert result.evidence[0].candidate.settings["fits"] == 3
    assert np.isfinite(result.evidence[0].predictions[0]).all()


def test_where_time_is_shorter_still_pictures_are_made_smaller(monkeypatch):
    network = tiny_networks.images()
    network.card = replace(network.card, input_sizes=(128, 96, 64))
    monkeypatch.setattr(Trial, "predicted_fit_s", lambda trial: 1000.0 if trial.size > 96 else 150.0)
    settings = {"size": 128, "fits": 3, "epochs": 1}
    told = context(budget=Budget(time_limit_s=600.0), open_network=lambda source: network)
    result = race([candidate("a:128", **settings)], told)
    assert statuses(result) == {"a:96": "complete"}


def test_a_limit_that_is_wide_enough_changes_nothing():
    free = race([candidate("a")], context())
    limited = race([candidate("a")], context(budget=Budget(time_limit_s=600.0)))
    np.testing.assert_array_equal(free.evidence[0].predictions, limited.evidence[0].predictions)


def test_a_stop_gives_what_is_whole():
    steps_of_the_first = 2 + 12 * 4 * 3
    watch = Impatient(patience=steps_of_the_first + 20)
    result = race([candidate("a"), candidate("b")], context(watch=watch, budget=Budget(Preset.BEST)))
    assert "out of time" in statuses(result).values()
    assert set(result.members) == {name for name, status in statuses(result).items() if status == "complete"}


def test_one_that_fails_does_not_take_the_others_with_it():
    broken, sound = tiny_networks.images(), tiny_networks.images()
    with torch.no_grad():
        broken.module[3].bias.fill_(float("inf"))
    opened = {"pypi:broken": broken, "pypi:tiny": sound}
    result = race([candidate("x", "pypi:broken"), candidate("a")], context(open_network=opened.__getitem__))
    assert statuses(result)["a"] == "complete"
    assert statuses(result)["x"].startswith("failed: ")


def test_an_unknown_strategy_is_refused_with_the_known_ones():
    with pytest.raises(OptionError, match="lp_ft"):
        race([candidate("a", strategy="magic")], context())


def test_the_member_predicts_what_it_was_tuned_for_and_survives_being_written_down():
    result = race([candidate("a")], context())
    member = result.members["a"]
    fresh = tiny_networks.stripes(LABELS, seed=1)
    inputs = synthetic.Held(fresh, Modality.IMAGE)
    found = member.predict(inputs)
    assert (found.argmax(1) == LABELS).mean() > 0.8
    np.testing.assert_allclose(found.sum(1), 1.0)
    arrays, config = member.state()
    asked: list[tuple[str, str]] = []

    def open_network(source: str, sha256: str) -> tiny_networks.Tiny:
        asked.append((source, sha256))
        return tiny_networks.images()

    again = TunedNetwork.from_state(arrays, config, open_network)
    np.testing.assert_array_equal(again.predict(inputs), found)
    assert asked == [("pypi:tiny", "0" * 64)]
    assert member.predict(inputs.select([])).shape == (0, 3)


def test_a_member_does_not_fit_another_network():
    arrays, config = race([candidate("a")], context()).members["a"].state()
    with pytest.raises(OutputError, match="does not fit"):
        TunedNetwork.from_state(arrays, config, lambda source, sha256: tiny_networks.texts())


def test_every_row_is_held_out_once_and_never_by_a_model_that_saw_its_fold():
    for fits in (2, 3, 5, 9):
        held = holdouts(FOLDS, fits)
        assert sorted(np.concatenate(held)) == list(range(45))
        for rows in held:
            inside = set(FOLDS.assignment[0][rows])
            outside = set(np.delete(FOLDS.assignment[0], rows))
            assert not inside & outside


def test_too_sure_logits_are_made_modest_and_right_ones_kept():
    rng = np.random.default_rng(0)
    honest = rng.normal(size=(400, 3)) * 2
    chances = np.exp(honest) / np.exp(honest).sum(1, keepdims=True)
    labels = np.array([rng.choice(3, p=chance) for chance in chances])
    assert 0.75 < best_sharpness(honest, labels) < 1.3
    assert 0.19 < best_sharpness(honest * 4, labels) < 0.35


def test_a_rows_own_label_takes_no_part_in_its_probabilities():
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(30, 3)) * 5, synthetic.balanced(30, 3)
    held = [np.arange(0, 15), np.arange(15, 30)]
    changed = labels.copy()
    changed[held[0]] = (changed[held[0]] + 1) % 3
    before, after = cross_fitted(logits, labels, held), cross_fitted(logits, changed, held)
    np.testing.assert_array_equal(before[held[0]], after[held[0]])
    assert not np.array_equal(before[held[1]], after[held[1]])


def test_one_long_text_does_not_set_the_length_of_all():
    class Measuring(tiny_networks.TinyTexts):
        def length(self, examples: list[str], cap: int) -> int:
            return min(len(examples[0].split()), cap)

    network = tiny_networks.texts()
    network.__class__ = Measuring
    network.card = replace(network.card, input_sizes=(64,))
    inputs = synthetic.Held((*(["w1 w2 w3"] * 30), " ".join(["w1"] * 60)))
    assert input_size(network, inputs, None) == 3


def test_a_fold_that_is_right_but_far_too_sure_is_not_held_to_be_behind():
    rows = np.arange(45)
    right = np.where(np.arange(45) % 5 == 0, (LABELS + 1) % 3, LABELS)  # four of five, and sure of all
    loss = losses(30.0 * np.eye(3)[right], TASK, rows, are_logits=True)
    assert loss.mean() < -np.log(1 / 3)
