"""What is believed of a gain: never at odds with what was measured, nor with itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headstart.metrics.intervals import around
from headstart.when.belief import believe, prior

GAINS = st.floats(-5.0, 5.0)
SPREADS = st.floats(1e-4, 2.0)
ROOMS = st.floats(1e-3, 3.0)


@given(GAINS, SPREADS, st.integers(2, 5000), ROOMS, st.booleans())
def test_the_interval_holds_what_was_measured_and_agrees_with_the_probability(
    gain, spread, rows, room, is_sound
):
    found = believe(gain, spread, rows, room=room, is_sound=is_sound)
    assert found.interval.low <= gain <= found.interval.high
    assert 0.01 <= found.probability <= 0.99
    if found.interval.low > 0:
        assert found.probability > 0.94
    if found.interval.high < 0:
        assert found.probability < 0.06


@given(st.floats(0.05, 1.0), st.integers(25, 500), ROOMS, st.booleans())
def test_more_gain_is_never_less_probable_where_gains_are_to_be_expected(spread, rows, room, is_sound):
    """Far outside Student's tails let the prior speak again; there a greater gain may tell less."""
    gains = np.linspace(-0.1 * room, room, 12)
    told = [believe(gain, spread * room, rows, room=room, is_sound=is_sound).probability for gain in gains]
    assert (np.diff(told) >= -1e-9).all()


@pytest.mark.parametrize("is_sound", [True, False])
def test_the_prior_shares_out_one_whole(is_sound):
    assert prior(is_sound).sum() == pytest.approx(1.0)
    assert (prior(is_sound) >= 0).all()


def test_many_rows_speak_for_themselves():
    believed = believe(0.10, 0.01, 2000, room=0.3, is_sound=True).interval
    plain = around(0.10, 0.01, 2000)
    assert believed.low == pytest.approx(plain.low, abs=0.001)
    assert believed.high == pytest.approx(plain.high, abs=0.001)


def test_few_rows_leave_more_open_where_the_sources_are_not_known_to_see():
    sound, unsure = (believe(0.12, 0.08, 20, room=0.4, is_sound=known) for known in (True, False))
    assert sound.probability > 0.9 > unsure.probability
    assert sound.interval.low > unsure.interval.low


def test_no_more_is_promised_than_there_is_to_gain():
    assert believe(0.03, 0.05, 30, room=0.04, is_sound=True).interval.high <= 0.04
