"""
<live-player>: kiosk/live/player.py on a page.

Heap: 900 bytes; while it plays some 10 KB, up to 8 KB of sound, two pictures as they come (up to 32 KB each), and 33 KB while one is
decoded, straight into the rows that go to the display.
"""

from kiosk import log
from kiosk.errors import KioskError
from kiosk.live.player import Player
from kiosk.ui.components.component import Base
from kiosk.ui.layers import PICKER
from kiosk.ui.livepicture import LivePicture
from kiosk.ui.ticks import Ticks

_MOST_BYTES = const(32768)
_CACHE_S_MAX = const(60)
_MODES = (("fillCrop", "aspectFill"), ("contain", "aspectFit"))


class Component(Base):
    """
    Attributes: src, mode, autoplay, muted, orientation, object-fit, min-cache, max-cache, auto-pause-if-navigate.  Events: statechange
    (code, message), netstatus (info), fullscreenchange (fullScreen, direction).

    Of rtsp:// RTP/JPEG, L16 and PCMU, of http:// Motion JPEG or FLV with sound, of rtmp:// sound: MP3 and AAC.  mode RTC holds a tenth of the
    sound that is held otherwise.  In the background it is paused whatever background-mute says, and sound-mode has no effect: there is
    one speaker.
    """

    def __init__(self, node, view):
        super().__init__(node, view)
        self.owner = node.owner  # the custom component that it is in
        self.full = None  # the layer of the full screen
        self._after = Ticks()
        self.player = Player(self._hear, self._is_wanted)
        self.player.screen = LivePicture(self, _MOST_BYTES, True, self._refresh, self.player.undecoded)
        self._muted = None  # what the attribute says
        players = getattr(view.page, "_live_players", None)
        if players is None:
            players = view.page._live_players = []
        players.append(self)
        self._set()

    # What the element says.

    def _set(self):
        node, player = self.node, self.player
        muted = self.flag("muted")
        if muted != self._muted:
            self._muted = player.is_muted = muted
        share = 100 if node.get("mode") == "RTC" else 1000
        player.min_ms = int(self.number("min-cache", 1, 0, _CACHE_S_MAX) * share)
        player.max_ms = max(player.min_ms, int(self.number("max-cache", 3, 0, _CACHE_S_MAX) * share))
        url = str(node.get("src") or "")
        if url != player.url:
            player.url = url
            is_running = player.is_running
            if is_running:
                player.stop()
            if url and (is_running or self.flag("autoplay")):
                self._after.soon(self._play)
        self._turn()

    def _play(self):
        try:
            if self.player.url:
                self.player.play()
        except KioskError as exc:
            log.warn(self.view.page.route, "<live-player>: %s", exc.reason)
            self.player.refused(exc)

    def changed(self):
        """Other attributes: a stream that plays goes on with another src, the cache is that of the next play."""
        self._set()
        self._refresh()

    def _hear(self, event, detail):
        if self.view.tree:
            self.tell(event, detail)

    def _is_wanted(self):
        return self.is_shown() or not self.flag("auto-pause-if-navigate", True)

    # Full screen.

    def request_full_screen(self, direction):
        """All of the screen, turned by `direction` (0, 90, -90).  KioskError: live, where it is not seen."""
        if not self.is_shown():
            raise KioskError("live", "the page is not shown")
        if self.full:
            self.full.direction = direction
        else:
            self.full = _FullScreen(self, direction)
        self._turn()
        self.view.screen.layers.put(self.full, PICKER)
        self._tell_full(True, direction)

    def exit_full_screen(self):
        """Its own box again."""
        full = self._leave()
        if full:
            self.repaint()
            self._tell_full(False, full.direction)

    def _leave(self):
        full, self.full = self.full, None
        if full:
            self.view.screen.layers.take(full)
            self._turn()
        return full

    def _tell_full(self, is_full, direction):
        self.tell("fullscreenchange", {"fullScreen": is_full, "direction": "horizontal" if direction else "vertical"})

    def _turn(self):
        degrees = self.full.direction if self.full else 0
        if self.node.get("orientation") == "horizontal":
            degrees += 90
        self.player.screen.degrees = degrees % 360

    # Painting.

    def _refresh(self):
        if self.full:
            self.view.screen.layers.changed(self.full)
        else:
            self.repaint()

    def draw(self, surface, place, look, opacity):
        """It, or black while it is shown elsewhere."""
        surface.fill_rect(*place, 0, opacity)
        if not self.full:
            self.paint(surface, place)

    def paint(self, surface, box):
        """The picture, as object-fit has it."""
        self.player.screen.draw(surface, box, dict(_MODES).get(self.node.get("object-fit"), "aspectFit"))

    # What happens to it.

    def hidden(self):
        """Another page is shown."""
        self._leave()

    def close(self):
        """Stop, and give everything back."""
        self._leave()
        self._after.stop()
        screen = self.player.screen
        self.player.close()
        screen.close()
        self.view.page._live_players.remove(self)


class _FullScreen:
    """A <live-player> over all of the screen (kiosk/ui/layers.py); direction: 0, 90 or -90."""

    is_modal = True

    def __init__(self, component, direction):
        screen = component.view.screen
        self.direction = direction
        self.box = (0, 0, screen.width, screen.height)
        self._component = component

    def draw(self, surface):
        """Black, and the picture."""
        surface.fill_rect(*self.box, 0)
        self._component.paint(surface, self.box)

    def touched(self, phase, x, y):
        """A finger does nothing here; the mini-program says when it is over."""
