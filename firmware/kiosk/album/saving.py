"""
A file of the mini-program into the album: a copy, in pieces, which has its name when it is whole.

What it is is looked at first, then the mini-program is asked whether it may (scope.writePhotosAlbum), then the room is measured.
"""

import os

from kiosk import album, files, permissions
from kiosk.album import shelf
from kiosk.errors import KioskError
from kiosk.files import content, room, tree
from kiosk.pictures import compress

_SUFFIXES = (("jpeg", ".jpg"), ("png", ".png"), ("bmp", ".bmp"), ("gif", ".gif"), ("webp", ".webp"))
_PART = ".part"
_under_way = 0


async def save(url, is_video):
    """Copy a picture, or a video, of the mini-program's files.

    KioskError: "image file", "image", "video": what is wrong with it; "denied"; "no space"; those of files.  Nothing is left of a failure.
    """
    own = files.current()
    path = own.readable(url)
    compress.look(own, path, url)
    suffix = await _video(path) if is_video else _picture(path)
    await permissions.require("scope.writePhotosAlbum")
    await files.gently(_copy, own, url, suffix)


def _picture(path):
    with open(path, "rb") as file:
        found = compress.read_header(file).format
    for name, suffix in _SUFFIXES:
        if name == found:
            return suffix
    raise KioskError("image", "a %s" % found.upper())


async def _video(path):
    from kiosk.video import avireader

    try:
        (await avireader.open_file(path)).close()
    except KioskError as exc:
        raise KioskError("video", exc.reason)
    return ".avi"


def _copy(own, url, suffix):
    global _under_way
    path = own.readable(url)  # it may have gone while somebody was asked
    size = own.file_size(path, url)
    folder = album.folder()
    tree.make(folder)
    if not _under_way:
        _sweep(folder)
    if room.left(folder) < size:
        raise KioskError("no space")
    part = "%s/%s%d" % (folder, _PART, own.number())
    complete = False
    own.held.append(path)  # nobody changes it meanwhile
    _under_way += 1
    try:
        with open(part, "wb") as file:
            yield
            for piece in content.read_pieces(path, size):
                if file.write(piece) != len(piece):
                    raise KioskError("no space")
                yield
        yield
        os.rename(part, folder + "/" + shelf.next_name(suffix))
        complete = True
    finally:
        _under_way -= 1
        own.held.remove(path)
        if not complete:
            content.discard(part)


def _sweep(folder):
    # What a power cut has left.
    for entry in list(os.ilistdir(folder)):
        if entry[0].startswith(_PART):
            content.discard(folder + "/" + entry[0])
