"""Mirror images: the views, and the guard."""

import numpy as np
import torch

from headstart.develop.mirrored import AsTheyAre, BothWays, keep_their_class
from headstart.training.states import Cached

PIXELS = torch.arange(2 * 3 * 4 * 4, dtype=torch.float32).reshape(2, 3, 4, 4)


def test_a_picture_is_mirrored_where_the_view_says_so():
    both = BothWays(Cached((PIXELS,), 0))
    (found,) = both.gather(np.array([0, 1]), np.array([1, 0]))
    assert torch.equal(found[0], PIXELS[0].flip(2))
    assert torch.equal(found[1], PIXELS[1])


def test_what_is_judged_is_read_as_it_is():
    plain = AsTheyAre(Cached((torch.cat([PIXELS, PIXELS.flip(3)]),), 0, views=2))
    assert plain.views == 1
    assert torch.equal(plain.gather(np.array([1]))[0], PIXELS[1:])


def test_the_guard_fires_on_letters_and_is_silent_on_photos():
    rng = np.random.default_rng(0)
    plain = rng.exponential(0.3, 100)
    assert not keep_their_class(plain, plain + rng.exponential(1.0, 100))
    assert keep_their_class(plain, plain + rng.normal(0.0, 0.1, 100))
