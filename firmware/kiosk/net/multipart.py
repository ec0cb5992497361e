"""
A form with a file in it, as multipart/form-data (RFC 7578): its size is known before its first byte is sent.

Touches the file it is given and the stream.  Holds the form's text and one piece of the file.
"""

import binascii
import os

from kiosk.errors import KioskError
from kiosk.files import paths
from kiosk.net.fields import text
from kiosk.net.mediatypes import type_of

_PIECE_BYTES = const(4096)
_LINE = "\r\n"


class Form:
    """Body source (see kiosk/net/http.py): `fields` (dict), then the file at `path` as `name`, called `url`'s last part.

    length (int): bytes of the whole; `on_piece(sent)` is called with the bytes of it that have been sent.
    """

    data = None

    def __init__(self, fields, name, path, url, size, on_piece):
        self.boundary = "mpkiosk-" + binascii.hexlify(os.urandom(12)).decode()
        self._head = self._text(fields, name, url).encode()
        self._tail = ("\r\n--%s--\r\n" % self.boundary).encode()
        self._path = path
        self._url = url
        self._size = size
        self._on_piece = on_piece
        self.length = len(self._head) + size + len(self._tail)

    @property
    def content_type(self):
        """str: what the header has to say of the body."""
        return "multipart/form-data; boundary=" + self.boundary

    async def send(self, stream):
        """Write all of it, from its beginning."""
        await stream.write(self._head)
        sent = len(self._head)
        piece = memoryview(bytearray(_PIECE_BYTES))
        left = self._size
        with open(self._path, "rb") as file:
            while left:
                count = file.readinto(piece[: min(left, _PIECE_BYTES)])
                if not count:
                    raise KioskError("file io", paths.shown(self._url))  # it has become shorter meanwhile
                await stream.write(piece[:count])
                left -= count
                sent += count
                self._on_piece(sent)
        await stream.write(self._tail)
        self._on_piece(self.length)

    def _text(self, fields, name, url):
        parts = []
        for key, value in fields.items():
            parts += self._opening(text(key)), _LINE, _LINE, text(value), _LINE
        parts += self._opening(name), '; filename="%s"' % _quoted(url.rpartition("/")[2]), _LINE
        parts += "Content-Type: ", type_of(paths.suffix(url).lower()), _LINE, _LINE
        return "".join(parts)

    def _opening(self, name):
        return '--%s\r\nContent-Disposition: form-data; name="%s"' % (self.boundary, _quoted(name))


def _quoted(name):
    # As browsers write it (HTML, "multipart/form-data encoding algorithm").
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
