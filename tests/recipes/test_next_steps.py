"""Next steps in the metric's own words; the offer to distil is made where it saves something."""

from __future__ import annotations

import dataclasses

import pytest

from headstart.core.verdict import Member
from headstart.recipes.next_steps import distillation, next_steps
from tests.report import examples


def chosen(run, *names: str):
    """The run with these members, of equal weight."""
    members = tuple(Member(name, 1 / len(names)) for name in names)
    return run.model_copy(update={"chosen": dataclasses.replace(run.chosen, members=members)})


@pytest.fixture
def run():
    return examples.image_run()


def probes(run) -> list[str]:
    """One probe of each source."""
    found = {one.source: one.id for one in run.candidates if one.source and one.rung <= 2}
    return list(found.values())


def test_a_combination_of_networks_is_offered_with_what_one_costs(run):
    two = chosen(run, *probes(run)[:2])
    offer = distillation(two)
    assert "headstart distil" in offer
    assert "these 2 take" in offer
    assert offer in next_steps(two)


def test_one_network_or_a_control_is_offered_nothing(run):
    assert distillation(chosen(run, probes(run)[0])) == ""
    assert distillation(chosen(run, run.controls[0].id)) == ""
    assert distillation(chosen(run, probes(run)[0], run.controls[0].id)) == ""


def test_more_labels_are_promised_in_the_unit_of_the_metric(run):
    said = " ".join(next_steps(run))
    assert "instead of" in said
    task = run.task.model_copy(update={"metric": "neg_rmse"})
    lower = [
        point.model_copy(update={"transfer": -0.4 + 0.0001 * point.n_labels, "control": -0.5})
        for point in run.label_curve
    ]
    errors = run.model_copy(update={"task": task, "label_curve": tuple(lower)})
    told = [step for step in next_steps(errors) if "labels instead of" in step]
    assert told
    assert "expect RMSE of about 0.3" in told[0]
    assert "rise" not in told[0]
