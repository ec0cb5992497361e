"""
What sends a picture over an RP2040's SPI while the core does something else: one DMA channel to the block's FIFO.

Source: RP2040 data sheet, sections 2.5.3.1 (requests), 2.5.7 (registers of the channels) and 4.4.4 (of the SPI blocks).
What happens between two strips is machine code: by rp2.DMA's methods the line would stand still for a seventh of the time.
"""

import errno

import machine
import micropython
import rp2

_BLOCK = (0x4003C000, 0x40040000)
_DATA = const(0x08)
_STATUS = const(0x0C)
_RECEIVED = const(0x04)  # RNE: something is in the receive FIFO
_BUSY = const(0x10)
_REQUEST = (16, 18)
_CHANNELS = const(0x50000000)
_CHANNEL = const(0x40)
_PATIENCE = const(1000000)  # looks at a channel that is busy: some 60 ms

# CTRL_TRIG's BUSY; AL3_TRANS_COUNT; AL3_READ_ADDR_TRIG, which starts it.
_VIPER = """
@micropython.viper
def go(channel: ptr32, data: ptr8, count: int, patience: int) -> int:
    while channel[3] & 0x1000000:
        patience -= 1
        if patience == 0:
            return 0
    if count:
        channel[14] = count
        channel[15] = int(data)
    return 1
"""


class DmaSender:
    """unit: the number of the SPI.  The channel is held until deinit()."""

    def __init__(self, unit):
        self._data = _BLOCK[unit] + _DATA
        self._status = _BLOCK[unit] + _STATUS
        self._channel = rp2.DMA()
        self._registers = _CHANNELS + _CHANNEL * self._channel.channel
        control = self._channel.pack_ctrl(size=0, inc_write=False, treq_sel=_REQUEST[unit])
        self._channel.config(write=self._data, count=0, ctrl=control, trigger=False)
        scope = {"micropython": micropython}
        exec(_VIPER, scope)
        self._go = scope["go"]
        self._sends = False

    def start(self, view) -> None:
        """Bytes begin to go out, when those before have; `view` must stay as it is until the next start() or wait() has returned.

        OSError ETIMEDOUT if those before do not go out.
        """
        self._sends = True
        if not self._go(self._registers, view, len(view), _PATIENCE):
            self._give_up()

    def wait(self) -> None:
        """Return when all has gone out, and nothing is left of what came in meanwhile."""
        if not self._sends:
            return
        if not self._go(self._registers, b"", 0, _PATIENCE):
            self._give_up()
        self._sends = False
        memory = machine.mem32
        while memory[self._status] & _BUSY:
            pass
        while memory[self._status] & _RECEIVED:
            memory[self._data]

    def _give_up(self):
        self._sends = False
        self._channel.active(0)
        raise OSError(errno.ETIMEDOUT, "the display's line stands still")

    def deinit(self) -> None:
        """Let go of the channel."""
        self.wait()
        self._channel.close()
