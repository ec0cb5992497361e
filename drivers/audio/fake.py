"""A speaker and a microphone for tests: no clock, no line; what is played is kept, what is said was told before."""

import asyncio

_EPERM = const(1)
_EBUSY = const(16)


class Speaker:
    """heard (bytearray): all that was written; opened (list of (rate_hz, channels)); fail (int): errno of the next call."""

    rates_hz = (8000, 16000, 44100, 48000)
    ring_ms = 100

    def __init__(self):
        self.heard = bytearray()
        self.opened = []
        self.is_open = False
        self.closed = 0  # how often in peace
        self.fail = 0

    def _check(self, wanted):
        if self.fail:
            number, self.fail = self.fail, 0
            raise OSError(number, "the speaker was told to fail")
        if self.is_open != wanted:
            raise OSError(_EBUSY if self.is_open else _EPERM, "the speaker is open" if self.is_open else "closed")

    def open(self, rate_hz: int, channels: int) -> None:
        """Note it."""
        self._check(False)
        if rate_hz not in self.rates_hz or channels not in (1, 2):
            raise ValueError("the speaker cannot play %s channels of %s Hz" % (channels, rate_hz))
        self.opened.append((rate_hz, channels))
        self.is_open = True

    async def write(self, view) -> None:
        """Keep it; others run meanwhile."""
        self._check(True)
        self.heard.extend(view)
        await asyncio.sleep_ms(0)

    async def close(self) -> None:
        """Silence follows, as from the real ones."""
        if self.is_open:
            await self.write(bytes(64))
            self.is_open = False
            self.closed += 1

    def deinit(self) -> None:
        """The end, at once."""
        self.is_open = False


class Microphone:
    """says (bytes): int16, then silence, in parts of at most `most` bytes; fail (int): errno of the next call."""

    bits = 16
    channels = 1
    side = 0
    has_offset = False
    ring_ms = 100
    settle_ms = 0

    def __init__(self, says=b"", most=300):
        self.says = says
        self.most = most
        self.opened = []
        self.is_open = False
        self.fail = 0
        self._at = 0

    def open(self, rate_hz: int) -> None:
        """It is heard from its beginning."""
        if self.is_open:
            raise OSError(_EBUSY, "the microphone is open")
        self.opened.append(rate_hz)
        self.is_open = True
        self._at = 0

    async def read_into(self, view) -> int:
        """The next part."""
        await asyncio.sleep_ms(0)
        if self.fail:
            number, self.fail = self.fail, 0
            raise OSError(number, "the microphone was told to fail")
        frame = self.bits // 8 * self.channels
        count = min(len(view), self.most) // frame * frame
        part = self.says[self._at : self._at + count]
        self._at += len(part)
        view[: len(part)] = part
        view[len(part) : count] = bytes(count - len(part))
        return count

    def deinit(self) -> None:
        """The end."""
        self.is_open = False
