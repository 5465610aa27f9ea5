"""Each check fires where it should and is silent where it should be."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from headstart import data
from headstart.core.finding import Finding, NotApplicable
from headstart.core.kinds import Modality
from headstart.core.source import SourceCard
from headstart.inspection import Facts, every_check

CHECKS = {check.code: check for check in every_check()}
SHARED = Path(__file__).parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="the development data are not beside the project"
)
WORDS = ["river", "stone", "cloud", "apple", "train", "house", "light", "paper", "green", "seven"]


def sentence(seed, words=9):
    return f"{seed} " + " ".join(np.random.default_rng(seed).choice(WORDS, words))


def task_of(labels, inputs=None):
    return data.from_arrays(inputs or [sentence(at) for at in range(len(labels))], list(labels))


def photo(seed, side=40):
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((side, side), Image.Resampling.BICUBIC)


def says(code, facts):
    return CHECKS[code].missing(facts) or CHECKS[code](facts)


# HS-D01 likely label errors


def predictions(labels, k, sure, seed):
    """Out-of-fold probabilities of a source that is right about nine in ten, and `sure` of it."""
    random = np.random.default_rng(seed)
    guess = np.where(random.random(len(labels)) < 0.9, labels, random.integers(0, k, len(labels)))
    return np.eye(k)[guess] * sure + (1 - sure) / k


def test_flipped_labels_are_named_by_sources_that_agree():
    truth = np.arange(120) % 3
    given = truth.copy()
    flipped = [4, 31, 77]
    given[flipped] = (given[flipped] + 1) % 3
    oof = {f"s{seed}": predictions(truth, 3, 0.9, seed) for seed in range(5)}
    found = says("HS-D01", Facts(task_of(given), oof=oof))
    assert set(flipped) <= set(found.rows)
    assert len(found.rows) <= 8
    assert "?" in found.where[0]


def test_right_labels_are_left_in_peace():
    truth = np.arange(120) % 3
    oof = {f"s{seed}": np.eye(3)[truth] * 0.7 + 0.1 for seed in range(3)}
    assert says("HS-D01", Facts(task_of(truth), oof=oof)) is None


def test_one_source_alone_accuses_nobody():
    truth = np.arange(60) % 3
    said = says("HS-D01", Facts(task_of(truth), oof={"one": predictions(truth, 3, 0.8, 0)}))
    assert isinstance(said, NotApplicable)


def test_sources_that_disagree_accuse_nobody():
    truth = np.arange(60) % 3
    oof = {str(shift): np.eye(3)[(truth + shift) % 3] for shift in (0, 1, 2)}
    assert says("HS-D01", Facts(task_of(truth), oof=oof)) is None


# HS-D02, HS-D03, HS-D07 duplicates


def test_the_same_text_twice_is_an_exact_duplicate():
    labels = [0, 1] * 5
    texts = [sentence(at) for at in range(9)] + [sentence(1)]
    found = says("HS-D02", Facts(task_of(labels, texts)))
    assert set(found.rows) == {1, 9}


def test_different_texts_are_no_duplicates():
    for code in ("HS-D02", "HS-D03", "HS-D07"):
        assert says(code, Facts(task_of([0, 1] * 5))) is None


def test_a_text_in_other_case_is_a_near_duplicate_and_no_exact_one():
    texts = [sentence(at) for at in range(9)] + [sentence(1).upper()]
    facts = Facts(task_of([0, 1] * 5, texts))
    assert set(says("HS-D03", facts).rows) == {1, 9}
    assert says("HS-D02", facts) is None


def test_exact_copies_alone_are_no_near_duplicates():
    texts = [sentence(at) for at in range(9)] + [sentence(1)]
    assert says("HS-D03", Facts(task_of([0, 1] * 5, texts))) is None


def test_fires_on_the_same_photo_under_two_classes():
    images = [photo(at) for at in range(7)] + [photo(0)]
    found = says("HS-D07", Facts(task_of(["a", "b"] * 4, images)))
    assert found.severity == "error"
    assert found.where == ("image 0: a", "image 7: b")


def test_is_silent_on_burst_photos_with_one_label():
    images = [photo(at) for at in range(7)] + [photo(1)]
    assert says("HS-D07", Facts(task_of(["a", "b"] * 4, images))) is None


# HS-D04 leakage


def test_test_rows_that_repeat_training_rows_are_named_with_them():
    task = task_of([0, 1] * 5)
    test = data.from_arrays([sentence(3), sentence(50), sentence(4).title()], [0, 1, 0])
    found = says("HS-D04", Facts(task, test=test, overlap=data.overlap(task, test)))
    assert found.where == ("text 0 = text 3", "text 2 = text 4")
    assert "1 exactly, 1 nearly" in found.detail


def test_test_rows_of_their_own_are_no_leak():
    task = task_of([0, 1] * 5)
    test = data.from_arrays([sentence(at) for at in (50, 51, 52)], [0, 1, 0])
    assert says("HS-D04", Facts(task, test=test, overlap=data.overlap(task, test))) is None


# HS-D05 imbalance


@pytest.mark.parametrize(("labels", "fires"), [([0] * 7 + [1] * 2, True), ([0] * 6 + [1] * 2, False)])
def test_more_than_three_to_one_is_imbalanced(labels, fires):
    found = says("HS-D05", Facts(task_of(labels)))
    assert (found is not None) is fires
    if fires:
        assert found.applied


# HS-D06 shortcut


def save(root, classes, side, form="png", count=30):
    seed = 0
    for name in classes:
        (root / name).mkdir(parents=True)
        for at in range(count):
            photo(seed := seed + 1, side(name)).save(
                root / name / f"{at}.{form(name) if callable(form) else form}"
            )
    return data.load(root)


def test_a_class_in_another_resolution_is_a_shortcut(tmp_path):
    task = save(tmp_path, "abc", lambda name: 64 if name == "b" else 40)
    found = says("HS-D06", Facts(task))
    assert "width of 'b': median 64, of the rest 40" in found.detail


def test_a_class_in_another_format_is_a_shortcut(tmp_path):
    task = save(tmp_path, "abc", lambda name: 40, form=lambda name: "jpg" if name == "c" else "png")
    assert (
        "file format of 'c': 100% JPEG, of the rest 0% JPEG".removesuffix(" JPEG")
        in says("HS-D06", Facts(task)).detail
    )


def test_sizes_that_vary_alike_in_all_classes_are_no_shortcut(tmp_path):
    random = np.random.default_rng(0)
    task = save(tmp_path, "abc", lambda name: int(random.integers(30, 60)))
    assert says("HS-D06", Facts(task)) is None


def test_a_class_of_much_longer_texts_is_a_shortcut():
    labels = [0, 1] * 30
    texts = [sentence(at, 60 if label else 9) for at, label in enumerate(labels)]
    assert "median 56, of the rest 362" in says("HS-D06", Facts(task_of(labels, texts))).detail
    assert says("HS-D06", Facts(task_of(labels))) is None


@pytest.mark.shared
@needs_shared
def test_only_the_tiles_have_a_shortcut_among_the_real_sets():
    found = {name for name in ("flowers", "scenes", "apple-leaf", "sign-digits", "magnetic-tile")
             if isinstance(says("HS-D06", Facts(data.load(SHARED / "images" / name))), Finding)}  # fmt: skip
    assert found == {"magnetic-tile"}


# HS-D08 few labels


def test_few_labels_are_said_with_how_many_would_do():
    found = says("HS-D08", Facts(task_of([0, 1] * 8), curve=((4, 0.6), (8, 0.7), (16, 0.76))))
    assert "Label 24 more" in found.remedy
    assert "By the learning curve" in found.remedy


def test_a_steep_curve_is_not_read_beyond_four_times_the_labels():
    steep = says("HS-D08", Facts(task_of([0, 1] * 8), curve=((4, 0.2), (8, 0.5), (16, 0.9))))
    assert "still pays at 64 labels in all" in steep.remedy
    flat = says("HS-D08", Facts(task_of([0, 1] * 8), curve=((4, 0.8), (8, 0.81), (16, 0.815))))
    assert "hardly raise the score" in flat.remedy


@pytest.mark.parametrize("unit", [0.001, 1.0, 1000.0])
def test_what_labels_bring_to_a_regression_is_judged_by_its_error(unit):
    task = data.from_arrays([sentence(at) for at in range(20)], np.arange(20.0), kind="regression")
    curve = tuple((labels, -unit * error) for labels, error in ((4, 1.2), (8, 1.17), (16, 1.15)))
    assert "pays up to about 30 labels in all" in says("HS-D08", Facts(task, curve=curve)).remedy


def test_twenty_of_each_are_enough():
    assert says("HS-D08", Facts(task_of([0, 1] * 20))) is None


# HS-S01 a source that does not fit


def card(modality, sizes):
    return SourceCard("pypi:x", "x", modality, "net", 1, "", "MIT", True, 0, sizes, True, "photos")


def test_small_and_grey_images_do_not_fit_a_large_colour_source():
    images = [photo(at).convert("L") for at in range(8)]
    facts = Facts(task_of([0, 1] * 4, images), sources=((card(Modality.IMAGE, (224,)), 224),))
    found = says("HS-S01", facts)
    assert "40 pixels" in found.detail
    assert "grey" in found.detail


def test_images_of_the_right_size_fit():
    facts = Facts(task_of([0, 1] * 4, [photo(at, 200) for at in range(8)]),
                  sources=((card(Modality.IMAGE, (224,)), 224),))  # fmt: skip
    assert says("HS-S01", facts) is None


def test_texts_longer_than_the_source_reads_are_said():
    texts = [sentence(at, 200) for at in range(10)]
    source = card(Modality.TEXT, (128,))
    assert (
        "128 tokens (100%)"
        in says("HS-S01", Facts(task_of([0, 1] * 5, texts), sources=((source, 128),))).detail
    )
    assert says("HS-S01", Facts(task_of([0, 1] * 5), sources=((source, 128),))) is None


# HS-S02 a source that knows nothing of such examples


def test_a_source_left_out_is_said_with_the_reason():
    found = says("HS-S02", Facts(task_of([0, 1] * 5), left_out={"file:net": "its weights look random"}))
    assert "file:net: its weights look random." in found.detail
    assert found.where == ("file:net",)
    assert found.applied


def test_nothing_is_said_where_no_source_was_left_out():
    assert isinstance(says("HS-S02", Facts(task_of([0, 1] * 5))), NotApplicable)
