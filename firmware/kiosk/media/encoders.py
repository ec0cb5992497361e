"""
The encoders of a recording: whether the image has them, the board is fast enough for them, and there is memory.

How fast a board is, it says itself: before the first recording of a kind frames of two tones are encoded and timed, as in
tests/bench/boardcodecs.py.  A board that would fall behind what it hears says so before it hears anything; otherwise the
microphone's ring would overflow, and pieces would be missing without a word.
"""

import asyncio
import gc
import time
from array import array

from kiosk.errors import KioskError

_STATE_KB = (("mp3", 65), ("aac", 53))  # firmware/cmodules/codecs/codecs.c
# Of the time that a frame lasts, less one for each kHz, which is what hearing takes an RP2040.  Measured on the virtual board,
# where MP3 of 16 kHz (79) and AAC of 32 kHz (61) fell behind, and MP3 of 12 kHz (60) and AAC of 24 kHz (43) did not.
_PERCENT_MAX = const(75)
_IDLE_FRAMES = const(2)  # those that an encoder begins with cost it less: AAC looks ahead
_TRIES = const(4)  # a host may be busy with other things

_fast = []  # (format, rate_hz, channels, bit rate): those that this board is known to be fast enough for


async def require_speed(settings) -> None:
    """KioskError (unsupported) if the board encodes more slowly than it hears.  settings: recordingformat.Settings."""
    kind = settings.format, settings.rate_hz, settings.channels, settings.encoder_bit_rate()
    if kind not in _fast:
        most = max(0, _PERCENT_MAX - settings.rate_hz // 1000)
        percent = await _measured(settings, most)
        if percent > most:
            wanted = "%s of %d Hz, numberOfChannels %d" % kind[:3]
            needs = "to encode it takes this board %d%% of its time, and it has %d%%" % (percent, most)
            raise KioskError("unsupported", wanted + ": " + needs)
        _fast.append(kind)


def create(settings):
    """Return a codecs.Encoder, and a memoryview for what it gives.  KioskError: unsupported, codec memory."""
    try:
        import codecs
    except ImportError:
        raise KioskError("unsupported", "format %s, for this image has no codecs" % settings.format)
    gc.collect()
    try:
        output = memoryview(bytearray(codecs.ENCODED_BYTES))
        arguments = settings.rate_hz, settings.channels, settings.encoder_bit_rate()
        return codecs.Encoder(settings.format, *arguments), output
    except MemoryError:
        for name, kb in _STATE_KB:
            if name == settings.format:
                raise KioskError("codec memory", "encoding %s takes %d KB" % (name, kb))
        raise


async def _measured(settings, most):
    # Percent of the time that a frame lasts; the other tries are left out once one was fast enough.
    encoder, output = create(settings)
    try:
        size = encoder.frame_bytes
        frame = array("h", (at * 389 % 9973 - 4986 + at * 61 % 4001 - 2000 for at in range(size // 2)))
        lasts_us = size // settings.frame * 1000000 // settings.rate_hz
        least = None
        for number in range(_IDLE_FRAMES + _TRIES):
            start = time.ticks_us()
            encoder.encode(frame, output)
            percent = time.ticks_diff(time.ticks_us(), start) * 100 // lasts_us
            if number >= _IDLE_FRAMES:
                least = percent if least is None else min(least, percent)
                if least <= most:
                    break
            await asyncio.sleep_ms(0)
        return least
    finally:
        encoder.close()
