"""What is left of the time limit for tuning."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headstart.core.budget import Budget
from headstart.recipes.tuning import TEST_MARGIN, shortened
from headstart.recipes.tuning import test_seconds as seconds_of_test
from headstart.what.look import Look
from tests import synthetic


def test_the_test_is_paid_for_before_anything_is_tuned():
    read = synthetic.reading({"last": np.zeros((50, 4), np.float32)})
    readings = tuple(replace(read, forward_s=seconds) for seconds in (5.0, 1.0, 10.0))
    look = Look(readings, (), (), (), ())
    assert seconds_of_test(look, 50, 100, 2) == pytest.approx(TEST_MARGIN * 100 * (10 + 5) / 50)
    assert seconds_of_test(look, 50, 0, 2) == 0.0
    limited = Budget(time_limit_s=100.0)
    assert shortened(limited, 0.0).left_s() - shortened(limited, 30.0).left_s() == pytest.approx(30, abs=0.1)


def test_without_a_limit_nothing_is_held_back():
    assert shortened(Budget(), 1000.0).left_s() == float("inf")
