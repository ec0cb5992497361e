"""
A body on its way into a file.  Touches the flash; holds one piece of 2 KB.

While a block of the flash is erased (45 ms) the loop stands still, and a speaker's ring lasts for 100 ms.  So between two calls
that may erase one the loop turns; and a piece is half a block, as one of a block's size may begin two: littlefs
keeps pointers in its blocks, so they begin in other places than the pieces.
"""

import asyncio

from kiosk.files.content import close_again

_PIECE_BYTES = const(2048)
_FIRST_BYTES = const(1024)


class FileSink:
    """Body sink that writes a file; see kiosk/net/body.py.  `on_piece()` is called after each piece.

    size (int): bytes taken.  Whoever makes one calls close(), whatever happens.
    """

    def __init__(self, path, on_piece):
        self.path = path
        self._on_piece = on_piece
        self._piece = memoryview(bytearray(_PIECE_BYTES))
        self._open()

    def _open(self):
        self.size = self._held = 0
        self._is_new = True
        self._file = open(self.path, "wb")

    def room(self, count):
        """memoryview: what is left of the piece; less in a file just opened, so that the loop turns before it is written."""
        return self._piece[self._held : _FIRST_BYTES if self._is_new else _PIECE_BYTES]

    def filled(self, count):
        """Note that `count` more bytes have come; True when the flash has been busy: with the file, or with a piece."""
        self._held += count
        self.size += count
        if self._held < _PIECE_BYTES:
            was_new, self._is_new = self._is_new, False
            return was_new
        self._write()
        self._on_piece()
        return True

    def restart(self):
        """Forget what has come: the body begins anew."""
        self._file.close()
        self._open()

    async def finish(self):
        """Write what is left and close the file: all of the body has come."""
        self._write()
        await asyncio.sleep_ms(0)
        self._file.close()
        await asyncio.sleep_ms(0)

    def close(self):
        """Close the file on the way out, as often as you like."""
        close_again(self._file)

    def _write(self):
        held, self._held = self._held, 0
        if held:
            self._file.write(self._piece[:held])
