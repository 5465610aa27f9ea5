"""Between source and tuned: the ends are exact, the offers honest, the old task's scores right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from headstart.core.candidate import Candidate
from headstart.core.kinds import Modality, Preset
from headstart.how.context import Context, float32
from headstart.how.fold_model import FoldModel
from headstart.how.holdouts import holdouts
from headstart.how.interpolation import MARK, between, offered
from headstart.how.predictor import TunedNetwork
from headstart.how.race import OFFERED_AT, Race, race
from headstart.how.retention import ALPHAS, SourceTask, remember, target_scores
from headstart.how.trial import Trial
from headstart.training.reading import features
from headstart.training.states import cache_prefix
from tests import synthetic, tiny_networks

LABELS = synthetic.balanced(45, 3)
TASK = synthetic.task(LABELS, items=tiny_networks.stripes(LABELS), modality=Modality.IMAGE)
OLD = synthetic.task(LABELS, items=tiny_networks.stripes(LABELS, seed=7), modality=Modality.IMAGE)
KEPT = SourceTask(OLD, np.arange(0, 45, 2), np.arange(1, 45, 2))
FOLDS = synthetic.folds(45, labels=LABELS, repeats=2)
SETTINGS = {"size": 8, "epochs": 12, "depth": 0.0, "rate": 3e-3, "batch_size": 8, "least_steps": 1, "fits": 3}


def candidate(strategy: str = "lp_ft") -> Candidate:
    return Candidate(strategy, "pypi:tiny", strategy, settings=dict(SETTINGS))


def context(**changes: object) -> Context:
    network = tiny_networks.images()
    return replace(Context(TASK, FOLDS, lambda source: network, step_dtype=float32), **changes)


def whole_trial(strategy: str = "lp_ft") -> Trial:
    trial = Trial(candidate(strategy), context())
    while not trial.is_whole:
        trial.fit_next()
    return trial


@pytest.fixture(scope="module")
def trial() -> Trial:
    return whole_trial()


@pytest.fixture(scope="module")
def result() -> Race:
    return race([candidate()], context())


def test_both_ends_are_exact(trial):
    before = dict(trial.network.module.named_parameters())
    tuned = trial.models[0].tensors
    source, end = (between(trial.network, tuned, alpha) for alpha in (0.0, 1.0))
    assert any(not torch.equal(before[name], tuned[name]) for name in tuned)
    for name, value in tuned.items():
        assert torch.equal(source[name], before[name])
        assert torch.equal(end[name], value)


def test_at_0_the_source_answers_through_the_tuned_head_and_at_1_the_tuned_network(trial):
    start, end = offered(trial, (0.0, 1.0))
    held = trial.held[0]
    plain = features(trial.network, trial.states, held, dtype=torch.float32)
    assert np.allclose(start.scores[held], trial.models[0].scores(plain), atol=1e-5)
    assert np.array_equal(end.scores, trial.scores)


def test_the_network_itself_stays_as_it_was(trial):
    before = {name: value.clone() for name, value in trial.network.module.named_parameters()}
    list(offered(trial, (0.5,)))
    assert all(torch.equal(before[name], value) for name, value in trial.network.module.named_parameters())


def test_every_row_is_predicted_by_a_model_that_left_it_out(result):
    (name,) = [name for name in result.members if MARK in name]
    (evidence,) = [one for one in result.evidence if one.candidate.id == name]
    assert evidence.status == "complete"
    assert evidence.candidate.settings["alpha"] == 0.5
    assert np.isfinite(evidence.predictions[0]).all()
    assert np.allclose(evidence.predictions[0].sum(1), 1)
    assert np.isnan(evidence.predictions[1]).all()
    assert evidence.cost_s > result.evidence[0].cost_s


def test_low_rank_adapters_are_mixed_as_the_weights_they_were_multiplied_into():
    trial = whole_trial("low_rank")
    (end,) = offered(trial, (1.0,))
    assert np.array_equal(end.scores, trial.scores)
    (half,) = offered(trial, (0.5,))
    assert set(half.models[0].tensors) == set(trial.models[0].tensors)


def test_nothing_is_offered_where_tuning_did_not_begin_at_the_source():
    assert list(offered(whole_trial("reset_top"), (0.5,))) == []


def test_how_far_back_is_fixed_before_anything_is_scored():
    assert set(OFFERED_AT) == set(Preset)
    assert all(0 < alpha < 1 and alpha in ALPHAS for alphas in OFFERED_AT.values() for alpha in alphas)


def test_the_mixed_member_survives_the_way_to_disk_and_back(result):
    member = next(member for name, member in result.members.items() if MARK in name)
    again = TunedNetwork.from_state(*member.state(), lambda *_: member.network)
    assert np.allclose(member.predict(TASK.inputs), again.predict(TASK.inputs))


def unmoved(network: tiny_networks.Tiny, moved: float = 0.0) -> TunedNetwork:
    """A member whose tensors lie so far from the source's, in a random direction."""
    torch.manual_seed(0)
    tensors = {
        name: value.detach() + moved * torch.randn_like(value)
        for name, value in network.module.named_parameters()
    }
    models = [FoldModel(tensors, np.eye(3, 8), np.zeros(3))] * 2
    config = {"cut": 0, "size": 8, "flip": False, "kind": "classification", "strategy": "lp_ft"}
    return TunedNetwork(network, models, config | {"prefix_dtype": "float32", "dtype": "float32"})


def right(predictions: np.ndarray) -> float:
    return float((predictions.argmax(1) == OLD.targets[KEPT.scored]).mean())


def test_a_network_that_did_not_move_has_forgotten_nothing():
    memory = remember(unmoved(tiny_networks.images()), KEPT, 8)
    for alpha in ALPHAS:
        assert np.allclose(memory.by_alpha[alpha], memory.by_alpha[0.0], atol=1e-6)
    assert np.allclose(memory.refitted, memory.refitted_before, atol=1e-6)


def test_a_network_ruined_on_purpose_has_forgotten_and_remembers_more_on_the_way_back():
    memory = remember(unmoved(tiny_networks.images(), moved=1.0), KEPT, 8)
    assert right(memory.by_alpha[0.0]) > 0.9
    assert right(memory.by_alpha[1.0]) < 0.6
    assert right(memory.by_alpha[0.25]) >= right(memory.by_alpha[1.0])


def test_a_head_that_is_given_is_the_old_head():
    network = tiny_networks.images()
    seen = features(
        network, cache_prefix(network, OLD.inputs, 8, 0, dtype=torch.float32), KEPT.fit, dtype=torch.float32
    )
    from headstart.training.head import starting_head

    head = starting_head(seen, np.eye(3)[(OLD.targets[KEPT.fit] + 1) % 3], OLD.kind)  # it calls 0 what is 1
    memory = remember(unmoved(network), KEPT, 8, head)
    assert right(memory.by_alpha[0.0]) < 0.1
    assert right(memory.refitted_before) > 0.9


def test_the_curve_ends_at_what_the_race_itself_found(trial, result):
    (name,) = [name for name in result.members if MARK not in name]
    member = result.members[name]
    held = holdouts(FOLDS, len(member.models))
    found = target_scores(member, TASK, held, (1.0,))
    sharpness = member.models[0].bias / trial.models[0].bias
    assert np.allclose(found[1.0][1], trial.scores * sharpness[0], atol=1e-4)
