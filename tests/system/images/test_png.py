"""PNG against Pillow (libpng): all colour types and bit depths, filters, interlaced ones, transparency, smaller sizes."""

import random

import numpy
import pytest
from PIL import Image

from tests.system.images.compare import apart, by_pillow
from tests.system.images.pngfiles import KINDS, chunk, palette, png, smooth

EVERY = [(color, bits) for color, (_, depths) in KINDS.items() for bits in depths]


def _made(folder, color, bits, width=37, height=29, transparent=False, **options):
    extra = palette(bits) if color == 3 else b""
    if transparent:
        key = {0: bytes(2), 2: bytes(6), 3: bytes(range(0, 250, 250 // (1 << bits) or 1))[: 1 << bits]}
        extra += chunk(b"tRNS", key[color])
    path = folder / f"{color}-{bits}-{width}x{height}-{transparent}-{options.get('interlaced')}.png"
    path.write_bytes(png(width, height, color, bits, smooth(bits, width, height), extra=extra, **options))
    return path


@pytest.mark.parametrize("interlaced", [False, True])
def test_every_kind_is_what_pillow_sees(decode, tmp_path, interlaced):
    paths = [_made(tmp_path, color, bits, interlaced=interlaced) for color, bits in EVERY]
    paths += [_made(tmp_path, color, 8, 3, 2, interlaced=interlaced) for color in KINDS]
    paths += [_made(tmp_path, 2, 8, 1, 1, interlaced=interlaced), _made(tmp_path, 0, 1, 9, 1, interlaced=interlaced)]
    for path, decoded in zip(paths, decode(paths)):
        assert apart(decoded.pixels(), by_pillow(path)) == (0, 0), path.name
        assert decoded.answer["left"] < 1000, (path.name, decoded.answer)


@pytest.mark.parametrize("interlaced", [False, True])
def test_transparent_colours(decode, tmp_path, interlaced):
    paths = [
        _made(tmp_path, color, bits, transparent=True, interlaced=interlaced) for color, bits in EVERY if color < 4
    ]
    for path, decoded in zip(paths, decode(paths)):
        color, bits = (int(word) for word in path.name.split("-")[:2])
        theirs = by_pillow(path)
        if color < 3:  # by the standard's words, as Pillow knows the one colour of 8 bits only
            sample = smooth(bits, 37, 29)
            for y, x in numpy.ndindex(29, 37):
                theirs[y, x, 3] = 255 * any(sample(x, y, channel) for channel in range(KINDS[color][0]))
        assert decoded.answer["alpha"] and (theirs[..., 3] < 255).any(), path.name
        assert apart(decoded.pixels(), theirs) == (0, 0), path.name


@pytest.mark.parametrize(("color", "bits"), [(0, 8), (2, 8), (3, 4), (6, 8), (4, 16)])
def test_smaller_ones_are_the_mean(decode, tmp_path, color, bits):
    path = _made(tmp_path, color, bits, 120, 90)
    jobs = [
        {"path": path, "width": width, "height": height, "part": part}
        for width, height, part in (
            (60, 45, None), (40, 30, None), (50, 31, None), (1, 1, None), (119, 90, None), (30, 45, (10, 20, 70, 65)),
            (60, 45, (60, 45, 120, 90)),
        )
    ]  # fmt: skip
    for job, decoded in zip(jobs, decode(jobs)):
        size = (job["width"], job["height"])
        assert decoded.answer["shown"] == list(size)
        largest, mean = apart(decoded.pixels(), by_pillow(path, job["part"], size))
        # Pillow weighs the pixels that lie over a border, and rounds where colours are cut: both are a step of 5 bits
        # but where sizes are no multiples.
        whole = job["part"] or (0, 0, 120, 90)
        even = (whole[2] - whole[0]) % size[0] == 0 and (whole[3] - whole[1]) % size[1] == 0
        assert largest <= (8 if even else 255) and mean < (2.5 if even else 8), (job, largest, mean)


def test_an_interlaced_one_is_sampled(decode, tmp_path):
    path = _made(tmp_path, 2, 8, 160, 120, interlaced=True)
    whole = by_pillow(path)
    (decoded,) = decode([{"path": path, "width": 80, "height": 60}])
    assert (decoded.pixels() == whole[1::2, 1::2]).all()


def test_chunks_that_say_nothing_of_the_pixels_take_no_memory(decode, tmp_path):
    noise = random.Random(5)
    text = chunk(b"tEXt", b"Comment\0" + bytes(noise.randrange(1, 255) for _ in range(300000)))
    exif = chunk(b"eXIf", b"II*\0\x08\0\0\0\0\0" + bytes(70000))
    profile = chunk(b"iCCP", b"sRGB\0\0" + bytes(90000))
    path = tmp_path / "chatty.png"
    path.write_bytes(png(20, 10, 2, 8, smooth(8, 20, 10), extra=text + profile + exif))
    plain = _made(tmp_path, 2, 8, 20, 10)
    chatty, quiet = decode([path, plain])
    assert (chatty.pixels() == quiet.pixels()).all()
    assert chatty.answer["held"] == quiet.answer["held"]


def test_what_a_board_holds(decode, tmp_path):
    for width, most in ((320, 52 * 1024), (640, 60 * 1024), (8000, 128 * 1024)):
        path = tmp_path / "wide.png"
        Image.new("RGB", (width, 4), (1, 2, 3)).save(path)
        (decoded,) = decode([{"path": path, "width": 320, "height": 4}])
        assert decoded.pixels().shape == (4, 320, 4)
        assert decoded.answer["held"] < most, (width, decoded.answer)
