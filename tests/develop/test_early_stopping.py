"""Early stopping: it fires where nothing gets better, and is silent where something does."""

import numpy as np

from headstart.core.watch import Silent
from headstart.develop.early_stopping import LEAST_PATIENCE, EarlyStopping
from headstart.develop.problem import Judgement
from headstart.training.head import Head
from headstart.training.judging import Pass

HEAD = Head(*(np.zeros(1, np.float32) for _ in range(4)))


def judged(losses, passes=9):
    """A stopping that hears these losses, and how many passes were made."""
    heard = iter(losses)

    def judge(head):
        return head, Judgement(np.array([next(heard)]), 0.0, 1.0)

    stopping = EarlyStopping(judge, passes, Silent(), "it")
    made = 0
    for number in range(1, len(losses) + 1):
        made = number
        if not stopping(Pass(number, 1.0, {}, HEAD)):
            break
    return stopping, made


def test_it_fires_after_as_many_passes_without_a_better_one_as_its_patience():
    stopping, made = judged([1.0, 0.5, *[0.6] * 20])
    assert stopping.fired
    assert made == 2 + stopping.patience
    assert stopping.best.epoch == 2


def test_it_is_silent_while_the_loss_falls():
    stopping, made = judged([1.0 / n for n in range(1, 20)])
    assert not stopping.fired
    assert made == 19
    assert stopping.best.epoch == 19


def test_its_patience_grows_with_the_schedule():
    assert judged([1.0], passes=3)[0].patience == LEAST_PATIENCE
    assert judged([1.0], passes=60)[0].patience > 20


def test_a_point_of_the_curve_for_every_pass():
    assert [point.epoch for point in judged([3.0, 2.0, 1.0])[0].curve] == [1, 2, 3]
