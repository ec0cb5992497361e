"""
Bodies that a server has compressed with gzip or deflate.  Touches nothing but its arguments.

MicroPython's decoder cannot wait for its input, so a body is collected first and inflated afterwards, in segments
between which the loop turns.  Raises KioskError "network" for what is damaged, "oom" for what would not fit.
"""

import asyncio
import gc
import io

import deflate

from kiosk.errors import KioskError
from kiosk.net.body import MemorySink
from kiosk.net.reasons import failed

_SEGMENT_BYTES = const(2048)
_WINDOW_BITS = const(15)
_MARGIN_BYTES = const(16384)  # what must be left for others, and for what the text is made into


def is_compressed(coding):
    """bool: whether `coding` (str, of Content-Encoding) is one that inflate() knows."""
    return coding in ("gzip", "x-gzip", "deflate")


async def inflate(data, coding):
    """MemorySink with `data` (memoryview) decompressed; never more than half of what memory there is."""
    gc.collect()
    limit = (gc.mem_free() - len(data) - (1 << _WINDOW_BITS) - _MARGIN_BYTES) // 2
    if limit <= 0:
        raise KioskError("oom")
    source = io.BytesIO(data)
    sink = MemorySink(_expected(data, coding, limit))
    try:
        decoder = deflate.DeflateIO(source, _format(data, coding), _WINDOW_BITS)
        while True:
            got = decoder.readinto(sink.room(None)[:_SEGMENT_BYTES])
            if not got:
                return sink
            sink.filled(got)
            if sink.size > limit:
                raise KioskError("oom")
            await asyncio.sleep_ms(0)
    except (OSError, EOFError, ValueError):
        raise failed("CONTENT_DECODING_FAILED")
    except MemoryError:
        raise KioskError("oom")


def _format(data, coding):
    if coding != "deflate":
        return deflate.GZIP
    # The name means zlib, but some servers send the bare stream.  RFC 1950, 2.2: the header is a multiple of 31.
    if len(data) > 1 and data[0] & 15 == 8 and (data[0] << 8 | data[1]) % 31 == 0:
        return deflate.ZLIB
    return deflate.RAW


def _expected(data, coding, limit):
    # gzip ends with the size; one more byte of room, so that the end is found without growing.  It may be a lie.
    if coding == "deflate" or len(data) < 18:
        return None
    size = int.from_bytes(data[len(data) - 4 :], "little")
    return size + 1 if 0 < size < limit else None
