"""
The one owner of the microphone: int16 at the rate and with the channels that are asked for, for whoever pulls them.

While it pauses the microphone goes on hearing and what it hears is dropped, so what comes after a pause is what is said then.
"""

from kiosk.errors import KioskError
from kiosk.media import driver, pcm

_RAW_BYTES = const(1024)

_current = None


def current():
    """The Recorder of the board's microphone.  OSError if it has none."""
    global _current
    if _current is None:
        _current = Recorder(driver("microphone"))
    return _current


class Recorder:
    """microphone: see drivers/audio/README.md.  frames (int): given so far, pauses not counted.

    heard (int): frames that the microphone has given, whatever became of them.
    """

    def __init__(self, microphone):
        self._microphone = microphone
        self._raw = None
        self.rate_hz = self.channels = self.frames = self.heard = 0
        self.paused = False

    @property
    def is_open(self) -> bool:
        """Whether somebody records."""
        return self._raw is not None

    def start(self, rate_hz: int, channels: int) -> None:
        """Take the microphone.  KioskError("system") if somebody has it; OSError, ValueError as the driver has it."""
        if self.is_open:
            raise KioskError("system", "is recording or paused")
        raw = memoryview(bytearray(_RAW_BYTES))
        self._microphone.open(rate_hz)
        self._raw = raw
        self.rate_hz, self.channels = rate_hz, channels
        self.frames, self.heard, self.paused = 0, 0, False
        self._unsettled = rate_hz * self._microphone.settle_ms // 1000
        self._offset = pcm.Offset() if self._microphone.has_offset else None

    async def read_into(self, view) -> int:
        """Fill a memoryview of bytes with the frames that come next, at least one; 0 once stop() was called.

        One that waits here while the recorder pauses waits for the end of the pause.
        """
        microphone = self._microphone
        width = microphone.bits // 8
        frame = width * microphone.channels
        while self.is_open:
            wanted = min(_RAW_BYTES // frame, len(view) // (2 * self.channels))
            count = await microphone.read_into(self._raw[: wanted * frame]) // frame
            if not self.is_open:
                break
            self.heard += count
            if self._unsettled > 0:
                self._unsettled -= count
                continue
            pcm.narrow(view, self._raw, count, width, microphone.side * width, frame)
            if self._offset:
                self._offset.remove(view, count)
            if self.paused:
                continue
            if self.channels == 2:
                pcm.spread(view, count)
            self.frames += count
            return count * 2 * self.channels
        return 0

    def stop(self) -> None:
        """Give the microphone and the memory back; whoever waits in read_into() gets 0.  Again: nothing."""
        self._raw = None
        self._microphone.deinit()
