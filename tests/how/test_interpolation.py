"""Between source and tuned: the ends are exact, the offers honest, the old task's scores right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from headstart.core.budget import Budget
from headstart.core.candidate import Candidate
from headstart.core.evidence import Evidence
from headstart.core.kinds import Modality, Preset
from headstart.how.context import Context, float32
from headstart.how.fold_model import FoldModel
from headstart.how.holdouts import holdouts
from headstart.how.interpolation import between, points
from headstart.how.predictor import TunedNetwork
from headstart.how.race import Race, race
from headstart.how.retention import ALPHAS, SourceTask, remember
from headstart.training.calibration import softmax
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


@pytest.fixture(scope="module")
def result() -> Race:
    return race([candidate(), candidate("low_rank")], context(budget=Budget(Preset.BEST)))


def found(result: Race, name: str, *alphas: float) -> dict[float, Race]:
    (base,) = [one for one in result.evidence if one.candidate.id == name]
    return points(base, result.members[name], TASK, FOLDS, alphas)


def evidence_of(one: Race) -> Evidence:
    return one.evidence[0]


def test_both_ends_are_exact(result):
    member = result.members["lp_ft"]
    before = dict(member.network.module.named_parameters())
    tuned = member.models[0].tensors
    source, end = (between(member.network, tuned, alpha) for alpha in (0.0, 1.0))
    assert any(not torch.equal(before[name], tuned[name]) for name in tuned)
    for name, value in tuned.items():
        assert torch.equal(source[name], before[name])
        assert torch.equal(end[name], value)


@pytest.mark.parametrize("name", ["lp_ft", "low_rank"])
def test_at_1_it_is_the_tuned_network_and_at_0_the_source_through_the_tuned_head(result, name):
    ends = found(result, name, 0.0, 1.0)
    (base,) = [one for one in result.evidence if one.candidate.id == name]
    assert np.allclose(evidence_of(ends[1.0]).predictions[0], base.predictions[0], atol=1e-4)
    (start,) = ends[0.0].members.values()
    plain = features(
        start.network,
        cache_prefix(start.network, TASK.inputs, 8, 0, dtype=torch.float32),
        np.arange(45),
        dtype=torch.float32,
    )
    head, tuned_head = start.models[0].weight, result.members[name].models[0].weight
    assert np.allclose(head / head[0, 0], tuned_head / tuned_head[0, 0])  # the same, at another sharpness
    expected = np.mean([softmax(model.scores(plain)) for model in start.models], axis=0)
    assert np.allclose(start.predict(TASK.inputs), expected, atol=1e-4)


def test_the_network_itself_stays_as_it_was(result):
    module = result.members["lp_ft"].network.module
    before = {name: value.clone() for name, value in module.named_parameters()}
    found(result, "lp_ft", 0.5)
    assert all(torch.equal(before[name], value) for name, value in module.named_parameters())


def test_a_point_is_a_candidate_like_any_other(result):
    half = found(result, "lp_ft", 0.5)[0.5]
    evidence = evidence_of(half)
    assert evidence.candidate.id == "lp_ft/wise@0.5"
    assert evidence.candidate.settings["alpha"] == 0.5
    assert evidence.status == "complete"
    assert np.allclose(evidence.predictions[0].sum(1), 1)
    assert np.isnan(evidence.predictions[1]).all()
    (member,) = half.members.values()
    again = TunedNetwork.from_state(*member.state(), lambda *_: member.network)
    assert np.allclose(member.predict(TASK.inputs), again.predict(TASK.inputs))


def test_a_row_is_predicted_without_the_models_that_saw_it(result):
    evidence = evidence_of(found(result, "lp_ft", 0.5)[0.5])
    member = result.members["lp_ft"]
    for model, held in zip(member.models, holdouts(FOLDS, len(member.models)), strict=True):
        mixed = replace(model, tensors=between(member.network, model.tensors, 0.5))
        alone = TunedNetwork(member.network, [mixed], member.config).predict(
            TASK.inputs.select(held.tolist())
        )
        assert (alone.argmax(1) == evidence.predictions[0][held].argmax(1)).all()


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
