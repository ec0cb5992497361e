"""
Bodies that a server has compressed with gzip or deflate.  Touches nothing but its arguments.

MicroPython's decoder cannot wait for its input, so a body is collected first, in memory or in a file, and inflated
afterwards, in segments between which the loop turns.  Raises KioskError "network" for what is damaged, "oom" for what would not fit.
"""

import asyncio
import errno
import io

import deflate

from kiosk.errors import KioskError
from kiosk.net.body import MemorySink
from kiosk.net.reasons import failed

_SEGMENT_BYTES = const(2048)
_WINDOW_BITS = const(15)
_LEAST_BYTES = const(18)  # of a gzip file: header and trailer
_RATIO_MAX = const(1032)  # no byte of deflate stands for more than that


def is_compressed(coding):
    """bool: whether `coding` (str, of Content-Encoding) is one that inflate() knows."""
    return coding in ("gzip", "x-gzip", "deflate")


async def inflate(data, coding):
    """MemorySink with `data` (memoryview) decompressed.  What it becomes too large for ends it, as with any body."""
    try:
        sink = MemorySink(_expected(data, coding))
        await _pump(deflate.DeflateIO(io.BytesIO(data), _format(data, coding), _WINDOW_BITS), sink)
        return sink
    except (OSError, EOFError, ValueError):
        raise failed("CONTENT_DECODING_FAILED")
    except MemoryError:
        raise KioskError("oom")


async def inflate_file(path, coding, sink):
    """Put what is in the file `path` into `sink`, decompressed: the file may be larger than the memory."""
    try:
        with open(path, "rb") as file:
            form = _format(file.read(2), coding)
            file.seek(0)
            await _pump(deflate.DeflateIO(file, form, _WINDOW_BITS), sink)
    except OSError as exc:
        if exc.errno != errno.EINVAL:  # which is what the decoder says of its input, and no flash of its blocks
            raise
        raise failed("CONTENT_DECODING_FAILED")
    except (EOFError, ValueError):
        raise failed("CONTENT_DECODING_FAILED")
    except MemoryError:
        raise KioskError("oom")


async def _pump(decoder, sink):
    while True:
        got = decoder.readinto(sink.room(None)[:_SEGMENT_BYTES])
        if not got:
            return
        sink.filled(got)
        await asyncio.sleep_ms(0)


def _format(data, coding):
    if coding != "deflate":
        return deflate.GZIP
    # The name means zlib, but some servers send the bare stream.  RFC 1950, 2.2: the header is a multiple of 31.
    if len(data) > 1 and data[0] & 15 == 8 and (data[0] << 8 | data[1]) % 31 == 0:
        return deflate.ZLIB
    return deflate.RAW


def _expected(data, coding):
    # gzip ends with the size, or with a lie; one more byte of room, so that the end is found without growing.
    if coding == "deflate" or len(data) < _LEAST_BYTES:
        return None
    size = int.from_bytes(data[len(data) - 4 :], "little") + 1
    return size if size <= _RATIO_MAX * len(data) else None
