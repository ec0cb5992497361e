"""
<video>: plays AVI files with pictures in JPEG (kiosk/video), with a bar, full screen and danmu.

Heap: 2 KB; while it plays what kiosk/video/playersource.py says, and 33 KB while a picture is decoded, straight into the rows that go to
the display.  What is shown stays as the bytes that the file has of it, to be painted again.  One that is painted for longer than a
picture lasts leaves pictures out.
"""

import io

from kiosk import log
from kiosk.pictures.header import read as read_header
from kiosk.ui.components import image
from kiosk.ui.components.video_bar import Bar
from kiosk.ui.node import pixels
from kiosk.ui.ticks import Ticks
from kiosk.video.player import PLAYING, error_message, find

_MODES = {"contain": "aspectFit", "fill": "scaleToFill", "cover": "aspectFill"}
_HIDE_MS = const(5000)  # the bar of a video that plays
_TWICE_MS = const(300)
_MOST_BAD = const(20)  # pictures in a row that are none
_TURNED = {90: 6, -90: 8}  # Exif's orientation, by direction
_NAMES = {
    "Play": "play",
    "Pause": "pause",
    "Ended": "ended",
    "Waiting": "waiting",
    "TimeUpdate": "timeupdate",
    "Canplay": "loadedmetadata",
    "Seeked": "seekcomplete",
    "Error": "error",
}


