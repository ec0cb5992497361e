"""
What sends a picture over an RP2040's SPI while the core does something else: one DMA channel to the block's FIFO.

Source: RP2040 data sheet, sections 2.5.3.1 (requests) and 4.4.4 (registers of the SPI blocks).
"""

import machine
import rp2

_BLOCK = (0x4003C000, 0x40040000)
_DATA = const(0x08)
_STATUS = const(0x0C)
_RECEIVED = const(0x04)  # RNE: something is in the receive FIFO
_BUSY = const(0x10)
_REQUEST = (16, 18)


class DmaSender:
    """unit: the number of the SPI.  The channel is held until deinit()."""

    def __init__(self, unit):
        self._data = _BLOCK[unit] + _DATA
        self._status = _BLOCK[unit] + _STATUS
        self._channel = rp2.DMA()
        self._active = self._channel.active
        self._config = self._channel.config
        self._control = self._channel.pack_ctrl(size=0, inc_write=False, treq_sel=_REQUEST[unit])
        self._sends = False

    def start(self, view) -> None:
        """Bytes begin to go out, when those before have; `view` must stay as it is until the next start() or wait() has returned."""
        config = self._config
        count = len(view)
        if self._sends:
            active = self._active
            while active():
                pass
            config(read=view, count=count, trigger=True)
            return
        self._sends = True
        config(read=view, write=self._data, count=count, ctrl=self._control, trigger=True)

    def wait(self) -> None:
        """Return when all has gone out, and nothing is left of what came in meanwhile."""
        if not self._sends:
            return
        self._sends = False
        while self._active():
            pass
        memory = machine.mem32
        while memory[self._status] & _BUSY:
            pass
        while memory[self._status] & _RECEIVED:
            memory[self._data]

    def deinit(self) -> None:
        """Let go of the channel."""
        self.wait()
        self._channel.close()
