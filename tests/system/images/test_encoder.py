"""The encoder of JPEG, alone and under the sanitizers: Pillow reads what it writes, as good and as small as its own."""

import io
import subprocess

import numpy
import pytest
from PIL import Image

from host_tools.paths import ROOT

_MODULE = ROOT / "firmware" / "cmodules" / "images"
_CODECS = ROOT / "firmware" / "cmodules" / "codecs"


@pytest.fixture(scope="module")
def encode(tmp_path_factory):
    """`encode(pixels, quality, depth=3)`: the bytes of a JPEG."""
    program = tmp_path_factory.mktemp("encoder") / "encode"
    command = ["gcc", "-std=gnu99", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fno-omit-frame-pointer"]
    command += ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-I", _MODULE, "-I", _CODECS]
    command += [ROOT / "tests/system/images/harness_encode.c", _MODULE / "encode.c", "-o", program]
    subprocess.run(command, check=True)

    def run(pixels, quality, depth=3):
        height, width = pixels.shape[:2]
        done = subprocess.run(
            [program, str(width), str(height), str(quality), str(depth)],
            input=pixels.tobytes(),
            capture_output=True,
            timeout=500,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")[-3000:]
        return done.stdout

    return run


def _scene(width, height, seed=1):
    y, x = numpy.mgrid[0:height, 0:width]
    noise = numpy.random.default_rng(seed).integers(-6, 7, (height, width, 3))
    runs = numpy.stack([x * 255 / width, y * 255 / height, (x + y) * 255 / (width + height)], 2) + noise
    runs[(x - width / 2) ** 2 + (y - height / 2) ** 2 < (min(width, height) / 4) ** 2] = (250, 40, 30)
    return runs.clip(0, 255).astype(numpy.uint8)


def _read(data):
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return numpy.asarray(image.convert("RGB")).astype(int)


def _loss(ours, pixels):
    return float(((ours - pixels.astype(int)) ** 2).mean())


@pytest.mark.parametrize("quality", [1, 10, 50, 75, 90, 100])
def test_as_good_and_as_small_as_libjpegs(encode, quality):
    for size in ((320, 240), (93, 71)):
        pixels = _scene(*size)
        ours = encode(pixels, quality)
        made = io.BytesIO()
        Image.fromarray(pixels).save(made, "JPEG", quality=quality, subsampling=2)
        theirs = made.getvalue()
        assert _loss(_read(ours), pixels) <= 1.03 * _loss(_read(theirs), pixels) + 0.3
        assert len(ours) < 1.08 * len(theirs)
        with Image.open(io.BytesIO(ours)) as image, Image.open(io.BytesIO(theirs)) as other:
            assert image.quantization == other.quantization and image.info["jfif_version"] == (1, 1)


def test_every_small_size(encode):
    for width in (1, 2, 7, 8, 9, 15, 16, 17, 31, 33):
        for height in (1, 2, 8, 15, 16, 17, 32):
            pixels = numpy.full((height, width, 3), (200, 90, 30), numpy.uint8)
            ours = _read(encode(pixels, 90))
            assert ours.shape == pixels.shape and numpy.abs(ours - pixels).max() <= 4, (width, height)


def test_the_worst_that_pixels_can_be(encode):
    y, x = numpy.mgrid[0:64, 0:64]
    chance = numpy.random.default_rng(3)
    for seen in (
        (x + y) % 2 * 255, x % 2 * 255, y % 2 * 255, x // 4 % 2 * 255, (x // 4 + y // 4) % 2 * 255, x // 8 % 2 * 255, x * 0, x * 0 + 255,
        chance.integers(0, 2, (64, 64)) * 255, chance.integers(0, 256, (64, 64)),
    ):  # fmt: skip
        pixels = numpy.stack([seen, seen, seen], 2).astype(numpy.uint8)
        assert _loss(_read(encode(pixels, 100)), pixels) < 1.5
        _read(encode(pixels, 1))
    colors = chance.integers(0, 256, (64, 64, 3)).astype(numpy.uint8)
    assert _read(encode(colors, 100)).shape == (64, 64, 3)


def test_pixels_of_displays(encode):
    pixels = _scene(48, 32)
    words = (pixels[..., 0] >> 3).astype(int) << 11 | (pixels[..., 1] >> 2).astype(int) << 5 | pixels[..., 2] >> 3
    rgb565 = numpy.stack([words >> 8, words & 255], 2).astype(numpy.uint8)
    whole = numpy.stack(
        [words >> 8 & 0xF8 | words >> 13, words >> 3 & 0xFC | words >> 9 & 3, words << 3 & 0xF8 | words >> 2 & 7], 2
    )
    assert encode(rgb565, 90, 2) == encode(whole.astype(numpy.uint8), 90)
