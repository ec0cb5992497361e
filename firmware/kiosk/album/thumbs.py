"""
Small pictures of what is in the album, kept beside it in small files.

Kept, since to decode a photograph of 12 megapixels takes an RP2040 half a minute, and a page is painted again at each move of a finger.
As plain pixels (RGB565) and not as JPEGs: five of these side by side would want 33 KB of heap each whenever they are painted, pixels
want a row, and what is saved is one block of the flash of two.  They are squares of 62 px, cut from the middle.

A file's size is in the name of its small picture, so one that has been replaced gets another.  While the flash has less than 64 KB, none
is made.
"""

import asyncio
import gc
import os
import struct

from kiosk import album
from kiosk.errors import KioskError
from kiosk.files import content, room, tree

SIDE = const(62)
_FOLDER = "/.thumbs"
_LEAST_ROOM = const(65536)
_MOST_INTERLACED = const(1048576)  # pixels of a PNG that is decoded in one go: the guard takes 5 s for a stall


def path_of(name):
    """str: where the small picture of a file of the album is, or will be.  OSError: there is no such file."""
    size = os.stat(album.folder() + "/" + name)[6]
    return "%s%s/%s.%d" % (album.folder(), _FOLDER, name, size)


def is_there(path):
    """Whether it has been made."""
    return tree.look(path) is not None


async def make(name, target):
    """Make the small picture of a picture or a video.

    ValueError: why there is none; MemoryError; KioskError (format, no space); OSError.  Nothing is left of a failure.
    """
    folder = album.folder()
    tree.make(folder + _FOLDER)
    if room.left(folder) < _LEAST_ROOM:
        raise KioskError("no space")
    part = target + ".part"
    complete = False
    try:
        if name.lower().endswith(".avi"):
            from kiosk.video import thumbnail

            first = part + ".jpg"
            try:
                await thumbnail.copy_first(folder + "/" + name, first)
                await _write(first, part)
            finally:
                content.discard(first)
        else:
            await _write(folder + "/" + name, part)
        os.rename(part, target)
        complete = True
    finally:
        if not complete:
            content.discard(part)


async def _write(path, target):
    pixels, orientation = await _decoded(path)
    with open(target, "wb") as file:
        file.write(b"R565" + struct.pack("<HH", SIDE, SIDE))
        if orientation == 1:
            file.write(pixels)
            return
        row = bytearray(2 * SIDE)
        for y in range(SIDE):
            for x in range(SIDE):
                at = 2 * _turned(orientation, x, y)
                row[2 * x] = pixels[at]
                row[2 * x + 1] = pixels[at + 1]
            file.write(row)
            await asyncio.sleep_ms(0)


async def _decoded(path):
    """The middle of a picture, as it lies in the file, and Exif's orientation.  Row by row: turned, it would be decoded in one go."""
    from kiosk.ui.images import open_picture, shown_header
    from kiosk.ui.paint.surface import Surface

    with open(path, "rb") as file:
        head = shown_header(file)
    orientation, head.orientation = head.orientation, 1
    if head.format == "png" and head.is_interlaced and head.width * head.height > _MOST_INTERLACED:
        raise ValueError("an interlaced PNG of %dx%d" % (head.width, head.height))
    gc.collect()  # a PNG wants 32 KB in one piece, and before the rest
    side = min(head.width, head.height)
    left, top = (head.width - side) // 2, (head.height - side) // 2
    picture = open_picture(open(path, "rb"), (left, top, left + side, top + side), SIDE, SIDE, head)
    try:
        surface = Surface(2 * SIDE * SIDE)
        surface.aim(0, 0, SIDE, SIDE)
        surface.fill_rect(0, 0, SIDE, SIDE, 0xFFFFFF)
        for y in range(SIDE):
            before = surface.clip(0, y, SIDE, 1)
            surface.image(0, 0, SIDE, SIDE, picture)
            surface.unclip(before)
            await asyncio.sleep_ms(0)
    finally:
        picture.close()
    return surface.pixels(), orientation


def _turned(orientation, x, y):
    """Where in the file a pixel of the upright square is."""
    last = SIDE - 1
    if orientation > 4:
        x, y = y, x
    if orientation in (2, 3, 7, 8):
        x = last - x
    if orientation in (3, 4, 6, 7):
        y = last - y
    return y * SIDE + x


def tidy():
    """A generator: remove the small pictures of what is no longer in the album."""
    folder = album.folder() + _FOLDER
    if tree.look(folder) is None:
        return
    for entry in list(os.ilistdir(folder)):
        name, _, size = entry[0].rpartition(".")
        status = tree.look(album.folder() + "/" + name)
        if status is None or str(status[6]) != size:
            content.discard(folder + "/" + entry[0])
        yield
