import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from pictures import folder, photo
from PIL import Image

from headstart import data
from headstart.core.errors import DataError
from headstart.data import decoding, survey


def encoded(image, form, **options):
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def read(image, form, **options):
    return decoding.decode(decoding.open_bytes(encoded(image, form, **options)))


def test_sixteen_bit_grey_is_scaled_not_clipped():
    ramp = Image.fromarray(np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16))
    values = np.asarray(read(ramp, "PNG"))[..., 0]
    assert values[0, 0] == 0
    assert values[-1, -1] == 255
    assert len(np.unique(values)) > 200


def test_twelve_bit_grey_in_a_sixteen_bit_file_is_not_black():
    ramp = Image.fromarray(np.linspace(0, 4095, 256).astype(np.uint16).reshape(16, 16))
    assert np.asarray(read(ramp, "TIFF")).max() == 255


def test_cmyk_becomes_rgb():
    white = Image.new("CMYK", (8, 8), (0, 0, 0, 0))
    assert np.asarray(read(white, "JPEG")).min() > 250


def test_what_is_transparent_is_laid_on_white():
    assert read(Image.new("RGBA", (4, 4), (200, 0, 0, 0)), "PNG").getpixel((0, 0)) == (255, 255, 255)
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([10, 20, 30] * 256)
    assert read(palette, "PNG", transparency=0).getpixel((0, 0)) == (255, 255, 255)
    assert read(palette, "PNG").getpixel((0, 0)) == (10, 20, 30)


def test_the_first_frame_of_an_animation_counts():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    data_bytes = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decoding.decode(decoding.open_bytes(data_bytes)).getpixel((0, 0)) == (255, 0, 0)
    assert survey.appearance(decoding.open_bytes(data_bytes), "", 1).mode == "animated"


def test_the_orientation_of_the_camera_is_applied():
    image = Image.new("RGB", (40, 20), "red")
    exif = Image.Exif()
    exif[0x0112] = 6
    assert read(image, "JPEG", exif=exif).size == (20, 40)
    assert read(image, "JPEG").size == (40, 20)


def test_large_images_are_reduced_and_keep_their_shape():
    image = read(photo(1, 64).resize((4000, 1000)), "JPEG")
    assert image.width * image.height <= decoding.READ_PIXELS * 1.02
    assert image.width / image.height == pytest.approx(4.0, rel=0.02)


def bomb(width, height):
    """A PNG header that promises so many pixels, with almost no data."""
    import struct
    import zlib

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_a_decompression_bomb_is_a_finding_and_takes_no_memory(tmp_path):
    folder(tmp_path, {"a": 3, "b": 3})
    (tmp_path / "a" / "bomb.png").write_bytes(bomb(20_000, 20_000))
    task = data.load(tmp_path)
    assert len(task) == 6
    assert [note.code for note in task.notes] == ["HS-D24"]


def test_damaged_exif_does_not_lose_the_picture():
    image = decoding.open_bytes(encoded(Image.new("RGB", (8, 8)), "JPEG", exif=b"Exif\x00\x00garbage"))
    assert decoding.decode(image).size == (8, 8)


def test_reading_on_threads_gives_what_reading_alone_gives(tmp_path):
    inputs = data.load(folder(tmp_path, {"a": 8, "b": 8})).inputs
    alone = [inputs.read(row).tobytes() for row in range(len(inputs))]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda row: inputs.read(row).tobytes(), list(range(len(inputs))) * 3))
    assert together == alone * 3


def test_conversions_are_said(tmp_path):
    folder(tmp_path, {"a": 3, "b": 3})
    Image.new("CMYK", (8, 8)).save(tmp_path / "a" / "c.jpg")
    notes = data.load(tmp_path).notes
    assert [note.code for note in notes] == ["HS-D33"]
    assert "1 in CMYK" in notes[0].detail


@pytest.mark.parametrize("shape", [(5, 6, 6), (5, 6, 6, 1), (5, 6, 6, 3), (5, 6, 6, 4)])
def test_arrays_of_all_usual_shapes_are_images(shape):
    inputs = data.inputs_from(np.random.default_rng(0).integers(0, 255, shape, dtype=np.uint8))
    assert len(inputs) == 5
    assert inputs.read(0).size == (6, 6)
    assert len(set(inputs.hashes)) == 5


def test_arrays_of_other_shapes_are_refused():
    with pytest.raises(DataError, match=r"X\[0\]"):
        data.inputs_from([np.zeros((2, 2, 2, 2))])
