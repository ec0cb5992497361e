"""
FLV that does not end, over HTTP: the sound in it; pictures, which are H.264, are passed over.

Source: Adobe, "Video File Format Specification", 10.1, E.2 to E.4.  KioskError (network): what comes is none.
"""

from kiosk.net.reasons import failed

_SOUND = const(8)
_TAG = const(15)  # the length of the tag before it, and the head
_SOUND_MAX = const(4096)


class Tags:
    """sound: flvsound.FlvSound."""

    def __init__(self, sound):
        self._sound = sound
        self._need = 9
        self._have = bytearray()
        self._is_first = True
        self._size = None  # of the tag that is being read; None: its head is
        self._kind = 0

    def feed(self, view):
        """The bytes that follow (memoryview), in whatever pieces."""
        at = 0
        while at < len(view):
            count = min(self._need, len(view) - at)
            if self._size is None or self._kind == _SOUND:
                self._have.extend(view[at : at + count])
            self._need -= count
            at += count
            if not self._need:
                self._part()

    def _part(self):
        have, self._have = self._have, bytearray()
        if self._is_first:
            size = have[5] << 24 | have[6] << 16 | have[7] << 8 | have[8]
            if have[:4] != b"FLV\x01" or size != 9:
                raise failed("INVALID_RESPONSE")
            self._is_first = False
        elif self._size is None:
            self._kind = have[4] & 31
            self._size = have[5] << 16 | have[6] << 8 | have[7]
            if self._kind not in (8, 9, 18) or (self._kind == _SOUND and self._size > _SOUND_MAX):
                raise failed("INVALID_RESPONSE")
            if self._size:
                self._need = self._size
                return
        elif self._kind == _SOUND:
            self._sound.take(have)
        self._size, self._need = None, _TAG
