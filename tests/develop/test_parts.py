"""The three parts of the data."""

from dataclasses import replace

import numpy as np
import pytest

from headstart.core.errors import DataError
from headstart.develop.parts import divided
from tests import synthetic


def test_every_row_is_in_one_part_and_every_part_has_every_class():
    task = synthetic.task(synthetic.balanced(90, 3))
    parts = divided(task)
    together = np.concatenate([parts.learn, parts.stop, parts.test])
    assert sorted(together) == list(range(90))
    for part in (parts.learn, parts.stop, parts.test):
        assert set(task.targets[part]) == {0, 1, 2}


def test_copies_never_lie_in_two_parts():
    task = synthetic.task(synthetic.balanced(90, 3))
    task = replace(task, groups=np.arange(90) // 3)
    parts = divided(task)
    groups = [set(task.groups[part]) for part in (parts.learn, parts.stop, parts.test)]
    assert not groups[0] & groups[1]
    assert not groups[1] & groups[2]
    assert not groups[0] & groups[2]


def test_a_class_that_cannot_be_learned_and_held_out_is_named():
    task = replace(synthetic.task([0] * 60 + [1] * 60 + [2, 2]), groups=np.minimum(np.arange(122), 120))
    with pytest.raises(DataError, match="class 2"):  # its only group is in one part or another
        _over_seeds(task)


def _over_seeds(task):
    for seed in range(8):
        divided(replace(task, seed=seed))


def test_few_rows_are_refused():
    with pytest.raises(DataError, match="20 rows"):
        divided(synthetic.task(synthetic.balanced(20, 2)))
