"""The service under wx.compressImage on a board's heap: Pillow reads what it makes, upright and in the right size, of every kind."""

import numpy
import pytest
from PIL import Image, ImageOps

from tests.system.images.mixfiles import mix
from tests.system.images.pngfiles import png

# What is shown but takes too much to be made smaller: none.  What is neither: why.
_REFUSED = {"progressive large.jpg": "codec memory", "48 megapixels.jpg": "codec memory"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The mix, as files."""
    made = tmp_path_factory.mktemp("mix")
    for name, (data, _) in mix().items():
        (made / name).write_bytes(data)
    return made


def _upright(image, size=None):
    if image.mode.startswith("I;16"):
        image = Image.fromarray((numpy.asarray(image) >> 8).astype(numpy.uint8))
    if image.mode in ("RGBA", "P") and (image.mode == "RGBA" or "transparency" in image.info):
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    image = image.convert("RGB")
    return image.resize(size, Image.Resampling.BOX) if size else image


def test_every_kind(decode, folder, tmp_path):
    cases, jobs = [], []
    for name, (_, reason) in mix().items():
        size = None
        if not reason:
            with Image.open(folder / name) as image:
                size = image.size
        options = {"quality": 90}
        if size and size[0] * size[1] > 100000:
            options.update(width=200)
            size = (200, (size[1] * 200 + size[0] // 2) // size[0])
        cases.append((name, reason, size))
        jobs.append({"path": folder / name, "compress": options})
    for number, ((name, reason, size), decoded) in enumerate(zip(cases, decode(jobs))):
        answer, path = decoded.answer, tmp_path / f"{number}.rows"
        assert answer["left"] < 4000, (name, answer)
        if reason:
            assert answer.get("error") in ("image", "codec memory") and answer["reason"], (name, answer)
            assert answer["error"] == _REFUSED.get(name, answer["error"]) and not path.exists(), (name, answer)
            continue
        assert "error" not in answer, (name, answer)
        with Image.open(folder / name) as image, Image.open(path) as made:
            assert made.format == "JPEG" and made.size == size, name
            assert made.getexif().get(0x112, 1) == image.getexif().get(0x112, 1), name
            assert made.getexif().get(0x10F) is None, name
            theirs = numpy.asarray(_upright(image, size)).astype(int)
            ours = numpy.asarray(made.convert("RGB")).astype(int)
            loss = numpy.abs(ours - theirs).mean()
            assert loss < (12 if name.endswith(".png") or "MB" in name else 9), (name, loss)
            assert ImageOps.exif_transpose(made).size == ImageOps.exif_transpose(image.resize(size)).size, name


def test_sizes(decode, folder, tmp_path):
    cases = (
        ({"width": 120}, (120, 80)), ({"height": 16}, (24, 16)), ({"width": 10, "height": 100}, (10, 100)), ({"width": 999}, (240, 160)),
        ({"width": 1, "height": 1}, (1, 1)), ({"width": 300, "height": 20}, (240, 20)),
    )  # fmt: skip
    for name in ("small.jpg", "orientation 6.png", "interlaced.png", "24 bits.bmp"):
        with Image.open(folder / name) as image:
            whole = image.size
        jobs = [{"path": folder / name, "compress": options} for options, _ in cases]
        for number, ((options, size), decoded) in enumerate(zip(cases, decode(jobs))):
            assert "error" not in decoded.answer, (name, decoded.answer)
            if whole == (240, 160):
                with Image.open(tmp_path / f"{number}.rows") as made:
                    assert made.size == size, (name, options)
            else:
                with Image.open(tmp_path / f"{number}.rows") as made:
                    assert made.width <= whole[0] and made.height <= whole[1], (name, options)


def test_what_would_take_longer_than_the_guard_waits(decode, folder):
    interlaced = folder / "large.png"
    interlaced.write_bytes(png(1100, 1000, 0, 1, lambda x, y, channel: (x ^ y) & 1, interlaced=True))
    for path, options in ((folder / "12 megapixels.jpg", {"width": 10, "height": 10}), (interlaced, {"width": 100})):
        (decoded,) = decode([{"path": path, "compress": options}])
        assert decoded.answer["error"] == "image" and "takes too long" in decoded.answer["reason"], decoded.answer


def test_quality_is_libjpegs(decode, folder, tmp_path):
    jobs = [{"path": folder / "small.jpg", "compress": {"quality": quality}} for quality in (0, 1, 25, 80, 100)]
    decode(jobs)
    sizes, tables = [], []
    for number in range(len(jobs)):
        with Image.open(tmp_path / f"{number}.rows") as made:
            tables.append(made.quantization)
        sizes.append((tmp_path / f"{number}.rows").stat().st_size)
    assert sizes == sorted(sizes) and tables[0] == tables[1] != tables[2]
    with Image.open(folder / "small.jpg") as image:
        image.save(tmp_path / "theirs.jpg", quality=80)
    with Image.open(tmp_path / "theirs.jpg") as theirs:
        assert theirs.quantization == tables[3]
