"""
The page that pictures or videos of the album are chosen on: squares that a finger marks, and, where it is asked for, the camera.

Small pictures are made for what is seen (thumbs.py), one after the other; what has none is a grey square that says why, and may be chosen all the same
if it is a picture.  Heap: some 4 KB, and what decoding takes while one is made.
"""

import asyncio

from kiosk import album, log
from kiosk.album import thumbs
from kiosk.album.shelf import Shelf
from kiosk.album.shown import reason_of
from kiosk.errors import KioskError
from kiosk.files import paths
from kiosk.pictures import header
from kiosk.tasks import finished, spawn
from kiosk.ui.bars import title_px
from kiosk.ui.dialogs.panel import DARK, GREY, LINE, NOTHING, PRESSED, WHITE, Panel, draw_text
from kiosk.ui.images import open_picture
from kiosk.ui.paint import font
from kiosk.ui.paint.text import fit
from kiosk.ui.ticks import Ticks

CAMERA = object()  # what is chosen by the first square
_CANCEL = const(0)
_ORIGINAL = const(1)
_DONE = const(2)
_TILES = const(3)  # the first of them
_GROUND = const(0xEDEDED)
_TILE = const(0xE0E0E0)
_GREEN = const(0x07C160)
_PITCH = const(64)  # px, at least
_BADGE = const(22)
_MOST_STATES = const(64)
_OPEN = const(12)  # small pictures that are open while the screen is painted


class _Tile:
    """What is known of a file: the path of its small picture, or None and why; whether it may be chosen."""

    def __init__(self, name, path, label, is_good):
        self.name = name
        self.path = path
        self.label = label
        self.is_good = is_good


