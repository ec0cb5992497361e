"""How far our pictures are from what Pillow makes of the same files."""

import numpy
from PIL import Image


def by_pillow(path, part=None, size=None):
    """What Pillow makes of a file, cut to 5, 6 and 5 bits; smaller ones by the mean of the pixels."""
    with Image.open(path) as image:
        if image.mode == "I;16":
            image = Image.fromarray((numpy.asarray(image) >> 8).astype(numpy.uint8))
        image = image.convert("RGBA")
    if part:
        image = image.crop(part)
    if size and tuple(size) != image.size:
        image = image.resize(size, Image.Resampling.BOX)
    return numpy.asarray(image).astype(int) & (0xF8, 0xFC, 0xF8, 0xFF)


def apart(ours, theirs):
    """(largest, mean) difference of two pictures; what is transparent has no colour."""
    assert ours.shape == theirs.shape
    seen = (ours[..., 3:] > 0) & (theirs[..., 3:] > 0)
    difference = numpy.abs(ours - theirs)
    difference[..., :3] *= seen
    return int(difference.max()), float(difference.mean())
