"""The first picture of a video, as the JPEG that it is.  Memory: 1 KB."""

from kiosk.camera.markers import Markers
from kiosk.errors import KioskError
from kiosk.files.content import close_again
from kiosk.video import avireader

_PIECE_BYTES = const(1024)


def copy_first(path, target):
    """A generator, in pieces: put the first picture of an AVI file into a file of its own.

    KioskError (format: none, or no JPEG; no space), OSError; a file that is left then is the caller's to remove.
    """
    with avireader.open(path) as reader:
        reader.seek_ms(0)
        kind = reader.next()[0]
        if kind != "picture":
            raise KioskError("format", "a video without a picture")
        piece = bytearray(_PIECE_BYTES)
        markers = Markers()
        file = open(target, "wb")
        try:
            while not markers.is_whole:
                count = reader.read_into(memoryview(piece))
                if not count:
                    raise KioskError("format", "the first picture breaks off")
                try:
                    last = markers.feed(piece, count)
                except ValueError as exc:
                    raise KioskError("format", str(exc))
                part = memoryview(piece)[markers.first : last]
                if file.write(part) != len(part):
                    raise KioskError("no space")
                yield
            file.close()
            yield
        finally:
            close_again(file)
