"""
From a `src` to an open file: a path of the package, wxfile://... of the mini-program's own, http:// and https://.

What comes from a server becomes a temporary file of the mini-program first, as WeChat's clients have it: it is decoded again
whenever it is painted.  Like the `src` of a sound it is not checked against the domains of kiosk.json.
"""

from kiosk import files
from kiosk.errors import KioskError
from kiosk.files import content

_PIECE_BYTES = const(2048)
_MOST_BYTES = const(10485760)


async def open_source(src):
    """An open file for open_picture().  KioskError: it is not there, the network, no room."""
    return open((await fetch(src))[0], "rb")


async def fetch(src):
    """(path of a file that is there, whether it has been made for this and may be removed after).  As open_source() otherwise."""
    if not isinstance(src, str) or not src:
        raise KioskError("file argument", "src is empty")
    own = files.current()
    if src[:7].lower() != "http://" and src[:8].lower() != "https://":
        path = own.readable(src)
        own.file_size(path, src)  # which says what is wrong with it
        return path, False
    from kiosk.media.httpbytes import HttpBytes

    _, path = own.temporary("")
    source = HttpBytes(src)
    try:
        with open(path, "wb") as file:
            await _copy(source, file)
        return path, True
    except BaseException:  # cancelled, too
        content.discard(path)
        raise
    finally:
        source.close()


async def _copy(source, file):
    piece = memoryview(bytearray(_PIECE_BYTES))
    size = 0
    while True:
        count = source.readinto(piece)
        if count is None:
            await source.changed()
            continue
        if not count:
            return
        size += count
        if size > _MOST_BYTES:
            raise KioskError("download size")
        file.write(piece[:count])
