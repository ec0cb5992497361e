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
_WINDOW_BITS_MIN = const(8)
_LEAST_BYTES = const(18)  # of a gzip file: header and trailer
_RATIO_MAX = const(1032)  # no byte of deflate stands for more than that


def is_compressed(coding):
    """bool: whether `coding` (str, of Content-Encoding) is one that inflate() knows."""
    return coding in ("gzip", "x-gzip", "deflate")


async def inflate(data, coding):
    """MemorySink with `data` (memoryview) decompressed.  What it becomes too large for ends it, as with any body."""
    size = _expected(data, coding)
    window_bits = _window_bits(size)
    while True:
        try:
            sink = MemorySink(size)
            await _pump(deflate.DeflateIO(io.BytesIO(data), _format(data, coding), window_bits), sink)
            return sink
        except (OSError, EOFError, ValueError):
            if window_bits == _WINDOW_BITS:
                raise failed("CONTENT_DECODING_FAILED")
        except MemoryError:
            raise KioskError("oom")
        size, window_bits = None, _WINDOW_BITS  # something follows the body, and its size was not where it was sought


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


def _window_bits(size):
    # A match reaches back over no more than the whole body: a short one needs no 32 KB in one piece to be inflated.
    bits = _WINDOW_BITS_MIN
    while bits < _WINDOW_BITS and (size is None or size > 1 << bits):
        bits += 1
    return bits


def _expected(data, coding):
    # gzip ends with the size, or with a lie; one more byte of room, so that the end is found without growing.
    if coding == "deflate" or len(data) < _LEAST_BYTES:
        return None
    size = int.from_bytes(data[len(data) - 4 :], "little") + 1
    return size if size <= _RATIO_MAX * len(data) else None
