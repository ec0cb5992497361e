"""The first picture of a video, as the JPEG that it is.  Memory: 2 KB."""

import asyncio

from kiosk.camera.markers import Markers
from kiosk.errors import KioskError
from kiosk.files.content import close_again
from kiosk.video import avireader

_PIECE_BYTES = const(1024)


async def copy_first(path, target):
    """Put the first picture of an AVI file into a file of its own.

    KioskError (format: none, or no JPEG; no space), OSError; a file that is left then is the caller's to remove.
    """
    async with await avireader.open_file(path) as reader:
        while not await _is_picture(reader):
            pass
        piece = bytearray(_PIECE_BYTES)
        markers = Markers()
        file = open(target, "wb")
        try:
            while not markers.is_whole:
                count = await reader.read_into(memoryview(piece))
                if not count:
                    raise KioskError("format", "the first picture breaks off")
                try:
                    last = markers.feed(piece, count)
                except ValueError as exc:
                    raise KioskError("format", str(exc))
                part = memoryview(piece)[markers.first : last]
                if file.write(part) != len(part):
                    raise KioskError("no space")
                await asyncio.sleep_ms(0)
            file.close()
        finally:
            close_again(file)


async def _is_picture(reader):
    kind = await reader.next()
    if not kind:
        raise KioskError("format", "a video without a picture")
    return kind == avireader.PICTURE and reader.size > 0