class Component(image.Component):
    """
    Attributes: src, autoplay, loop, muted, controls, poster, initial-time, duration, object-fit, direction, title, danmu-list,
    danmu-btn, enable-danmu, show-play-btn, show-center-play-btn, show-fullscreen-btn, show-mute-btn, show-progress,
    enable-play-gesture, auto-pause-if-navigate.

    Events: play, pause, ended, timeupdate (currentTime, duration), waiting, error (errMsg), progress (buffered), loadedmetadata
    (width, height, duration), seekcomplete (position), fullscreenchange (fullScreen, direction), controlstoggle (show).
    """

    attribute = "poster"

    def __init__(self, node, view):
        self._frame = self._poster_header = None
        self._bad = 0
        self._is_bad = False
        self.full = None  # the layer of the full screen
        self.danmu = None
        self._hiding = Ticks()
        self._last_tap = self._buffered = -1
        super().__init__(node, view)
        self.video = find(view.page, str(node.get("id") or id(node)), node.owner)
        self.video.shown_by = self
        self.bar = Bar(self)
        self._played = None  # src, of that which has been given to the player
        self._set()

    def _fit(self):
        """The poster has no say in the size."""

    # What the element says.

    def _set(self):
        video = self.video
        video.loop = self.flag("loop")
        if video.muted != self.flag("muted"):
            video.muted = self.flag("muted")
        video.start_ms = int(self.number("initial-time", 0, 0, 1e6) * 1000)
        video.given_ms = int(self.number("duration", 0, 0, 1e6) * 1000) or None
        self.has_danmu = self.flag("enable-danmu")
        if self.has_danmu or self.node.get("danmu-list"):
            if self.danmu is None:
                from kiosk.ui.components.video_danmu import Danmu

                self.danmu = Danmu()
            self.danmu.take(self.node.get("danmu-list"))
        src = self.node.get("src") or ""
        if src != self._played:
            self._played = src
            self._bad, self._buffered = 0, -1
            self.drop_frame()
            autoplay = bool(src) and self.flag("autoplay")
            video.load(src if isinstance(src, str) else str(src), not autoplay)
            if autoplay:
                video.play()
        self.bar.set()

    def changed(self):
        """Other attributes."""
        self._load()
        self._set()
        self.repaint()

    # What the player tells.

    def hear(self, event, exc):
        """An event of the player."""
        if not self.view.tree:
            return
        name, video = _NAMES.get(event), self.video
        if event == "Play":
            self._hide_later()
        elif event in ("Pause", "Ended", "Stop", "Error"):
            self.bar.show()
        if event in ("Stop", "Error"):
            self.drop_frame()
        if event == "TimeUpdate":
            self._tell_progress()
        detail = {}
        if event == "TimeUpdate":
            detail = {"currentTime": video.position_ms() / 1000, "duration": video.length_ms / 1000}
        elif event == "Canplay":
            detail = {"width": video.width, "height": video.height, "duration": video.length_ms / 1000}
        elif event == "Seeked":
            detail = {"position": video.position_ms() / 1000}
        elif event == "Error":
            detail = {"errMsg": error_message(exc)}
            log.warn(self.view.page.route, "the video %s: %s", str(self._played)[:100], detail["errMsg"])
        if event != "TimeUpdate" or self.bar.is_shown:
            self.refresh(self.bar.is_shown and event == "TimeUpdate")
        if name:
            self.tell(name, detail)

    def _tell_progress(self):
        length_ms = self.video.duration_ms
        buffered = min(100, self.video.buffered_ms * 100 // length_ms) if length_ms else 0
        if buffered != self._buffered:
            self._buffered = buffered
            self.tell("progress", {"buffered": buffered})

    def show(self, view):
        """A picture of the video: a JPEG."""
        self._end_painting()
        try:
            header = read_header(io.BytesIO(view))
            if header.format != "jpeg":
                raise ValueError("a picture that is no JPEG")
        except (ValueError, OSError) as exc:
            self._skip(exc)
            return
        if self._frame is None:
            self._poster_header = self._header
        if not self._is_bad:
            self._bad = 0  # the one before could be painted
        self._frame, self._header, self._is_bad = view, header, False
        header.orientation = _TURNED.get(self.full.direction, 1) if self.full else 1
        if self.danmu and self.has_danmu:
            self.danmu.step(self.video.position_ms())
        self.refresh()

    def drop_frame(self):
        """The poster again."""
        self._end_painting()
        if self._frame is not None:
            self._frame = None
            self._header = self._poster_header

    def turned(self):
        """Full screen has begun or ended: the picture lies in another way."""
        self._end_painting()
        if self._frame is not None:
            self._header.orientation = _TURNED.get(self.full.direction, 1) if self.full else 1

    def is_painting(self):
        """bool: whether what was shown is not on the screen yet."""
        return self.is_shown() and self.view.screen.is_painting

    def _skip(self, exc):
        self._is_bad = True
        self._bad += 1
        if self._bad == 1:
            log.warn(self.view.page.route, "a picture of the video is left out: %s", exc)
        if self._bad == _MOST_BAD:
            self._bad = 0
            self._after.soon(lambda: self.video.give_up(exc))

    def _fail(self, exc):
        if self._frame is None:
            super()._fail(exc)
            return
        self._end_painting()
        self._skip(exc)

    def _drop(self):
        self._poster_header = None
        frame, header = self._frame, self._header
        super()._drop()
        if frame is not None:
            self._header = header

    async def _fetch(self, src):
        await super()._fetch(src)
        if self._frame is not None:  # it has begun meanwhile
            self._poster_header = self._header
            self.drop_frame()

    def tell(self, name, detail=None):
        """The poster has no `load`."""
        if name != "load":
            super().tell(name, detail)

    # Painting.

    def _open(self):
        return io.BytesIO(self._frame) if self._frame is not None else super()._open()

    def refresh(self, bar_only=False):
        """It is out of date, or its bar is."""
        if self.full:
            self.view.screen.layers.changed(self.full, self.bar.box(self.full.box) if bar_only else None)
        elif bar_only and self.is_shown():
            left, top, width, height = self.place()
            self.view.screen.spoil(*self.bar.box((left, top, width, height)))
        else:
            self.repaint()

    def place(self):
        """(x, y, width, height) in px of the screen."""
        left, top, width, height = pixels(self.node)
        return left, top + self.view.top, width, height

    def draw(self, surface, place, look, opacity):
        """It, or black while it is shown elsewhere."""
        if self.full:
            surface.fill_rect(*place, 0, opacity)
        else:
            self.draw_all(surface, place, opacity)

    def draw_all(self, surface, box, opacity):
        """Black, the picture or the poster, danmu, the bar."""
        surface.fill_rect(*box, 0, opacity)
        if self._header is not None and not (self._frame is not None and self._is_bad):
            self.paint(surface, box, _MODES.get(self.node.get("object-fit"), "aspectFit"), opacity)
        if self.danmu and self.has_danmu and self._frame is not None:
            self.danmu.draw(surface, box, opacity)
        self.bar.draw(surface, box, opacity)

    # Fingers.

    def tapped(self, x, y):
        """A button of the bar, or the bar itself."""
        left, top, width, height = pixels(self.node)
        return self.touched_at(x - left, y - top, width, height)

    def touched_at(self, x, y, width, height):
        """A tap in a box of this size; bool: whether that is all."""
        from time import ticks_diff, ticks_ms

        key = self.bar.at(x, y, width, height)
        if key:
            self.press(key, x, width)
            return True
        now = ticks_ms()
        if (
            self.flag("enable-play-gesture")
            and 0 <= ticks_diff(now, self._last_tap) < _TWICE_MS
            and self._last_tap >= 0
        ):
            self.press("play", x, width)
        elif self.bar.has_controls:
            self._toggle(not self.bar.is_shown)
        self._last_tap = now
        return self.bar.has_controls

    def press(self, key, x=0, width=0):
        """Do what a button does: "play", "seek", "mute", "danmu", "full"."""
        video = self.video
        if key == "play":
            video.pause() if video.state == PLAYING else video.play()
        elif key == "seek":
            video.seek(self.bar.ms_at(x, width))
        elif key == "mute":
            video.muted = not video.muted
        elif key == "danmu":
            self.has_danmu = not self.has_danmu
            if self.danmu is None:
                from kiosk.ui.components.video_danmu import Danmu

                self.danmu = Danmu()
        elif key == "full":
            self.exit_full_screen() if self.full else self.request_full_screen(self.number("direction", 0))
        self._hide_later()
        self.refresh()

    def _toggle(self, is_shown):
        self.bar.show() if is_shown else self.bar.hide()
        if is_shown:
            self._hide_later()
        self.refresh()
        self.tell("controlstoggle", {"show": is_shown})

    def show_bar(self, is_shown):
        """The bar, or none."""
        if is_shown != self.bar.is_shown:
            self._toggle(is_shown)

    def _hide_later(self):
        if self.bar.is_shown:
            self._hiding.start(self._hide, _HIDE_MS)

    def _hide(self, ms):
        if self.video.state == PLAYING and self.bar.is_shown and self.bar.dragged_ms is None:
            self._toggle(False)
        return False

    def drags(self, is_down, x, y):
        """The place on the bar."""
        left, top, width, height = pixels(self.node)
        return not is_down and self.bar.at(x - left, y - top, width, height) == "seek"

    def dragged(self, x, y):
        """The place follows the finger."""
        left, _, width, _ = pixels(self.node)
        self.drag(x - left, width)

    def drag(self, x, width):
        """The finger on the bar is at x of a box that is so wide."""
        self.bar.dragged_ms = self.bar.ms_at(x, width)
        self.refresh(True)

    def dropped(self, x, y):
        """The video goes there."""
        self.drop()

    def drop(self):
        """The finger on the bar is gone."""
        ms, self.bar.dragged_ms = self.bar.dragged_ms, None
        if ms is not None:
            self.video.seek(ms)
        self._hide_later()
        self.refresh(True)

    # Full screen.

    def request_full_screen(self, direction=0):
        """All of the screen, turned by `direction` (0, 90, -90)."""
        screen = self.view.screen
        if not self.is_shown() or not hasattr(screen, "layers"):
            return
        from kiosk.ui.components.video_full import FullScreen

        if self.full:
            self.full.direction = direction
        else:
            self.full = FullScreen(self, direction)
        self.turned()
        self.full.put()
        self.repaint()
        self._tell_full(True, direction)

    def exit_full_screen(self):
        """Its own box again."""
        if self.full:
            full, self.full = self.full, None
            full.take()
            self.turned()
            self.repaint()
            self._tell_full(False, full.direction)

    def _tell_full(self, is_full, direction):
        self.tell("fullscreenchange", {"fullScreen": is_full, "direction": "horizontal" if direction else "vertical"})

    # What happens to it.

    def hidden(self):
        """Another page is shown."""
        super().hidden()
        if self.full:
            full, self.full = self.full, None
            full.take()
            self.turned()
        if self.flag("auto-pause-if-navigate", True):
            self.video.pause()

    def close(self):
        """Give everything back."""
        if self.full:
            self.full.take()
            self.full = None
        self._hiding.stop()
        self.video.destroy()
        self._frame = None
        super().close()
