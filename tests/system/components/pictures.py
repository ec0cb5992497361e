"""Files that tests of components show and play."""

import io
import math
import struct

from PIL import Image

RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


def png(width, height, left, right=None):
    """A PNG of two halves; colors of four numbers are seen through."""
    image = Image.new("RGBA" if len(left) == 4 else "RGB", (width, height), left)
    image.paste(right or left, (width // 2, 0, width, height))
    return _saved(image, "PNG")


def jpeg(width, height, color):
    """A JPEG of one color."""
    return _saved(Image.new("RGB", (width, height), color), "JPEG")


def _saved(image, kind):
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def wav(seconds, rate_hz=8000):
    """A sine of 255 Hz."""
    samples = b"".join(struct.pack("<h", int(9000 * math.sin(n / 5))) for n in range(int(seconds * rate_hz)))
    head = struct.pack("<IHHIIHH", 16, 1, 1, rate_hz, rate_hz * 2, 2, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + len(samples))
        + b"WAVEfmt "
        + head
        + b"data"
        + struct.pack("<I", len(samples))
        + samples
    )
