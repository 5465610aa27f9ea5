import io
import shutil
from pathlib import Path

import numpy as np
import pytest
from pictures import folder, photo
from PIL import Image, ImageEnhance

from headstart import data
from headstart.data import duplicates, perceptual, shingles

SHARED = Path(__file__).parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="the development data are not beside the project"
)


def jpeg(image, quality=50):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")


COPIES = {
    "compressed": jpeg,
    "half as large": lambda image: image.resize((image.width // 2, image.height // 2)),
    "larger": lambda image: image.resize((image.width * 7 // 5, image.height * 7 // 5)),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.15),
    "another format": lambda image: jpeg(image, 90),
}


@pytest.mark.parametrize("change", COPIES)
def test_a_changed_copy_is_known_again(change):
    images = [photo(seed) for seed in range(30)]
    found = duplicates.find(data.inputs_from([*images, COPIES[change](images[7])]))
    assert found.near[30] == found.near[7]
    assert len(set(found.near.tolist())) == 30


def test_hardly_any_different_digits_are_merged():
    from sklearn.datasets import load_digits

    digits = (load_digits().images[:600] * 15.9).astype(np.uint8)
    assert len(set(duplicates.find(data.inputs_from(digits)).near.tolist())) >= 597  # 8 x 8 pixels: hard


@pytest.mark.parametrize("noise", [2, 20])
def test_uniform_textures_are_not_merged(noise):
    random = np.random.default_rng(0)
    level = random.integers(80, 180, (200, 1, 1))
    textures = np.clip(level + random.normal(0, noise, (200, 48, 48)), 0, 255).astype(np.uint8)
    assert len(set(duplicates.find(data.inputs_from(textures)).near.tolist())) == 200


def test_pictures_that_share_a_frame_are_not_merged():
    images = []
    for seed in range(60):
        framed = Image.new("L", (96, 96), 230)
        framed.paste(photo(seed, 40).convert("L"), (28, 28))
        images.append(framed)
    assert len(set(duplicates.find(data.inputs_from(images)).near.tolist())) == 60


def test_the_same_file_twice_is_one_group_of_the_task(tmp_path):
    folder(tmp_path, {"a": 5, "b": 5})
    shutil.copy(tmp_path / "a" / "000.png", tmp_path / "b" / "copy.png")
    task = data.load(tmp_path)
    assert task.groups[0] == task.groups[10]
    assert len(set(task.groups.tolist())) == 10


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize(
    ("name", "merged"), [("flowers", 2), ("scenes", 0), ("apple-leaf", 0), ("sign-digits", 0)]
)
def test_real_sets_without_copies_stay_whole(name, merged):
    task = data.load(SHARED / "images" / name)
    sizes = np.bincount(task.groups)
    assert sizes[sizes > 1].sum() == merged


@pytest.mark.shared
@needs_shared
def test_tiles_photographed_at_several_exposures_are_found():
    task = data.load(SHARED / "images" / "magnetic-tile")
    sizes = np.bincount(task.groups)
    assert 200 < sizes[sizes > 1].sum() < 350
    assert sizes.max() <= 12


def test_texts_that_differ_in_case_and_blanks_are_near_copies():
    texts = ["How do I top up?", "how do I top-up", "Where is my card today?", "Where is my card, today"]
    assert duplicates.find(data.inputs_from(texts)).near.tolist() == [0, 0, 1, 1]


def test_a_long_text_with_one_changed_word_is_a_near_copy():
    words = " ".join(f"word{at % 37} thing{at % 11}" for at in range(100))
    assert len(shingles.near_pairs([words, words + " more", "quite another text altogether"])) == 1


def test_short_texts_of_one_pattern_are_different():
    towns = ["Rome", "Lima", "Oslo", "Cairo", "Quito", "Delhi", "Paris"]
    texts = [f"What is the capital city of the land around {town} ?" for town in towns]
    texts += [f"How far is it from {a} to {b} ?" for a in towns for b in towns if a != b]
    assert len(shingles.near_pairs(texts)) == 0


def test_a_crowd_of_copies_is_one_group():
    texts = [f"the very same sentence again and again and again, number {at % 3}" for at in range(400)]
    assert len(set(duplicates.find(data.inputs_from(texts)).near.tolist())) <= 3


def test_overlap_names_exact_and_near_rows_and_their_matches():
    train = data.inputs_from(["a film to love", "a film to hate at once", "what a bore"])
    test = data.inputs_from(["something new", "A film to HATE, at once!", "what a bore"])
    found = data.overlap(train, test)
    assert (found.rows.tolist(), found.matches.tolist(), found.exact.tolist()) == (
        [1, 2],
        [1, 2],
        [False, True],
    )


def test_overlap_of_different_pictures_is_empty():
    train, test = (data.inputs_from([photo(s) for s in range(a, a + 20)]) for a in (0, 20))
    assert len(data.overlap(train, test)) == 0
    copies = data.inputs_from([jpeg(photo(3)), photo(50), photo(4)])
    found = data.overlap(train, copies)
    assert (found.rows.tolist(), found.matches.tolist(), found.exact.tolist()) == (
        [0, 2],
        [3, 4],
        [False, True],
    )


def test_thumbnails_do_not_depend_on_where_they_are_made(tmp_path):
    task = data.load(folder(tmp_path, {"a": 3, "b": 3}))
    again = np.stack([np.frombuffer(perceptual.thumbnail(task.inputs.read(r)), np.uint8) for r in range(6)])
    assert np.abs(again.astype(int) - task.inputs.thumbnails).max() <= 2
