"""
I2S MEMS microphones: InvenSense INMP441, and Knowles SPH0645LM4H, which has an offset.

Source: INMP441 data sheet, DS-INMP441-00 revision 1.1 ("DS"); SPH0645LM4H-B data sheet, revision B ("KN").  Both give 24
bits (of the SPH0645's 18 are sound) as the upper ones of a slot of 32; the pin L/R (SEL) says of which slot.

    microphone = INMP441(0, sck=Pin(16), ws=Pin(17), sd=Pin(18))
    microphone.open(16000)
    count = await microphone.read_into(buffer)
"""

import time
from asyncio import core

from machine import I2S

_EBUSY = const(16)  # MicroPython's errno module leaves it out
_SLOT_FRAME = const(8)  # bytes: a ring keeps both slots
_PACE_MS = const(5)  # what comes is taken in parts of this, not frame by frame
# What has gathered is taken in one turn of the loop, if that is no longer than this: who writes it to a flash that a download
# fills too needs two thirds of the time (docs/bench.md).
_TURN_MS = const(150)
_LEAST_FRAMES = const(4800)  # of a ring: 300 ms at 16 kHz
_LOWEST_HZ = const(7800)
_HIGHEST_HZ = const(50000)  # DS table 5: SCK of 0.5 to 3.2 MHz is 64 times that of WS


class INMP441:
    """unit: the board's number of the I2S peripheral; sck, ws, sd: Pins; side: 0 with L/R at ground, 1 at the supply."""

    bits = 32
    has_offset = False
    ring_ms = 100
    settle_ms = 0  # DS 4: zeros for the first 2^18 cycles of SCK

    def __init__(self, unit, sck, ws, sd, side=0):
        self._line = (unit, sck, ws, sd)
        self.side = side
        self.channels = 2 if side else 1  # a port's "mono" is the left slot
        self._i2s = None
        self._behind = False  # there is more than was asked for
        self._is_streaming = False
        self._turn = 0  # ms, when it began

    def open(self, rate_hz: int) -> None:
        """Start the line."""
        if self._i2s:
            raise OSError(_EBUSY, "the microphone is open")
        if not _LOWEST_HZ <= rate_hz <= _HIGHEST_HZ:
            raise ValueError("the microphone cannot hear at %s Hz" % rate_hz)
        unit, sck, ws, sd = self._line
        form = I2S.MONO if self.channels == 1 else I2S.STEREO
        ring = self._ring_frames(rate_hz) * _SLOT_FRAME
        self._behind = self._is_streaming = False
        self._i2s = I2S(unit, sck=sck, ws=ws, sd=sd, mode=I2S.RX, bits=self.bits, format=form, rate=rate_hz, ibuf=ring)

    def _ring_frames(self, rate_hz):
        return max(_LEAST_FRAMES, rate_hz * self.ring_ms // 1000)

    def read_into(self, view):
        """Await this: how many bytes have come, whole frames and at least one; 0 after deinit()."""
        if not self._is_streaming:
            yield core._io_queue.queue_read(self._i2s)  # from here on a port's readinto() does not wait
            self._is_streaming = True
            self._turn = time.ticks_ms()
        elif not self._behind:
            yield from self._pause(_PACE_MS)
        elif time.ticks_diff(time.ticks_ms(), self._turn) >= _TURN_MS:
            yield from self._pause(0)
        while self._i2s:
            count = self._i2s.readinto(view)
            self._behind = count == len(view)
            if count:
                return count
            yield from self._pause(_PACE_MS)  # and not the loop's poll, which would let the others run twice
        return 0  # deinit() was called meanwhile

    def _pause(self, ms):
        yield from core.sleep_ms(ms)
        self._turn = time.ticks_ms()

    def deinit(self) -> None:
        """Stop the line."""
        if self._i2s:
            self._i2s.deinit()
            self._i2s = None


class SPH0645(INMP441):
    """As above.  It starts with a thump, and what it gives afterwards is off by some thousand."""

    has_offset = True
    settle_ms = 50  # KN table 2: power-up time
