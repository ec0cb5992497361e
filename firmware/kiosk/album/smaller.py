"""
A picture made smaller by the service of wx.compressImage, for a mini-program that wants it so, and for pages: what has more than a
megapixel would be decoded again whenever it is painted, and a turned one in one go.
"""

from kiosk import files
from kiosk.errors import KioskError
from kiosk.files import content
from kiosk.pictures import compress, header

_LARGE = const(524288)  # pixels


class _Place:
    """As much of a mini-program's Files as compress() wants, for a file that lies anywhere."""

    def __init__(self, own, path):
        self._path = path
        self.temporary = own.temporary
        self.file_size = own.file_size

    def readable(self, url):
        return self._path


async def smaller(path, quality, longest_px):
    """URL of a temporary JPEG, of at most so many pixels a side.  As compress() fails."""
    own = files.current()
    with open(path, "rb") as file:
        head = compress.read_header(file)
    sides = (longest_px, None) if head.width >= head.height else (None, longest_px)
    return await files.gently(compress.compress, _Place(own, path), path, quality, *sides)


async def to_show(path, is_ours, width, height):
    """(path, whether it is a file of our own) of what is shown in place of a picture: a smaller one if it is large.

    A picture that is not decoded here stays, so that whoever shows it says what it is.
    """
    with open(path, "rb") as file:
        head = header.read(file)
    if head.width * head.height <= _LARGE or head.format not in ("jpeg", "png"):
        return path, is_ours
    try:
        url = await smaller(path, 90, max(width, height))
    except KioskError as exc:
        if exc.args[0] == "image":
            raise ValueError(exc.args[1])
        raise
    if is_ours:
        content.discard(path)
    return files.current().readable(url), True
