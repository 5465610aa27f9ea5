"""What the checks get to see."""

from __future__ import annotations

from headstart import data
from headstart.core.watch import Silent
from headstart.inspection import inspect
from headstart.recipes.checking import facts
from headstart.recipes.looking import Looked
from headstart.recipes.opening import Opened
from headstart.what.curves import transfer_curve
from headstart.what.first_pass import FirstPass
from headstart.what.look import Look, look
from tests import synthetic

N = 36  # fewer than 20 a class


def test_few_labels_come_with_how_many_would_do_by_the_curve_of_the_best_probe():
    labels = synthetic.balanced(N, 3)
    texts = [f"text {row} {'abc'[label]}" for row, label in enumerate(labels)]
    task = data.from_arrays(texts, [f"class {label}" for label in labels])
    folds = synthetic.folds(N, labels=labels)
    reading = synthetic.reading({"tap": synthetic.features(labels, signal=0.6)})
    found = look(task, [reading], folds, Silent())
    rising = transfer_curve(found, task)
    seen = facts(Opened(task), Looked(found, FirstPass((reading,), (), 0.0)), folds, rising)
    assert len(seen.curve) >= 3
    few = next(finding for finding in inspect(seen).findings if finding.code == "HS-D08")
    assert "By the learning curve" in few.remedy


def test_without_a_source_there_is_no_curve():
    nothing = Look((), (), (), (), ())
    task = data.from_arrays([f"text {row}" for row in range(N)], ["a", "b"] * (N // 2))
    assert transfer_curve(nothing, task) is None
    looked = Looked(nothing, FirstPass((), (), 0.0))
    assert facts(Opened(task), looked, synthetic.folds(N), None).curve == ()
