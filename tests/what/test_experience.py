"""Alike tasks speak, unlike ones are silent; what is said decides who is read, first and at which size."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from headstart.core.kinds import Kind, Modality
from headstart.core.memory import Memory, SourceMemory, TunedMemory
from headstart.core.source import SourceCard
from headstart.what.experience import MOST_RUNS, NOTHING, Experience, alike
from headstart.what.traits import likenesses, traits
from tests import synthetic


def pictures(shade: float, seed: int, n: int = 40):
    rng = np.random.default_rng(seed)
    items = [synthetic.picture(rng, shade + 0.1 * (row % 2)) for row in range(n)]
    return synthetic.task(synthetic.balanced(n, 2), items=items, modality=Modality.IMAGE)


HERE = traits(pictures(0.4, 0))
ALIKE = traits(pictures(0.4, 1))
UNLIKE = traits(pictures(0.9, 2))


def card(name: str, standing: float | None = None) -> SourceCard:
    return SourceCard(
        name, name, Modality.IMAGE, "", 0, "", "MIT", True, 0, (224, 128), True, "", "", (), standing
    )


def memory(described, number: int = 0, **shares: float) -> Memory:
    lines = {name: SourceMemory(share, 0.5, 0.8, 128, 1.0) for name, share in shares.items()}
    return Memory(str(number), replace(described, n=400), None, lines)


def heard(*memories: Memory) -> Experience:
    runs = [(f"run@{i}", f"{i:064x}", one) for i, one in enumerate(memories)]
    return Experience(tuple(alike(replace(HERE, n=400), runs)[:MOST_RUNS]))


FIVE = {"a": 0.2, "b": 2.0, "c": 1.5, "d": 0.9, "e": 0.1}
CARDS = [card(name) for name in FIVE]
COSTS = dict.fromkeys(FIVE, 1.0)


def test_other_pictures_of_the_same_sort_are_alike_and_of_another_sort_are_not():
    near, far = likenesses(HERE, [ALIKE, UNLIKE])
    assert near > 0.8
    assert far == 0.0


@pytest.mark.parametrize("other", [{"modality": Modality.TEXT}, {"kind": Kind.REGRESSION}, {"n": 400_000}])
def test_another_modality_kind_or_order_of_size_is_unlike(other):
    assert likenesses(HERE, [replace(ALIKE, **other)])[0] == 0.0


def test_texts_are_told_by_their_form():
    asked = synthetic.task([0, 1] * 20, items=[f"What is my balance {k}?" for k in range(40)])
    told = synthetic.task([0, 1] * 20, items=[f"THE FILM OF {k} - A BORE, AND NOT SHORT" for k in range(40)])
    more = synthetic.task([0, 1] * 20, items=[f"What is my payment {k}?" for k in range(40)])
    near, far = likenesses(traits(asked), [traits(more), traits(told)])
    assert near > far == 0.0


def test_an_alike_run_moves_what_is_expected_and_the_order():
    found = heard(memory(ALIKE, **FIVE))
    assert found.share(card("b")) > 1.2 > 1.0 > found.share(card("e"))
    assert found.order(CARDS)[:2] == ["b", "c"]
    assert "in 1 of 1 similar runs" in found.said_of("b")
    assert "in 0 of 1 similar runs" in found.said_of("e")


def test_an_unlike_run_changes_nothing():
    found = heard(memory(UNLIKE, **FIVE))
    assert found == NOTHING
    assert [found.share(one) for one in CARDS] == [1.0] * 5
    assert found.order(CARDS) == list(FIVE)
    assert found.passed_over(CARDS, COSTS) == []
    assert found.share(card("known", 1.6)) == 1.6


def test_what_is_expected_lies_between_the_catalogue_and_the_runs():
    found = heard(memory(ALIKE, b=3.0))
    assert 1.6 < found.share(card("b", 1.6)) < 3.0
    more = heard(*(memory(ALIKE, k, b=3.0) for k in range(8)))
    assert found.share(card("b", 1.6)) < more.share(card("b", 1.6)) < 3.0


def test_two_runs_on_the_same_data_count_once():
    once, twice = heard(memory(ALIKE, 7, b=3.0)), heard(memory(ALIKE, 7, b=1.0), memory(ALIKE, 7, b=3.0))
    assert once.share(card("b")) == twice.share(card("b"))


def test_the_least_expected_for_its_cost_is_passed_over_where_enough_runs_spoke():
    enough = heard(memory(ALIKE, **FIVE))
    assert enough.passed_over(CARDS, COSTS) == ["e"]
    assert enough.passed_over(CARDS, COSTS | {"b": 100.0}) == ["b"]
    assert replace(enough, is_sparing=False).passed_over(CARDS, COSTS) == []
    few = heard(replace(memory(ALIKE, **FIVE), traits=replace(ALIKE, n=40)))  # hardly any labels there
    assert few.passed_over(CARDS, COSTS) == []


def test_a_source_that_no_run_had_is_never_passed_over():
    found = heard(memory(ALIKE, **{name: share for name, share in FIVE.items() if name != "e"}))
    assert found.passed_over(CARDS, COSTS | {"e": 1e6}) == []


def test_an_input_size_on_which_alike_runs_agree_is_the_only_one_tried():
    assert heard(memory(ALIKE, b=1.0)).sizes("b", (224, 128)) == (128,)
    assert heard(memory(ALIKE, b=1.0)).sizes("new", (224, 128)) == (224, 128)
    assert NOTHING.sizes("b", (224, 128)) == (224, 128)
    large = replace(memory(ALIKE, 1), sources={"b": SourceMemory(1.0, 0.5, 0.8, 224, 1.0)})
    assert heard(memory(ALIKE, b=1.0), large).sizes("b", (224, 128)) == (224, 128)


def test_what_tuning_gained_is_known_only_from_alike_runs():
    won = TunedMemory("b", "lp_ft", 0.5, True, 0.06, 9.0, "complete")
    lost = TunedMemory("b", "lp_ft", 0.33, False, None, 9.0, "dropped")
    found = heard(replace(memory(ALIKE, b=1.0), tuned=(won, lost)))
    assert found.gain_of("lp_ft", 0.5) == pytest.approx(0.06)
    assert found.gain_of("lp_ft", 0.33) == 0.0
    assert found.gain_of("full", 0.0) is None
    assert heard(replace(memory(UNLIKE, b=1.0), tuned=(won,))).gain_of("lp_ft", 0.5) is None


def test_a_thousand_runs_are_compared_at_once():
    runs = [(f"run@{k}", f"{k:064x}", memory(ALIKE, k, **FIVE)) for k in range(1000)]
    began = time.process_time()
    assert len(alike(HERE, runs)) == 1000
    assert time.process_time() - began < 0.5
