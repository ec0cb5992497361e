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
    """(largest, mean) difference of two pictures; colours count as much as they are seen."""
    assert ours.shape == theirs.shape
    difference = numpy.abs(ours - theirs)
    difference[..., :3] = difference[..., :3] * numpy.minimum(ours[..., 3:], theirs[..., 3:]) // 255
    return int(difference.max()), float(difference.mean())
