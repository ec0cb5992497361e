"""The arithmetic of kiosk/media/pcm.py for firmware that was built with ulab: the same samples, to the bit.

A float of ulab has 24 bits, a product of sample and gain 31: so the gain goes in as two halves of 8 bits.
"""

from ulab import numpy as np


def _view(data, count):
    return np.frombuffer(data, dtype=np.int16, count=count)


def _floats(view):
    return np.array(view, dtype=np.float)


def scale(data, count, gain, step, channels):
    """See pcm.scale."""
    view = _view(data, count)
    frames = count // channels
    gains = np.floor(_floats(np.arange(frames) * step + gain) / 64)
    upper = np.floor(gains / 256)
    lower = gains - upper * 256
    for channel in range(channels):
        samples = _floats(view[channel::channels])
        view[channel::channels] = np.array(
            np.floor((samples * upper + np.floor(samples * lower / 256)) / 128), dtype=np.int16
        )


def mix(into, data, count):
    """See pcm.mix."""
    view = _view(into, count)
    view[:] = np.array(np.clip(_floats(view) + _floats(_view(data, count)), -32768, 32767), dtype=np.int16)


def spread(data, count):
    """See pcm.spread."""
    view = _view(data, 2 * count)
    mono = np.array(view[:count], dtype=np.int16)
    view[0::2] = mono
    view[1::2] = mono


def fold(data, count):
    """See pcm.fold."""
    view = _view(data, 2 * count)
    view[:count] = np.array(np.floor((_floats(view[0::2]) + _floats(view[1::2])) / 2), dtype=np.int16)
