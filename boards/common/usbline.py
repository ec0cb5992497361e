"""The serial console of a board: USB, or what else the port has made standard input and output."""

import select
import sys
from asyncio import core

import micropython

_CHUNK = const(256)
_CTRL_C = const(3)


class Console:
    """The serial line that a host drives the kiosk with."""

    def __init__(self):
        self._input = sys.stdin.buffer
        self._poll = select.poll()
        self._poll.register(self._input, select.POLLIN)
        self.write = sys.stdout.buffer.write  # uncooked: the raw REPL's own line ends

    def interruptible(self, on):
        """While on, Ctrl-C raises KeyboardInterrupt in the running code; it is on while the console's code runs."""
        micropython.kbd_intr(_CTRL_C if on else -1)

    def read(self):
        """Await this: 1 to 256 bytes, as soon as there are any."""
        yield core._io_queue.queue_read(self._input)
        data = bytearray()
        # One byte at a time: a longer read() would wait for all that it was asked for.
        while len(data) < _CHUNK and self._poll.poll(0):
            data.extend(self._input.read(1))
        return data
