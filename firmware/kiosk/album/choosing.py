"""
wx.chooseImage and wx.chooseVideo: a page to choose on, and what has been chosen as temporary files of the mini-program.

The camera asks for scope.camera, the album for nothing: what is chosen is chosen by a finger.
"""

import os

from kiosk import album, camera, files, log, permissions
from kiosk.album import shelf
from kiosk.errors import KioskError
from kiosk.files import content, paths, reasons, room
from kiosk.ui import dialogs
from kiosk.ui.dialogs.panel import WHITE, Panel, draw_text
from kiosk.ui.paint import font

_LONGEST_PX = const(1080)  # of a compressed picture
_QUALITY = const(70)
_PHOTO_QUALITY = const(90)
_SMALL, _LARGE = (640, 480), (1600, 1200)
_APART_MS = const(160)  # pictures of a compressed video


async def choose_images(screen, most, may_original, may_compressed, from_album, from_camera):
    """List of (URL, bytes).  screen: dialogs.screen().  KioskError: "cancel", "denied", "camera", "no space", those of files and of pictures."""
    is_both = may_original and may_compressed

    def ask(has_camera):
        from kiosk.album.grid import Grid

        return Grid(screen, "选择图片", shelf.PICTURES, most, has_camera, is_both)

    async def take():
        from kiosk.album.shutter import Shutter

        size = _LARGE if may_original else _SMALL
        return await dialogs.answer(Shutter(screen, size, _PHOTO_QUALITY))

    grid, found = await _ask(ask, take, from_album, from_camera)
    own = files.current()
    if isinstance(found, str):
        return [(found, own.file_size(own.readable(found), found))]
    is_compressed = may_compressed and not (is_both and grid.is_original)
    working = _Working(screen)
    chosen = []
    is_whole = False
    try:
        for number, name in enumerate(found):
            working.say("处理中 %d/%d" % (number + 1, len(found)))
            url = await _picture(own, name, is_compressed)
            chosen.append((url, own.file_size(own.readable(url), url)))
        is_whole = True
        return chosen
    finally:
        working.close()
        if not is_whole:
            for url, _ in chosen:
                content.discard(own.readable(url))


async def choose_video(screen, longest_s, facing, is_compressed, from_album, from_camera):
    """dict: tempFilePath, duration (s), size (bytes), width, height.  KioskError: as choose_images()."""

    def ask(has_camera):
        from kiosk.album.grid import Grid

        return Grid(screen, "选择视频", shelf.VIDEOS, 1, has_camera, False)

    async def take():
        from kiosk.album.filming import Filming

        return await dialogs.answer(Filming(screen, facing, longest_s, is_compressed))

    _, found = await _ask(ask, take, from_album, from_camera)
    own = files.current()
    if not isinstance(found, list):
        content.discard(own.readable(found.thumb_url))
        return _video(found.url, found.duration_ms, found.size, found.width, found.height)
    working = _Working(screen)
    try:
        working.say("处理中…")
        if is_compressed:
            url, path = await _thinned(own, found[0])
        else:
            url, path = await files.gently(_copied, own, found[0])
        from kiosk.video import avireader

        async with await avireader.open_file(path) as reader:
            await reader.measure()
            return _video(url, reader.duration_ms, os.stat(path)[6], reader.header.width, reader.header.height)
    finally:
        working.close()


def _video(url, duration_ms, size, width, height):
    return {"tempFilePath": url, "duration": duration_ms / 1000, "size": size, "width": width, "height": height}


async def _ask(ask, take, from_album, from_camera):
    """(Grid or None, list of names or what take() gives)."""
    has_camera = from_camera and bool(camera.facings())
    if not from_album:
        if not has_camera:
            raise KioskError("camera", "no camera")
        await permissions.require("scope.camera")
        taken = await take()
        if taken is None:
            raise KioskError("cancel")
        return None, taken
    grid = ask(has_camera)
    while True:
        found = await dialogs.answer(grid)
        if found is None:
            raise KioskError("cancel")
        if isinstance(found, list):
            return grid, found
        try:
            await permissions.require("scope.camera")
            taken = await take()
            if taken is not None:
                return grid, taken
        except KioskError as exc:
            if exc.args[0] != "denied":
                raise
            grid.notice = "没有使用摄像头的权限"


async def _picture(own, name, is_compressed):
    """URL of a temporary file: a smaller JPEG, or the file itself where that would not be smaller, or cannot be made."""
    path = album.folder() + "/" + name
    if is_compressed:
        from kiosk.album.smaller import smaller

        try:
            url = await smaller(path, _QUALITY, _LONGEST_PX)
            made = own.readable(url)
            if os.stat(made)[6] < os.stat(path)[6]:
                return url
            content.discard(made)
        except KioskError as exc:
            if exc.args[0] not in ("image", "codec memory", "oom", "unsupported"):
                raise
            log.info("album", "%s is given as it is: %s", name, exc.reason)
    return (await files.gently(_copied, own, name))[0]


def _place(own, name):
    """(path in the album, size, URL and path of the temporary file that it shall be).  KioskError: there is no room for it."""
    path = album.folder() + "/" + name
    size = os.stat(path)[6]
    if room.left(own.folder) < size:
        raise KioskError("no space")
    return (path, size) + own.temporary(paths.suffix(name).lower())


async def _thinned(own, name):
    """(URL, path) of a temporary copy of a video of the album, with fewer pictures."""
    from kiosk.video import avirepair

    path, _, url, target = _place(own, name)
    complete = False
    try:
        await avirepair.copy_whole(path, target, _APART_MS)
        complete = True
        return url, target
    except OSError as exc:
        raise reasons.explain(exc, url)
    finally:
        if not complete:
            content.discard(target)


def _copied(own, name):
    """A generator: (URL, path) of a temporary copy of a file of the album."""
    path, size, url, target = _place(own, name)
    complete = False
    try:
        with open(target, "wb") as file:
            yield
            for piece in content.read_pieces(path, size):
                if file.write(piece) != len(piece):
                    raise KioskError("no space")
                yield
        complete = True
        return url, target
    finally:
        if not complete:
            content.discard(target)


class _Working(Panel):
    """A box that says what is done; fingers are kept from the page."""

    def __init__(self, screen):
        super().__init__(screen)
        self._face = font.face(16)
        self._text = ""

    def say(self, text):
        """Show this."""
        self._text = text
        self.show(None)

    def draw(self, surface):
        """See layers.py."""
        _, _, width, height = self.box
        taken = self._face.measure(self._text) + 32
        surface.rounded_rect((width - taken) // 2, height // 2 - 22, taken, 44, 8, 0x4C4C4C)
        draw_text(surface, self._text, self._face, 0, height // 2 - 22, width, 44, WHITE)
