"""The page that a video is taken on: begin, end, the seconds in between; chosen is a recording's Kept, or None."""

from time import ticks_diff, ticks_ms

from kiosk import files
from kiosk.album.camerapage import BUSY, REVIEW, TAKING, CameraPage
from kiosk.errors import KioskError
from kiosk.files import content
from kiosk.ui.ticks import Ticks
from kiosk.video.recording import VideoRecording

_RED = const(0xFA5151)
_SIZE = (320, 240)
_TICK_MS = const(500)


class Filming(CameraPage):
    """facing; longest_s: after which it ends by itself; is_compressed: fewer bytes."""

    def __init__(self, screen, facing, longest_s, is_compressed):
        super().__init__(screen, facing)
        self._longest_ms = int(longest_s * 1000)
        self._is_compressed = is_compressed
        self._recording = self._kept = None
        self._since_ms = 0
        self._ticks = Ticks()

    def press(self):
        """Begin or end."""
        if self.state == TAKING:
            self._recording.stop()
            self._wait()
        else:
            self._recording = VideoRecording(
                self._longest_ms, self.facing, _SIZE, self._is_compressed, lambda: self in self._layers.shown
            )
            self.become(BUSY)
            self.do(self._film())

    def _wait(self):
        self._ticks.stop()
        self.become(BUSY)

    async def _film(self):
        recording = self._recording
        await recording.start()
        self._since_ms = ticks_ms()
        self.become(TAKING)
        self._ticks.start(self._tick, _TICK_MS)
        try:
            fault, self._kept = await recording.finish()
        finally:
            self._wait()
        if not self._kept:
            raise fault or KioskError("recorder", "no picture has come")
        await self.review(files.current().readable(self._kept.thumb_url))

    def _tick(self, ms):
        if self._recording.ended_by:  # of itself: what is written takes a while
            self.become(BUSY)
            return False
        x, y, width, _ = self.hole
        self._layers.changed(self, (x, y, width, 36))
        return True

    def use(self):
        """This is the one."""
        kept, self._kept = self._kept, None
        self.choose(kept)

    def discard(self):
        """See CameraPage."""
        kept, self._kept = self._kept, None
        if kept:
            for url in (kept.url, kept.thumb_url):
                content.discard(files.current().readable(url))

    def fail(self, exc):
        """See CameraPage."""
        if self._recording and not self._recording.ended_by:
            self._recording.stop("fault")
        self.discard()
        super().fail(exc)

    def close(self):
        """See Panel; what is recorded is thrown away."""
        self._ticks.stop()
        super().close()
        self.discard()

    def caption(self):
        """See CameraPage: seconds of how many, or how long it has become."""
        if self.state == REVIEW and self._kept:
            return _clock(self._kept.duration_ms)
        if self.state != TAKING:
            return ""
        return _clock(min(ticks_diff(ticks_ms(), self._since_ms), self._longest_ms)) + " / " + _clock(self._longest_ms)

    def draw_mark(self, surface, x, y, side, color):
        """A red disc, a square while it goes on."""
        if self.state == TAKING:
            surface.rounded_rect(x + side // 5, y + side // 5, side * 3 // 5, side * 3 // 5, 4, _RED)
        else:
            surface.rounded_rect(x, y, side, side, side // 2, _RED if self.state != BUSY else color)


def _clock(ms):
    return "%d:%02d" % (ms // 60000, ms // 1000 % 60)
