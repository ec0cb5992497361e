"""The board's USB serial port as a pseudo terminal of the host."""

import os
import pty
import select
import tty
from typing import Optional

_KEPT = 256 * 1024  # bytes that wait for a slow reader; what comes beyond them is lost, as it is on a cable


class Console:
    """The pseudo terminal.  Whoever has it open is what the board sees as DTR."""

    def __init__(self):
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        self.port = os.ttyname(slave)
        os.close(slave)  # from here on, "hung up" means that nobody has the port open
        os.set_blocking(self._master, False)
        self._waiting = bytearray()
        self._poll = select.poll()
        self._poll.register(self._master, select.POLLIN)

    def fileno(self) -> int:
        """The descriptor to wait on while somebody has the port open."""
        return self._master

    def is_open(self) -> bool:
        """Whether a program has the port open."""
        return not any(event & select.POLLHUP for _, event in self._poll.poll(0))

    def read(self) -> bytes:
        """What has been typed; empty when nothing was."""
        return self._try(os.read, 4096) or b""

    def write(self, data: bytes) -> None:
        """Show output to whoever has the port open; to nobody, it is lost."""
        if not self.is_open():
            self._waiting.clear()
            return
        self._waiting += data[: max(0, _KEPT - len(self._waiting))]
        self.flush()

    def flush(self) -> None:
        """Hand on what waits for a slow reader."""
        while self._waiting:
            written = self._try(os.write, bytes(self._waiting))
            if not written:
                return
            del self._waiting[:written]

    def _try(self, operation, argument) -> Optional[object]:
        try:
            return operation(self._master, argument)
        except (BlockingIOError, OSError):
            return None  # nothing there, no room, or nobody at the other end: the next turn tries again

    def close(self) -> None:
        """The cable is pulled."""
        os.close(self._master)
