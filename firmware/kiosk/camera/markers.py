"""
A JPEG from its start marker to its end marker, while it comes in pieces.

Source: ITU-T T.81, annex B.  Segments before the scan are stepped over by their lengths, as one may have a small picture
in it with markers of its own; in the scan FF D9 is the end and nothing else.

The scan is looked at in viper: find() takes 85 cycles a byte on an RP2040.  Why it is compiled and kept there: net/websocket/octets.py.
"""

import micropython

import kiosk

_LEAD = const(2)  # bytes before the start marker: a FIFO of the first kind gives one
_MARKER = const(0)
_CODE = const(1)
_HIGH = const(2)
_LOW = const(3)
_SCAN = const(4)
_SOS = const(0xDA)

# Four bytes at a time as long as none of them is FF.
_VIPER = """
@micropython.viper
def behind_end(data: ptr8, at: int, count: int) -> int:
    count -= 1
    words = ptr32(data)
    high = 0x1010101
    high <<= 7
    while at < count:
        if at & 3 == 0:
            word = words[at >> 2] ^ -1
            while at < count - 4 and (word - 0x1010101) & (word ^ -1) & high == 0:
                at += 4
                word = words[at >> 2] ^ -1
        if data[at] == 0xFF:
            if data[at + 1] == 0xD9:
                return at + 2
        at += 1
    return 0
"""


def plain_behind_end(data, at, count):
    """See behind_end."""
    found = data.find(b"\xff\xd9", at, count)
    return 0 if found < 0 else found + 2


def _compiled():
    scope = {"micropython": micropython}
    try:
        exec(_VIPER, scope)
    except (SyntaxError, NotImplementedError):  # a port without a native emitter
        return plain_behind_end
    return scope["behind_end"]


if not hasattr(kiosk, "_camera_end"):
    kiosk._camera_end = _compiled()

# behind_end(data, at, count) -> int: of a whole bytearray, whose memory is aligned, the place behind the first FF D9 in data[at:count], 0 if there is none.
behind_end = kiosk._camera_end


def _is_segment(code):
    return 0xC0 <= code < 0xFF and not 0xD0 <= code <= 0xD9


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
            elif self._state == _MARKER and count - at >= 4 and data[at] == 0xFF and _is_segment(data[at + 1]):
                self._is_scan = data[at + 1] == _SOS  # all of it is here: the way of nearly all
                self._measure(data[at + 2] << 8 | data[at + 3])
                at += 4
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
            if not _is_segment(value):
                raise ValueError("the picture has no beginning, but marker %02X" % value)
            self._is_scan = value == _SOS
            self._state = _HIGH
        elif state == _HIGH:
            self._length = value << 8
            self._state = _LOW
        else:
            self._measure(self._length | value)

    def _measure(self, length):
        if length < 2:
            raise ValueError("the picture's segments are broken")
        self._skip = length - 2
        self._state = _SCAN if self._is_scan else _MARKER

    def _find_end(self, data, at, count):
        if self._was_ff and data[at] == 0xD9:
            self.is_whole = True
            return at + 1
        found = behind_end(data, at, count)
        if found:
            self.is_whole = True
            return found
        self._was_ff = data[count - 1] == 0xFF
        return count
