"""
A JPEG from its start marker to its end marker, while it comes in pieces.

Source: ITU-T T.81, annex B.  Segments before the scan are stepped over by their lengths, as one may have a small picture
in it with markers of its own; in the scan FF D9 is the end and nothing else.
"""

_LEAD = const(2)  # bytes before the start marker: a FIFO of the first kind gives one
_MARKER = const(0)
_CODE = const(1)
_HIGH = const(2)
_LOW = const(3)
_SCAN = const(4)
_SOS = const(0xDA)


class Markers:
    """is_whole (bool): the end marker has come; first (int): where in the first piece the picture begins."""

    def __init__(self):
        self.begin()

    def begin(self) -> None:
        """The next picture."""
        self._state = None
        self._skip = 0
        self._is_scan = self._was_ff = False
        self.is_whole = False
        self.first = 0

    def feed(self, data: bytearray, count: int) -> int:
        """Look at the next `count` bytes, at least four of the first; returns how many of them are the picture's or before it.

        ValueError: they are no JPEG.
        """
        at = self.first = 0
        if self._state is None:
            at = data.find(b"\xff\xd8\xff", 0, min(count, _LEAD + 3))
            if at < 0:
                raise ValueError("the picture has no start marker")
            self.first = at
            at += 2
            self._state = _MARKER
        while at < count:
            if self._skip:
                step = min(self._skip, count - at)
                self._skip -= step
                at += step
            elif self._state == _SCAN:
                return self._find_end(data, at, count)
            else:
                self._step(data[at])
                at += 1
        return count

    def _step(self, value):
        state = self._state
        if state == _MARKER:
            if value != 0xFF:
                raise ValueError("the picture's segments are broken")
            self._state = _CODE
        elif state == _CODE:
            if value == 0xFF:  # fill bytes
                return
            if value < 0xC0 or 0xD0 <= value <= 0xD9:
                raise ValueError("the picture has no beginning, but marker %02X" % value)
            self._is_scan = value == _SOS
            self._state = _HIGH
        elif state == _HIGH:
            self._length = value << 8
            self._state = _LOW
        else:
            self._length |= value
            if self._length < 2:
                raise ValueError("the picture's segments are broken")
            self._skip = self._length - 2
            self._state = _SCAN if self._is_scan else _MARKER

    def _find_end(self, data, at, count):
        if self._was_ff and data[at] == 0xD9:
            self.is_whole = True
            return at + 1
        found = data.find(b"\xff\xd9", at, count)
        if found >= 0:
            self.is_whole = True
            return found + 2
        self._was_ff = data[count - 1] == 0xFF
        return count
