"""
A body on its way into a file.  Touches the flash; holds one piece of 4 KB, the size of a block of flash.
"""

from kiosk.files.content import close_again

_PIECE_BYTES = const(4096)


class FileSink:
    """Body sink that writes a file; see kiosk/net/body.py.  `on_piece()` is called after each piece.

    size (int): bytes taken.  Whoever makes one calls close(), whatever happens.
    """

    def __init__(self, path, on_piece):
        self.path = path
        self._on_piece = on_piece
        self._piece = memoryview(bytearray(_PIECE_BYTES))
        self.size = self._held = 0
        self._file = open(path, "wb")

    def room(self, count):
        """memoryview: what is left of the piece."""
        return self._piece[self._held :]

    def filled(self, count):
        """Note that `count` more bytes have come; True when they have made a piece, which was written."""
        self._held += count
        self.size += count
        if self._held < _PIECE_BYTES:
            return False
        self._write()
        self._on_piece()
        return True

    def restart(self):
        """Forget what has come: the body begins anew."""
        self._file.close()
        self._file = open(self.path, "wb")
        self.size = self._held = 0

    def finish(self):
        """Write what is left and close the file: all of the body has come."""
        self._write()
        self._file.close()

    def close(self):
        """Close the file on the way out, as often as you like."""
        close_again(self._file)

    def _write(self):
        held, self._held = self._held, 0
        if held:
            self._file.write(self._piece[:held])
