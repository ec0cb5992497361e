"""A mix of pictures as phones, cameras and programs write them: measured as Pillow has them, and shown as it has them, or refused."""

import numpy
import pytest
from PIL import Image, ImageOps

from tests.system.images.mixfiles import mix

_HEAD_BYTES = 8192  # the most that may be read of a photograph to measure it
# What Pillow calls an Image's format.
_NAMES = {"jpeg": "JPEG", "png": "PNG", "gif": "GIF", "bmp": "BMP", "webp": "WEBP", "tiff": "TIFF"}


MIX = mix()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The mix, as files."""
    made = tmp_path_factory.mktemp("mix")
    for name, (data, _) in MIX.items():
        (made / name).write_bytes(data)
    return made


def _by_pillow(path):
    """(format, size, orientation) by Pillow; None if it is no picture to it."""
    try:
        with Image.open(path) as image:
            size = image.size
            turn = image.getexif().get(0x112, 1)
            return image.format, size, turn if turn in range(1, 9) else 1
    except (OSError, SyntaxError, ValueError):
        return None


def test_all_are_measured_as_pillow_has_them(decode, folder):
    jobs = [{"path": folder / name, "measure": True} for name in MIX]
    for name, decoded in zip(MIX, decode(jobs)):
        answer = decoded.answer
        theirs = _by_pillow(folder / name)
        if theirs is None:
            assert answer.get("error") == "ValueError" and answer["reason"], (name, answer)
            continue
        assert "error" not in answer, (name, answer, theirs)
        assert (_NAMES[answer["format"]], tuple(answer["size"]), answer["orientation"]) == theirs, name
        assert answer["read"] <= _HEAD_BYTES, (name, answer)
    pictures = [name for name in MIX if _by_pillow(folder / name)]
    assert len(MIX) - 14 == len(pictures), set(MIX) - set(pictures)


def test_all_are_shown_upright_or_refused_with_a_reason(decode, folder):
    jobs = []
    for name in MIX:
        theirs = _by_pillow(folder / name)
        job = {"path": folder / name}
        if theirs and theirs[1][0] * theirs[1][1] > 100000:  # as a page shows it
            job.update(width=120, height=120)
        jobs.append(job)
    for name, job, decoded in zip(MIX, jobs, decode(jobs)):
        answer, reason = decoded.answer, MIX[name][1]
        if reason:
            assert reason in (answer.get("error"), answer.get("reason", "")) or reason in answer["reason"], (
                name,
                answer,
            )
            continue
        ours = decoded.pixels()[..., :3]
        with Image.open(job["path"]) as image:
            if image.mode.startswith("I;16"):
                image = Image.fromarray((numpy.asarray(image) >> 8).astype(numpy.uint8))
            image = ImageOps.exif_transpose(image).convert("RGB")
            if "width" in job:
                image = image.resize((job["width"], job["height"]), Image.Resampling.BOX)
        theirs = numpy.asarray(image).astype(int)
        assert ours.shape == theirs.shape, (name, ours.shape, theirs.shape)
        assert numpy.abs(ours - theirs).mean() < 8, (name, numpy.abs(ours - theirs).mean())
