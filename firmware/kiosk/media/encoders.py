"""
The encoders of a recording: whether the image has them, the board is fast enough for them, and there is memory.

How fast a board is, it says itself: before the first recording of a kind a frame of the encoder's is encoded and timed,
of a sawtooth, which takes as long as speech (docs/bench.md).  A board that would fall behind what it hears is told so
before it hears anything; otherwise the microphone's ring would overflow, and pieces would be missing without a word.
"""

import asyncio
import gc
import time

from kiosk.errors import KioskError

_STATE_KB = (("mp3", 65), ("aac", 53))  # firmware/cmodules/codecs/codecs.c
_PERCENT_MAX = const(85)  # of the time that a frame lasts: the rest is for hearing, for the flash and for the others
_TRIES = const(4)  # the first frame finds nothing in a cache, and a host may be busy with other things

_fast = []  # (format, rate_hz, channels): those that this board is known to be fast enough for


async def require_speed(settings) -> None:
    """KioskError (unsupported) if the board encodes more slowly than it hears.  settings: recordingformat.Settings."""
    kind = settings.format, settings.rate_hz, settings.channels
    if kind not in _fast:
        percent = await _measured(settings)
        if percent > _PERCENT_MAX:
            wanted = "%s of %d Hz, numberOfChannels %d" % kind
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
    # Percent of the time that a frame lasts; the rest of the tries is left out once one was fast enough.
    encoder, output = create(settings)
    try:
        size = encoder.frame_bytes
        frame = memoryview(bytes(range(256)) * (size // 256 + 1))[:size]
        lasts_us = size // settings.frame * 1000000 // settings.rate_hz
        least = None
        for _ in range(_TRIES):
            start = time.ticks_us()
            encoder.encode(frame, output)
            percent = time.ticks_diff(time.ticks_us(), start) * 100 // lasts_us
            least = percent if least is None else min(least, percent)
            if least <= _PERCENT_MAX:
                break
            await asyncio.sleep_ms(0)
        return least
    finally:
        encoder.close()
