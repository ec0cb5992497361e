"""
The encoders of a recording: whether the image has them, the board is fast enough for them, and there is memory.

How fast a board is, it says itself: before the first recording of a kind a frame of noise is encoded and timed.  Noise takes
no less than speech.  A board that would fall behind what it hears says so before it hears anything; otherwise the microphone's
ring would overflow, and pieces would be missing without a word.
"""

import asyncio
import gc
import os
import time

from kiosk.errors import KioskError

_STATE_KB = (("mp3", 65), ("aac", 53))  # firmware/cmodules/codecs/codecs.c
# Of the time that a frame lasts.  On the virtual board hearing takes 13 % at 16 kHz and what is written 6 % at 32 kbit/s; the
# rest is for the mini-program.  MP3 of 16 kHz, 77 % there, fell behind.
_PERCENT_MAX = const(65)
_IDLE_FRAMES = const(2)  # those that an encoder begins with cost it less: AAC looks ahead
_TRIES = const(4)  # a host may be busy with other things

_fast = []  # (format, rate_hz, channels, bit rate): those that this board is known to be fast enough for


async def require_speed(settings) -> None:
    """KioskError (unsupported) if the board encodes more slowly than it hears.  settings: recordingformat.Settings."""
    kind = settings.format, settings.rate_hz, settings.channels, settings.encoder_bit_rate()
    if kind not in _fast:
        percent = await _measured(settings)
        if percent > _PERCENT_MAX:
            wanted = "%s of %d Hz, numberOfChannels %d" % kind[:3]
            raise KioskError("unsupported", "%s: to encode it takes this board %d%% of its time" % (wanted, percent))
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


async def _measured(settings):
    # Percent of the time that a frame lasts; the other tries are left out once one was fast enough.
    encoder, output = create(settings)
    try:
        size = encoder.frame_bytes
        frame = os.urandom(size)
        lasts_us = size // settings.frame * 1000000 // settings.rate_hz
        least = None
        for number in range(_IDLE_FRAMES + _TRIES):
            start = time.ticks_us()
            encoder.encode(frame, output)
            percent = time.ticks_diff(time.ticks_us(), start) * 100 // lasts_us
            if number >= _IDLE_FRAMES:
                least = percent if least is None else min(least, percent)
                if least <= _PERCENT_MAX:
                    break
            await asyncio.sleep_ms(0)
        return least
    finally:
        encoder.close()
