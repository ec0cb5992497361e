"""JPEG against Pillow (libjpeg-turbo): subsampling, grey, progressive, restart markers, CMYK, orientation, smaller sizes."""

import numpy
import pytest
from PIL import Image

from tests.system.images.compare import apart, by_pillow

KINDS = {
    "444": {"subsampling": 0},
    "422": {"subsampling": 1},
    "420": {"subsampling": 2},
    "poor": {"quality": 10},
    "optimized": {"optimize": True},
    "restart": {"restart_marker_blocks": 3},
    "restart rows": {"restart_marker_rows": 1},
    "progressive": {"progressive": True},
    "progressive 444": {"progressive": True, "subsampling": 0, "restart_marker_blocks": 5},
}


def _scene(width, height, mode="RGB"):
    """A picture with runs, edges and some noise."""
    y, x = numpy.mgrid[0:height, 0:width]
    noise = numpy.random.default_rng(7).integers(-9, 10, (height, width, 3))
    colors = numpy.stack([x * 255 // width, y * 255 // height, (x + y) * 255 // (width + height)], 2) + noise
    colors[((x - width // 2) ** 2 + (y - height // 2) ** 2) < (min(width, height) // 4) ** 2] = (250, 40, 30)
    return Image.fromarray(colors.clip(0, 255).astype(numpy.uint8)).convert(mode)


def _saved(path, width, height, mode="RGB", **options):
    _scene(width, height, mode).save(path, "JPEG", **{"quality": 85, **options})
    return path


def test_every_kind_is_what_pillow_sees(decode, tmp_path):
    paths = [_saved(tmp_path / f"{name}.jpg", 93, 71, **options) for name, options in KINDS.items()]
    paths += [_saved(tmp_path / f"grey{n}.jpg", 93, 71, "L", progressive=bool(n)) for n in range(2)]
    paths += [_saved(tmp_path / "dot.jpg", 1, 1), _saved(tmp_path / "line.jpg", 200, 1)]
    for path, decoded in zip(paths, decode(paths)):
        largest, mean = apart(decoded.pixels(), by_pillow(path))
        assert largest <= 8 and mean < 0.2, (path.name, largest, mean)  # one step of 5 bits
        assert decoded.answer["left"] < 1000, (path.name, decoded.answer)


def test_cmyk(decode, tmp_path):
    path = _saved(tmp_path / "cmyk.jpg", 64, 48, "CMYK", quality=95)
    (decoded,) = decode([path])
    largest, mean = apart(decoded.pixels(), by_pillow(path))
    assert largest <= 8 and mean < 2, (largest, mean)  # products of two inks, rounded another way


@pytest.mark.parametrize("name", KINDS)
def test_smaller_ones(decode, tmp_path, name):
    path = _saved(tmp_path / "scene.jpg", 320, 240, **KINDS[name])
    jobs = [{"path": path, "width": 320 // n, "height": 240 // n} for n in (2, 3, 4, 5, 8, 20)]
    jobs += [{"path": path, "width": 64, "height": 48, "part": (32, 16, 288, 208)}]
    for job, decoded in zip(jobs, decode(jobs, bits=64, heap="4m")):
        size = (job["width"], job["height"])
        largest, mean = apart(decoded.pixels(), by_pillow(path, job.get("part"), size))
        # Means of the DCT are taken before colours are cut to 0 to 255 and by another filter: edges differ.
        assert largest <= 90 and mean < 2.5, (job, largest, mean)


def test_every_orientation_is_shown_upright(decode, tmp_path):
    jobs, wanted = [], []
    turns = (None, *(getattr(Image.Transpose, name) for name in (
        "FLIP_LEFT_RIGHT", "ROTATE_180", "FLIP_TOP_BOTTOM", "TRANSPOSE", "ROTATE_270", "TRANSVERSE", "ROTATE_90")))  # fmt: skip
    for orientation, turn in enumerate(turns, 1):
        path = tmp_path / f"{orientation}.jpg"
        exif = Image.Exif()
        exif[0x112] = orientation
        _saved(path, 150, 90, exif=exif, subsampling=0, quality=95)
        whole = by_pillow(path)
        turned = Image.fromarray(whole[..., :3].astype(numpy.uint8))
        turned = numpy.asarray(turned.transpose(turn) if turn is not None else turned).astype(int)
        wanted += [turned, turned[10:60, 20:80]]
        jobs += [{"path": path}, {"path": path, "part": (20, 10, 80, 60)}]
    for job, decoded, theirs in zip(jobs, decode(jobs, bits=64, heap="4m"), wanted):
        ours = decoded.pixels()[..., :3]
        assert ours.shape == theirs.shape, job
        assert numpy.abs(ours - theirs).max() <= 8, job


def test_a_turned_one_in_several_bands(decode, tmp_path):
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x112] = 6
    _saved(path, 480, 640, exif=exif)
    (decoded,) = decode([{"path": path, "width": 320, "height": 240}])
    with Image.open(path) as image:
        upright = image.transpose(Image.Transpose.ROTATE_270).resize((320, 240), Image.Resampling.BOX)
    difference = numpy.abs(decoded.pixels()[..., :3] - numpy.asarray(upright).astype(int))
    assert decoded.answer["held"] < 32 * 1024 and difference.mean() < 6, difference.mean()


def test_what_a_board_holds(decode, tmp_path):
    for size, shown, most in (
        ((320, 240), (320, 240), 36 * 1024),
        ((640, 480), (320, 240), 36 * 1024),
        ((1600, 1200), (320, 240), 36 * 1024),
        ((8000, 600), (320, 24), 40 * 1024),
    ):
        path = _saved(tmp_path / "scene.jpg", *size)
        (decoded,) = decode([{"path": path, "width": shown[0], "height": shown[1]}])
        assert decoded.pixels().shape == (shown[1], shown[0], 4)
        assert decoded.answer["held"] < most, (size, decoded.answer)


def test_a_progressive_one_that_is_too_large_is_refused(decode, tmp_path):
    large = _saved(tmp_path / "large.jpg", 640, 480, progressive=True)
    small = _saved(tmp_path / "small.jpg", 120, 90, progressive=True)
    refused, shown = decode([{"path": large, "width": 320, "height": 240}, small])
    assert refused.answer["error"] == "MemoryError"
    assert shown.pixels().shape == (90, 120, 4)  # and nothing is lost
