"""A source that sees nothing of the examples is known before any label speaks."""

from __future__ import annotations

import numpy as np

from headstart.training.kernel_ridge import gram
from headstart.what.soundness import Sight, sight, standings
from tests import synthetic


def world(n: int, seed: int = 0):
    """Examples with content, what plain features see of it, and a source's view."""
    rng = np.random.default_rng(seed)
    content = rng.normal(size=(n, 6))
    plain = content @ rng.normal(size=(6, 30)) + rng.normal(size=(n, 30))
    deep = np.tanh(content @ rng.normal(size=(6, 40))) + 0.3 * rng.normal(size=(n, 40))
    return gram(plain), deep.astype(np.float32)


def read(features: np.ndarray, source: str = "pypi:s"):
    return synthetic.reading({"low": features, "high": features**2}, source=source)


def test_a_source_that_sees_is_known_from_a_few_dozen_rows():
    plain, deep = world(40)
    found = sight([read(deep)], [plain])["pypi:s"]
    assert found.sight is Sight.SEES
    assert standings([read(deep)], {"pypi:s": found})["pypi:s"].is_sound


def test_noise_and_features_of_other_rows_are_blind():
    plain, deep = world(60)
    noise = np.random.default_rng(1).normal(size=deep.shape).astype(np.float32)
    for useless in (noise, deep[::-1]):
        found = sight([read(useless)], [plain])["pypi:s"]
        assert found.sight is Sight.BLIND
        assert not standings([read(useless)], {"pypi:s": found})["pypi:s"].is_sound


def test_ten_rows_call_nobody_blind():
    for seed in range(20):
        plain, _ = world(10, seed)
        noise = np.random.default_rng(seed).normal(size=(10, 40)).astype(np.float32)
        assert sight([read(noise)], [plain])["pypi:s"].sight is not Sight.BLIND


def test_blind_sources_are_rarely_believed_to_see():
    said = []
    for seed in range(100):
        plain, _ = world(20, seed)
        noise = np.random.default_rng(1000 + seed).normal(size=(20, 40)).astype(np.float32)
        said.append(sight([read(noise)], [plain])["pypi:s"].sight)
    assert said.count(Sight.SEES) <= 2


def test_constant_features_and_many_rows_do_not_break_it():
    plain, deep = world(600)
    found = sight([read(np.ones_like(deep), "pypi:flat"), read(deep, "pypi:deep")], [plain])
    assert found["pypi:flat"].sight is Sight.BLIND
    assert found["pypi:deep"].sight is Sight.SEES


def test_without_plain_features_nothing_is_said():
    _, deep = world(40)
    assert sight([read(deep)], []) == {}
