"""
Maxim MAX98357A class D amplifier with an I2S input.

Source: MAX98357A/MAX98357B data sheet, 19-6779 revision 13 ("DS").

    amplifier = MAX98357A(1, sck=Pin(19), ws=Pin(20), sd=Pin(21))
    amplifier.open(16000, 1)
    await amplifier.write(samples)
    await amplifier.close()
"""

import time
from asyncio import core

from machine import I2S

_EBUSY = const(16)  # MicroPython's errno module leaves it out
_BYTES = const(2)  # a sample
_BEYOND = const(512)  # bytes that a port has under way besides its ring: two buffers of DMA and the FIFO
_PACE_MS = const(
    5
)  # a ring with a little room is not filled at once, which would take as many turns as there are frames
_TURN_MS = const(50)  # a ring that has run low is filled in one turn of the loop, if that is no longer than this


class MAX98357A:
    """unit: the board's number of the I2S peripheral; sck, ws, sd: Pins at BCLK, LRCLK and DIN.

    shutdown: what is called with 1 to switch the chip on (SD_MODE; its resistor says which channel is heard), or None.
    """

    rates_hz = (8000, 16000, 32000, 44100, 48000, 88200, 96000)  # DS "Supported LRCLK": 11.025 to 24 kHz are not
    ring_ms = 100

    def __init__(self, unit, sck, ws, sd, shutdown=None):
        self._line = (unit, sck, ws, sd)
        self._shutdown = shutdown
        self._i2s = None
        self._ring = 0
        self._is_streaming = False
        self._turn = 0  # ms, when it began
        if shutdown:
            shutdown(0)

    def open(self, rate_hz: int, channels: int) -> None:
        """Start the line; it plays silence."""
        if self._i2s:
            raise OSError(_EBUSY, "the speaker is open")
        if rate_hz not in self.rates_hz or channels not in (1, 2):
            raise ValueError("the speaker cannot play %s channels of %s Hz" % (channels, rate_hz))
        unit, sck, ws, sd = self._line
        self._ring = rate_hz * self.ring_ms // 1000 * channels * _BYTES
        form = I2S.MONO if channels == 1 else I2S.STEREO
        self._is_streaming = False
        self._i2s = I2S(unit, sck=sck, ws=ws, sd=sd, mode=I2S.TX, bits=16, format=form, rate=rate_hz, ibuf=self._ring)
        if self._shutdown:
            self._shutdown(1)  # the clock runs: the chip starts without a click (DS "Click-and-Pop Suppression")

    def write(self, view):
        """Await this: bytes (not an array, whose slices count samples) of whole frames, int16.  Returns when all of it is under way."""
        view = memoryview(view)
        if not self._is_streaming:
            yield core._io_queue.queue_write(self._i2s)  # from here on a port's write() does not wait
            self._is_streaming = True
            self._turn = time.ticks_ms()
        elif time.ticks_diff(time.ticks_ms(), self._turn) >= _TURN_MS:
            yield from self._pause(0)
        while self._i2s:
            view = view[self._i2s.write(view) :]
            if not len(view):
                return
            yield from self._pause(_PACE_MS)  # and not the loop's poll, which would let the others run twice

    def _pause(self, ms):
        yield from core.sleep_ms(ms)
        self._turn = time.ticks_ms()

    def close(self):
        """Await this: what is under way is played, silence after it, and the line stops."""
        if not self._i2s:
            return
        silence = bytes(_BEYOND)
        try:
            for _ in range(self._ring // _BEYOND + 2):
                yield from self.write(silence)
        finally:
            self.deinit()

    def deinit(self) -> None:
        """Stop the line at once."""
        if self._i2s:
            if self._shutdown:
                self._shutdown(0)
            self._i2s.deinit()
            self._i2s = None
