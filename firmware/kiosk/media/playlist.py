"""
HLS playlists, read line by line as they come: what is kept of one of any length is a few segments.

Source: RFC 8216.  Master playlists (the sound's own rendition, else the variant of the lowest rate), live and finished media
playlists.  Encrypted segments, and those in fragments of MP4, are refused with the reason.
"""

from kiosk.errors import KioskError

_LINE_BYTES = const(2048)
_PLAYLIST_BYTES = const(1 << 20)
_SEGMENTS = const(6)
_FROM_LIVE_END = const(3)  # segments: RFC 8216, 6.3.3
_LONGEST_S = const(86400)
_REFUSED = {
    "#EXT-X-KEY": "encrypted segments",
    "#EXT-X-MAP": "fragments of MP4",
    "#EXT-X-BYTERANGE": "parts of files",
}


def _wrong(what):
    return KioskError("format", "the HLS playlist " + what)


class Playlist:
    """A body sink (see kiosk/net/body.py).  After the body, finish(); then

    variant (str or None): this is a master playlist, and what to go on with; segments: (sequence, start in ms, duration in
    ms, URI) of at most _SEGMENTS, from `sequence` on, or from the one that is at `ms`, or where one begins to listen;
    is_over: no more will be added; duration_ms of all that are there; target_ms; first: sequence of the oldest.
    """

    def __init__(self, sequence=None, ms=None):
        self._from, self._ms = sequence, ms
        self._view = memoryview(bytearray(256))
        self._line = bytearray()
        self._size = 0
        self._number = self.first = 0
        self._next_ms = 0  # of the segment whose URI comes next
        self._rate = None
        self._expected = None  # "segment", "variant": what the next URI is
        self._is_first_line = True
        self.variant = None
        self._has_rendition = False
        self.segments, self._latest = [], []
        self.is_over = False
        self.duration_ms = 0
        self.target_ms = 10000

    def room(self, count):
        """See kiosk/net/body.py."""
        return self._view

    def filled(self, count):
        """See kiosk/net/body.py."""
        self._size += count
        if self._size > _PLAYLIST_BYTES:
            raise _wrong("is longer than 1 MB")
        data, start = bytes(self._view[:count]), 0
        while True:
            end = data.find(b"\n", start)
            self._line.extend(data[start:] if end < 0 else data[start:end])
            if len(self._line) > _LINE_BYTES:
                raise _wrong("has a line of more than 2 KB")
            if end < 0:
                return True
            self._take_line()
            start = end + 1

    def finish(self):
        """All has come; KioskError if it was no playlist."""
        self._take_line()
        if self._is_first_line:
            raise _wrong("is empty")
        if not self.is_over and self._from is None and self._ms is None:
            self.segments = self._latest

    def _take_line(self):
        line = bytes(self._line).strip()
        self._line = bytearray()
        if not line:
            return
        if self._is_first_line:
            if not line.startswith(b"#EXTM3U") and not line.startswith(b"\xef\xbb\xbf#EXTM3U"):
                raise _wrong("is none")
            self._is_first_line = False
            return
        try:
            line = line.decode()
        except UnicodeError:
            raise _wrong("is no text")
        if line[0] == "#":
            name, _, value = line.partition(":")
            self._take_tag(name, value)
        elif self._expected == "segment":
            self._take_segment(line)
        elif self._expected == "variant" and not self._has_rendition:
            self.variant = line
            self._expected = None

    def _take_tag(self, name, value):
        if name == "#EXTINF":
            self._next_ms = _milliseconds(value.partition(",")[0])
            self._expected = "segment"
        elif name == "#EXT-X-ENDLIST":
            self.is_over = True
        elif name == "#EXT-X-TARGETDURATION":
            self.target_ms = max(1000, _milliseconds(value))
        elif name == "#EXT-X-MEDIA-SEQUENCE":
            if not value.isdigit() or len(value) > 15:
                raise _wrong("has no number of its first segment")
            self._number = self.first = int(value)
        elif name == "#EXT-X-STREAM-INF":
            rate = _attribute(value, "BANDWIDTH")
            rate = int(rate) if rate.isdigit() and len(rate) <= 12 else 0
            if self._rate is None or rate < self._rate:
                self._rate, self._expected = rate, "variant"
            else:
                self._expected = None
        elif name == "#EXT-X-MEDIA" and _attribute(value, "TYPE") == "AUDIO" and _attribute(value, "URI"):
            if not self._has_rendition or _attribute(value, "DEFAULT") == "YES":
                self.variant, self._has_rendition = _attribute(value, "URI"), True
        elif name in _REFUSED and _attribute(value, "METHOD") != "NONE":
            raise _wrong("is of " + _REFUSED[name])

    def _take_segment(self, uri):
        number, start = self._number, self.duration_ms
        self._number += 1
        self.duration_ms += self._next_ms
        self._expected = None
        if self._from is not None:
            wanted = number >= self._from
        elif self._ms is not None:
            wanted = self.duration_ms > self._ms
        else:
            wanted = True
        if wanted and len(self.segments) < _SEGMENTS:
            self.segments.append((number, start, self._next_ms, uri))
        if self._from is None and self._ms is None:
            # where one begins is not known before the end: at the head of a finished one, near the end of a live one
            self._latest.append((number, start, self._next_ms, uri))
            if len(self._latest) > _FROM_LIVE_END:
                self._latest.pop(0)


def _milliseconds(text):
    """Of "9.009", without the rounding of floats."""
    whole, _, rest = text.strip().partition(".")
    rest = (rest + "000")[:3]
    if not whole.isdigit() or not rest.isdigit() or len(whole) > 6 or int(whole) > _LONGEST_S:
        raise _wrong("has a duration that is none")
    return int(whole) * 1000 + int(rest)


def _attribute(text, name):
    """A value of an attribute list: NAME=value,NAME="va,lue"."""
    at = 0
    while at < len(text):
        equals = text.find("=", at)
        if equals < 0:
            return ""
        key = text[at:equals].strip()
        if text[equals + 1 : equals + 2] == '"':
            end = text.find('"', equals + 2)
            end = len(text) if end < 0 else end
            value, at = text[equals + 2 : end], end + 2
        else:
            end = text.find(",", equals)
            end = len(text) if end < 0 else end
            value, at = text[equals + 1 : end].strip(), end + 1
        if key == name:
            return value
    return ""