class Grid(Panel):
    """
    endings: of what is shown (shelf.PICTURES, VIDEOS); most: how many may be chosen; has_camera: whether the first square is the camera;
    may_choose_size: whether there is a switch for the original.

    Chosen is None, CAMERA, or a list of names.  is_original (bool): whether that switch is on.  notice (str): what is said below.
    """

    def __init__(self, screen, title, endings, most, has_camera, may_choose_size):
        super().__init__(screen)
        self._screen = screen
        self._title = title
        self._shelf = Shelf(endings)
        self._most = most
        self._first = 1 if has_camera else 0  # place of the album's first among the squares
        self._has_switch = may_choose_size
        self.is_original = False
        self.marked = []  # names
        self.notice = ""
        self._tiles = {}  # place -> _Tile
        self._opened = {}  # place -> picture
        self._after = Ticks()
        self._working = None
        _, _, width, height = self.box
        self._head = title_px(height)
        self._foot = self._head + 8
        self._columns = max(width // _PITCH, 1)
        self._pitch = width // self._columns
        self.view = (0, self._head, width, height - self._head - self._foot)
        rows = (self._shelf.count + self._first + self._columns - 1) // self._columns
        self.length = rows * self._pitch
        self._face, self._small, self._bold = font.face(16), font.face(12), font.face(16, True)

    # Its life.

    def show(self, chosen):
        """See Panel; again, after it has been left for the camera."""
        super().show(chosen)
        self._look()

    def close(self):
        """See Panel."""
        if self._working:
            self._working.cancel()
            self._working = None
        self._after.stop()
        self._close_pictures()
        super().close()

    # Squares: where they are, and what is known of them.

    def find(self, x, y):
        """See Panel."""
        _, top, width, shown = self.view
        if y < top:
            return _CANCEL if x < width // 3 else NOTHING
        if y >= top + shown:
            if x >= width - width // 3:
                return _DONE
            return _ORIGINAL if self._has_switch and x < width // 3 else NOTHING
        place = (y - top + self.offset) // self._pitch * self._columns + min(x // self._pitch, self._columns - 1)
        return _TILES + place if place < self._shelf.count + self._first else NOTHING

    def place(self, button):
        """See Panel."""
        x, top, width, shown = self.view
        if button == _CANCEL:
            return 0, 0, width, top
        if button < _TILES:
            return 0, top + shown, width, self._foot
        x, y = self._corner(button - _TILES)
        return x, max(y, top), self._pitch, min(y + self._pitch, top + shown) - max(y, top)

    def _corner(self, place):
        """(x, y) of a square on the screen."""
        y = self.view[1] + place // self._columns * self._pitch - self.offset
        return place % self._columns * self._pitch, y

    def _seen(self):
        """The places that are seen of the album, as a range."""
        first = self.offset // self._pitch * self._columns
        end = (self.offset + self.view[3] + self._pitch - 1) // self._pitch * self._columns
        return range(max(first - self._first, 0), min(end - self._first, self._shelf.count))

    def _look(self):
        """Find out about what is seen."""
        if self._working is None:
            self._working = spawn(self._work())

    async def _work(self):
        try:
            is_tidy = False
            while True:
                for place in self._seen():
                    if place not in self._tiles:
                        break
                else:
                    if is_tidy:
                        break
                    is_tidy = True
                    for _ in thumbs.tidy():
                        await asyncio.sleep_ms(0)
                    continue
                if len(self._tiles) >= _MOST_STATES:
                    seen = self._seen()
                    self._tiles = {at: tile for at, tile in self._tiles.items() if at in seen}
                self._tiles[place] = await self._found(place)
                self._layers.changed(self, self.place(_TILES + place + self._first))
                await asyncio.sleep_ms(0)
        except OSError as exc:
            log.exception("album", exc)
        finally:
            self._working = None
            finished()

    async def _found(self, place):
        name = self._shelf.name(place)
        if name is None:
            return _Tile("", None, "", False)
        path, label, is_good = None, "", True
        try:
            path = thumbs.path_of(name)
            label = await _length(name)
            if not thumbs.is_there(path):
                await self._make(name, path)
        except (KioskError, OSError, ValueError, MemoryError) as exc:
            path, label = None, paths.suffix(name)[1:].upper()
            is_good = await _is_good(name)
            log.warn("album", "%s is not seen: %s", name, reason_of(exc))
        return _Tile(name, path, label, is_good)

    async def _make(self, name, path):
        for is_last in (False, True):
            try:
                await thumbs.make(name, path)
                return
            except MemoryError:
                if is_last:
                    raise
                self._close_pictures()  # once more, with the memory of those that are painted

    # Fingers.

    def _move(self, x, y):
        before = self.offset
        super()._move(x, y)
        if self.offset != before:
            self._look()

    def tapped(self, button):
        """See Panel."""
        self.notice = ""
        if button == _CANCEL:
            self.choose(None)
        elif button == _ORIGINAL:
            self.is_original = not self.is_original
        elif button == _DONE:
            if self.marked:
                self.choose(self.marked)
        elif button == _TILES and self._first:
            self.choose(CAMERA)
        elif button >= _TILES:
            self._mark(self._tiles.get(button - _TILES - self._first))
        self._layers.changed(self)

    def _mark(self, tile):
        if tile is None:  # nobody knows yet what it is
            return
        if not tile.is_good:
            self.notice = "无法使用此文件"
        elif tile.name in self.marked:
            self.marked.remove(tile.name)
        elif self._most == 1:
            self.marked = [tile.name]
        elif len(self.marked) < self._most:
            self.marked.append(tile.name)
        else:
            self.notice = "最多选择%d个" % self._most

    # Painting.

    def draw(self, surface):
        """See layers.py."""
        x, y, width, shown = self.view
        surface.fill_rect(x, y, width, shown, WHITE)
        if not surface.is_hidden(0, 0, width, self._head):
            surface.fill_rect(0, 0, width, self._head, _GROUND)
            draw_text(surface, self._title, self._bold, 0, 0, width, self._head, DARK)
            surface.text(12, (self._head - self._face.height) // 2, "取消", self._face, GREY if self.pressed == _CANCEL else DARK)  # fmt: skip
        self._draw_foot(surface)
        if surface.is_hidden(x, y, width, shown):
            return
        before = surface.clip(x, y, width, shown)
        if not self._shelf.count:
            draw_text(surface, "相册是空的", self._face, x, y, width, shown, GREY)
        _, top, _, bottom = surface.clipped()
        first = max(top - y + self.offset, 0) // self._pitch * self._columns
        end = (bottom - y + self.offset + self._pitch - 1) // self._pitch * self._columns
        for place in range(first, min(end, self._shelf.count + self._first)):
            self._draw_tile(surface, place)
        self.draw_bar(surface)
        surface.unclip(before)

    def _draw_foot(self, surface):
        _, top, width, shown = self.view
        y = top + shown
        if surface.is_hidden(0, y, width, self._foot):
            return
        surface.fill_rect(0, y, width, self._foot, WHITE)
        surface.fill_rect(0, y, width, 1, LINE)
        third = width // 3
        if self._has_switch:
            middle = y + self._foot // 2
            surface.border(12, middle - 9, 18, 18, 9, 2, GREY)
            if self.is_original:
                surface.rounded_rect(16, middle - 5, 10, 10, 5, _GREEN)
            surface.text(36, middle - self._face.height // 2, "原图", self._face, DARK)
        if self.notice:
            text = fit(self.notice, self._small, third)[0]
            draw_text(surface, text, self._small, third, y, third, self._foot, GREY)
        color = PRESSED if not self.marked else 0x06AD56 if self.pressed == _DONE else _GREEN
        surface.rounded_rect(width - third + 4, y + 5, third - 12, self._foot - 10, 4, color)
        text = "完成" + ("(%d/%d)" % (len(self.marked), self._most) if self.marked and self._most > 1 else "")
        draw_text(
            surface, text, self._face, width - third + 4, y, third - 12, self._foot, WHITE if self.marked else GREY
        )

    def _draw_tile(self, surface, place):
        x, y = self._corner(place)
        side = thumbs.SIDE
        x, y = x + (self._pitch - side) // 2, y + (self._pitch - side) // 2
        if surface.is_hidden(x, y, side, side):
            return
        if place < self._first:
            _draw_camera(surface, x, y, side, self.pressed == _TILES)
            return
        tile = self._tiles.get(place - self._first)
        if tile is None or tile.path is None or not self._draw_picture(surface, place, tile, x, y):
            surface.fill_rect(x, y, side, side, _TILE)
        if tile is None:
            return
        if tile.label:
            color = WHITE if tile.path else GREY
            if tile.path:
                surface.fill_rect(x, y + side - 16, side, 16, 0, 100)
            draw_text(surface, tile.label, self._small, x, y + side - 16, side, 16, color)
        if self.pressed == _TILES + place:
            surface.fill_rect(x, y, side, side, 0, 40)
        if tile.is_good:
            self._draw_badge(surface, tile.name, x + side - _BADGE - 2, y + 2, (x, y, side, side))

    def _draw_badge(self, surface, name, x, y, around):
        if name in self.marked:
            surface.fill_rect(*around, 0, 80)
            surface.rounded_rect(x, y, _BADGE, _BADGE, _BADGE // 2, _GREEN)
            draw_text(surface, str(self.marked.index(name) + 1), self._small, x, y, _BADGE, _BADGE, WHITE)
        else:
            surface.border(x, y, _BADGE, _BADGE, _BADGE // 2, 2, WHITE)

    def _draw_picture(self, surface, place, tile, x, y):
        """Whether it has been painted.  Files of what has just been painted are open, as the next strip wants them again."""
        if not self._after.is_running():
            self._after.soon(self._painted)
        try:
            picture = self._opened.get(place)
            if picture is None:
                if len(self._opened) >= _OPEN:
                    self._close_pictures()
                picture = self._opened[place] = open_picture(open(tile.path, "rb"))
            surface.image(x, y, thumbs.SIDE, thumbs.SIDE, picture)
            return True
        except (OSError, ValueError, MemoryError) as exc:
            log.warn("album", "%s is not painted: %s", tile.name, reason_of(exc))
            tile.path = None
            return False

    def _painted(self):
        if self._screen.is_painting:
            self._after.soon(self._painted)
        else:
            self._close_pictures()

    def _close_pictures(self):
        for picture in self._opened.values():
            picture.close()
        self._opened.clear()


def _draw_camera(surface, x, y, side, is_pressed):
    surface.fill_rect(x, y, side, side, 0x888888 if is_pressed else 0xA0A0A0)
    middle = x + side // 2
    surface.rounded_rect(middle - 17, y + 20, 34, 24, 4, WHITE)
    surface.rounded_rect(middle - 7, y + 16, 14, 8, 2, WHITE)
    surface.rounded_rect(middle - 8, y + 24, 16, 16, 8, 0xA0A0A0)
    surface.rounded_rect(middle - 4, y + 28, 8, 8, 4, WHITE)


async def _length(name):
    """str: how long a video is, where its file says so; "" for a picture."""
    if not name.lower().endswith(".avi"):
        return ""
    from kiosk.video import avireader

    async with await avireader.open_file(album.folder() + "/" + name) as reader:
        seconds = (reader.duration_ms or 0) // 1000
    return "%d:%02d" % (seconds // 60, seconds % 60)


async def _is_good(name):
    """Whether what cannot be seen small may be chosen: a picture that is known, but not decoded here, or too large; without room for it."""
    try:
        if name.lower().endswith(".avi"):
            from kiosk.video import avireader

            (await avireader.open_file(album.folder() + "/" + name)).close()
            return True
        with open(album.folder() + "/" + name, "rb") as file:
            header.read(file)
        return True
    except (KioskError, OSError, ValueError):
        return False
