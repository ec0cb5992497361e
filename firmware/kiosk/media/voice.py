"""
The voice: one at a time, and what else plays is ducked meanwhile.

While a file pauses, playing it again goes on; another one, or the same while it plays, begins at its head and interrupts.
"""

from kiosk.errors import KioskError
from kiosk.media.player import PAUSED
from kiosk.media.sound import VOICE, Sound
from kiosk.media.sources import open_source

_voice = None  # the Sound that was played last


async def play(path: str, limit_ms: int) -> None:
    """Play a file, at most `limit_ms` of it, and wait until it has ended or stop() was called.

    KioskError of sound's rows; "sound interrupted" if another one is played meanwhile.
    """
    global _voice
    if not (_voice and _voice.src == path and _voice.state == PAUSED):
        _interrupt()

        async def limited(src):
            return _Limited(await open_source(src), limit_ms)

        _voice = _Voice(path, limited)
    voice = _voice
    await voice.play_until("Ended", "Stop")
    if voice.interrupted:
        raise KioskError("sound interrupted")


def pause() -> None:
    """Keep the place.  Nothing when there is no voice."""
    if _voice:
        _voice.pause()


def stop() -> None:
    """The voice ends, which counts as its end for whoever plays it.  Nothing when there is none."""
    if _voice:
        _voice.stop()


def _interrupt():
    if _voice:
        _voice.interrupted = True
        _voice.stop()


def _deaf(event, exc):
    pass  # whoever plays it waits for its end; there are no events


class _Voice(Sound):
    def __init__(self, path, opener):
        super().__init__(_deaf, VOICE, opener=opener)
        self.src = path
        self.interrupted = False


class _Limited:
    # A source that ends after `limit_ms`.

    def __init__(self, source, limit_ms):
        self._source = source
        self.rate_hz, self.channels = source.rate_hz, source.channels
        self._left = limit_ms * source.rate_hz // 1000 * 2 * source.channels
        self.duration_ms = source.duration_ms
        self.seek_ms, self.close = source.seek_ms, source.close

    @property
    def position_ms(self):
        return self._source.position_ms

    def read_into(self, view):
        if not self._left:
            return 0
        count = self._source.read_into(view[: min(len(view), self._left)])
        self._left -= count or 0
        return count
