"""NB-SVM: honest for every fold, the ridge that it claims to be, and silent where it would be dear."""

from __future__ import annotations

import numpy as np
import pytest

from headstart.when.controls import nb_svm, ratios
from headstart.when.controls.bayes import counter
from tests import synthetic

N, CLASSES = 45, 3


def words(n: int = N, classes: int = CLASSES, seed: int = 0):
    """Texts of which a few words tell the class."""
    rng = np.random.default_rng(seed)
    labels = synthetic.balanced(n, classes)
    items = [f"told{label} " * rng.integers(2) + synthetic.words(n)[row] for row, label in enumerate(labels)]
    return synthetic.task(labels, items=items)


def counted(task):
    counts = counter().fit_transform(task.inputs.items).astype(float).tocsr()
    return counts, np.eye(len(task.classes))[task.targets]


def test_a_rows_scores_never_saw_the_labels_of_its_fold():
    task = words()
    counts, labels = counted(task)
    folds = synthetic.folds(N, repeats=1)
    hidden = folds.assignment[0] == 2
    outer, inner = nb_svm.held_out(counts, labels, folds)
    turned = np.where(hidden[:, None], np.roll(labels, 1, axis=1), labels)
    outer_turned, inner_turned = nb_svm.held_out(counts, turned, folds)
    np.testing.assert_array_equal(outer[:, 0, hidden], outer_turned[:, 0, hidden])
    np.testing.assert_array_equal(inner[:, 0, 2], inner_turned[:, 0, 2])
    assert np.abs(outer[:, 0, ~hidden] - outer_turned[:, 0, ~hidden]).max() > 0.01


def test_conjugate_gradients_find_the_ridge():
    counts, labels = counted(words())
    weighing = np.random.default_rng(0).uniform(0.0, 1.0, (counts.shape[1], CLASSES)) / 20
    targets = labels - labels.mean(0)
    found = ratios.solve(counts, weighing, targets)
    dense = counts.toarray()
    for index in range(CLASSES):
        kernel = dense @ np.diag(weighing[:, index]) @ dense.T + 1.0 + ratios.PENALTY * np.eye(N)
        np.testing.assert_allclose(found[:, index], np.linalg.solve(kernel, targets[:, index]), atol=1e-3)


def test_without_a_machine_it_is_naive_bayes_by_log_count_ratios():
    counts, labels = counted(words())
    machines = ratios.Machines.of(counts, labels)
    found, _ = ratios.log_count_ratios(np.asarray(labels.T @ counts))
    least, most = (machines.weights[ratios.BETAS.index(beta)] for beta in (0.25, 1.0))
    naive = (least - 0.25 * most) / 0.75
    constant = naive[found[:, 0] != 0, 0] / found[found[:, 0] != 0, 0]
    np.testing.assert_allclose(constant, constant[0])


@pytest.mark.parametrize(
    "task",
    [
        words(70, 35),
        synthetic.regression([float(row) for row in range(20)]),
        synthetic.task(synthetic.balanced(20, 2), items=["?!"] * 20),
    ],
    ids=["many classes", "values", "no word"],
)
def test_it_does_not_apply_everywhere(task):
    assert nb_svm.fit(task, synthetic.folds(len(task))) == []


def test_a_text_of_unknown_words_gets_the_bias_alone():
    task = words()
    [control] = nb_svm.fit(task, synthetic.folds(N, labels=task.targets))
    unknown = synthetic.task([0, 1, 2], items=["nothing known here", "", "told1"]).inputs
    predicted = control.predictor.predict(unknown)
    np.testing.assert_allclose(predicted[0], predicted[1])
    assert predicted[2].argmax() == 1
