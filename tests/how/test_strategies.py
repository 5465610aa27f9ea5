"""What every registered strategy promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch

from headstart.core.budget import Budget
from headstart.core.candidate import Candidate
from headstart.core.errors import OptionError
from headstart.core.kinds import Modality, Preset
from headstart.how import strategies  # noqa: F401  registers them
from headstart.how.context import Context, float32
from headstart.how.race import Race, race
from headstart.how.strategy import STRATEGIES, settings_of
from headstart.training.reading import features
from headstart.training.states import cache_prefix
from tests import synthetic, tiny_networks

LABELS = synthetic.balanced(30, 3)
IMAGES = synthetic.task(LABELS, items=tiny_networks.stripes(LABELS), modality=Modality.IMAGE)
TEXTS = synthetic.task(LABELS)
FOLDS = synthetic.folds(30, labels=LABELS, repeats=2)
EVERY = sorted(STRATEGIES)


@pytest.fixture(params=["images", "texts"])
def network(request: pytest.FixtureRequest) -> Iterator[tiny_networks.Tiny]:
    lent = getattr(tiny_networks, request.param)()
    before = {name: value.clone() for name, value in lent.module.state_dict().items()}
    yield lent
    after = lent.module.state_dict()
    assert list(after) == list(before), "the network's modules were not put back"
    for name, value in after.items():
        assert torch.equal(value, before[name]), f"{name} was not put back"


def run(network: tiny_networks.Tiny, strategy: str, **settings: object) -> Race:
    task = IMAGES if network.card.modality is Modality.IMAGE else TEXTS
    size = network.card.input_sizes[0]
    given = {
        "size": size,
        "epochs": 2,
        "depth": 0.5,
        "fits": 2,
        "batch_size": 8,
        "least_steps": 1,
        **settings,
    }
    candidate = Candidate("one", "pypi:tiny", strategy, settings=given)
    context = Context(task, FOLDS, lambda source: network, budget=Budget(Preset.FAST), step_dtype=float32)
    return race([candidate], context)


def predictions(result: Race) -> np.ndarray:
    assert [e.status for e in result.evidence] == ["complete"]
    return result.evidence[0].predictions


@pytest.mark.parametrize("strategy", EVERY)
def test_it_predicts_a_distribution_over_the_classes_for_every_row(network, strategy):
    found = predictions(run(network, strategy))
    assert found.shape == (2, 30, 3)
    np.testing.assert_allclose(found[0].sum(1), 1.0)
    assert np.isnan(found[1]).all()


@pytest.mark.parametrize("strategy", EVERY)
def test_it_repeats_itself_to_the_byte(network, strategy):
    first, second = run(network, strategy), run(network, strategy)
    assert predictions(first).tobytes() == predictions(second).tobytes()
    arrays, again = first.members["one"].state()[0], second.members["one"].state()[0]
    assert {name: value.tobytes() for name, value in arrays.items()} == {
        name: value.tobytes() for name, value in again.items()
    }


@pytest.mark.parametrize("strategy", EVERY)
def test_what_it_calls_frozen_is_not_among_what_moved(network, strategy):
    result = run(network, strategy)
    parts = result.evidence[0].candidate.parts
    moved = {name.split(".")[0] for model in result.members["one"].models for name in model.tensors}
    assert moved == set(parts.tuned) | set(parts.reset)
    assert not moved & set(parts.frozen)
    assert set(parts.frozen) | moved == {block.name for block in network.blocks}


@pytest.mark.parametrize("strategy", EVERY)
def test_a_source_that_cannot_be_trained_fails_by_name_and_alone(strategy):
    result = run(tiny_networks.images(tunable=False), strategy)
    assert result.evidence[0].status.startswith("failed: its weights cannot be trained")
    assert not result.members


@pytest.mark.parametrize("strategy", EVERY)
def test_a_network_gone_wrong_fails_by_name_and_alone(strategy):
    network = tiny_networks.images()
    with torch.no_grad():
        network.module[3].weight.fill_(float("nan"))
    status = run(network, strategy).evidence[0].status
    assert status.startswith("failed: ")


@pytest.mark.parametrize("strategy", EVERY)
def test_all_wrong_settings_are_told_at_once(strategy):
    with pytest.raises(OptionError) as told:
        settings_of(strategy, {"epochs": 0, "colour": "blue"})
    assert "epochs" in str(told.value)
    assert "colour" in str(told.value)


def moved_by(result: Race, network: tiny_networks.Tiny) -> set[str]:
    start = network.module.state_dict()
    model = result.members["one"].models[0]
    return {name for name, value in model.tensors.items() if not torch.equal(value, start[name])}


def test_norm_bias_moves_vectors_only(network):
    names = moved_by(run(network, "norm_bias"), network)
    assert names
    assert all(network.module.state_dict()[name].ndim == 1 for name in names)


def test_full_moves_every_parameter(network):
    result = run(network, "full", depth=0.0)
    assert set(result.members["one"].models[0].tensors) == {n for n, _ in network.module.named_parameters()}


def test_low_rank_changes_a_weight_by_a_matrix_of_that_rank():
    network = tiny_networks.texts()
    model = run(network, "low_rank", rank=2, epochs=4).members["one"].models[0]
    difference = model.tensors["3.0.weight"] - network.module.state_dict()["3.0.weight"]
    values = torch.linalg.svdvals(difference)
    assert float(values[1]) > 1e-6
    assert (values[2:] < 1e-3 * values[0]).all()


def test_a_stronger_anchor_keeps_nearer_to_the_source():
    def distance(pull: float) -> float:
        network = tiny_networks.images()
        start = network.module.state_dict()
        model = run(network, "anchored", pull=pull, epochs=8, rate=5e-3).members["one"].models[0]
        return sum(float((value - start[name]).square().sum()) for name, value in model.tensors.items())

    assert distance(50.0) < 0.5 * distance(1e-3)


def test_reset_draws_matrices_anew_with_the_spread_they_had():
    network = tiny_networks.images()
    strategy = STRATEGIES["reset_top"]
    settings = settings_of("reset_top", {"reset_blocks": 2})
    drawn = strategy.start(network, settings, 0)
    assert set(drawn) == {"2.0.weight", "3.weight"}
    old = network.module.state_dict()["2.0.weight"]
    assert not torch.equal(drawn["2.0.weight"], old)
    assert abs(float(drawn["2.0.weight"].std() / old.std()) - 1) < 0.2
    assert all(torch.equal(strategy.start(network, settings, 0)[name], drawn[name]) for name in drawn)


def test_contrastive_tuning_pulls_a_class_together():
    network = tiny_networks.images()
    model = run(network, "contrastive", epochs=20, rate=1e-2, batch_size=16).members["one"].models[0]
    states = cache_prefix(network, IMAGES.inputs, 8, 2, dtype=torch.float32)

    def apartness(tensors: dict[str, torch.Tensor]) -> float:
        read = features(network, states, np.arange(30), dtype=torch.float32, tensors=tensors)
        unit = read / np.linalg.norm(read, axis=1, keepdims=True)
        alike = LABELS[:, None] == LABELS[None, :]
        return float((unit @ unit.T)[alike].mean() - (unit @ unit.T)[~alike].mean())

    assert apartness(dict(model.tensors)) > apartness({}) + 0.1


def test_settings_leave_at_least_the_last_block_free():
    network = tiny_networks.images()
    for strategy in EVERY:
        settings = settings_of(strategy, {"depth": 0.99})
        assert STRATEGIES[strategy].tuning(network, settings).cut <= 3


def test_a_network_with_batch_norms_gets_a_higher_rate_unless_one_is_set():
    lp_ft = STRATEGIES["lp_ft"]
    unset, fixed = settings_of("lp_ft", {}), settings_of("lp_ft", {"rate": 3e-4})
    assert lp_ft.tuning(tiny_networks.images(), unset).peak_rate == 1e-3
    assert lp_ft.tuning(tiny_networks.texts(), unset).peak_rate == 7e-4
    assert lp_ft.tuning(tiny_networks.images(), fixed).peak_rate == 3e-4


def test_layer_wise_rates_fall_from_the_top():
    network = tiny_networks.images()
    rates = STRATEGIES["full"].tuning(network, settings_of("full", {"decay": 0.5})).rates
    assert [rates[f"{block}.weight" if block == 3 else f"{block}.0.weight"] for block in range(4)] == [
        0.125,
        0.25,
        0.5,
        1.0,
    ]


def test_values_can_be_predicted_by_every_strategy():
    values = LABELS + 0.1 * np.arange(30)
    task = replace(synthetic.regression(values, items=tiny_networks.stripes(LABELS)), modality=Modality.IMAGE)
    for strategy in EVERY:
        given = {"size": 8, "epochs": 2, "fits": 2, "batch_size": 8, "least_steps": 1}
        context = Context(
            task, FOLDS, lambda source: tiny_networks.images(), budget=Budget(Preset.FAST), step_dtype=float32
        )
        result = race([Candidate("one", "pypi:tiny", strategy, settings=given)], context)
        assert predictions(result).shape == (2, 30, 1)
        assert result.members["one"].predict(task.inputs).shape == (30, 1)
