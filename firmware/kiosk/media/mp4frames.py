"""
The frames of a track of an MP4 file, in their order, each AAC frame with an ADTS header for the decoder.

Source: ISO 14496-12, 8.7 (sample tables).  The tables are read in pieces of 256 bytes, over the network of 2 KB, as frames
of them are played or looked for: 3 KB at most, however long the sound.
"""

import struct

from kiosk.errors import KioskError
from kiosk.media.frames import AAC_RATES

_PIECE_BYTES = const(240)  # a multiple of the width of every entry
_REMOTE_BYTES = const(1920)
_STEPS = const(200)  # entries of a table in one call
_LARGEST_FRAME = const(2034)  # that the decoder's window holds, with its header


class _Table:
    """Numbers of a table in the file, by a window."""

    def __init__(self, source, place, piece_bytes=0):
        self._source = source
        self._offset, self.count, self._width = place
        size = piece_bytes or (_PIECE_BYTES if source.ahead is None else _REMOTE_BYTES)
        self._window = memoryview(bytearray(min(size, self.count * self._width)))
        self._first, self._have = 0, 0  # entries in the window
        self._each = len(self._window) // self._width

    def entry(self, number):
        """Offset in the window of an entry, which is there; None: not yet."""
        if not self._first <= number < self._first + self._have:
            self._have = 0
            first = number // self._each * self._each
            size = min(self._each, self.count - first) * self._width
            count = self._source.read_at(self._offset + first * self._width, self._window[:size])
            if count is None:
                return None
            self._first, self._have = first, count // self._width
            if number >= first + self._have:
                raise KioskError("format", "the MP4 file is cut short")
        return (number - self._first) * self._width

    def number(self, number):
        """The only number of an entry, or None."""
        at = self.entry(number)
        if at is None:
            return None
        return struct.unpack_from(">Q" if self._width == 8 else ">I", self._window, at)[0]

    def pair(self, number):
        """The first two numbers of an entry, or None."""
        at = self.entry(number)
        return None if at is None else struct.unpack_from(">II", self._window, at)


class Mp4Frames:
    """A container: see decoded.py.  track: mp4.Track; timescale: of the film."""

    exact, is_live = True, False

    def __init__(self, source, track, timescale):
        self.source, self.name = source, track.codec
        self.rate_hz, self.channels = track.rate_hz, track.channels
        self.frame_samples = 1024 if self.name == "aac" else 1152 if self.rate_hz >= 32000 else 576
        self.lead = 1 if self.name == "aac" else 0
        self.preroll = 1 if self.lead else 10
        place = track.tables["stsz"]
        self._count, self._size = place[1], track.frame_bytes
        self._sizes = None if self._size else _Table(source, place)
        self._chunks, self._runs = _Table(source, track.tables["stco"]), _Table(source, track.tables["stsc"])
        if not (self._count and self._chunks.count and self._runs.count and self.rate_hz and track.timescale):
            raise KioskError("format", "there is no sound in the MP4 file, or it comes in fragments")
        self._measure(track, timescale)
        self._header = memoryview(self._adts(track))
        self._restart_runs()
        self._frame = 0  # number of the next
        self._looking_for = None
        self._in_header, self._in_frame = 0, 0  # bytes left to give
        self._position = None  # of the source
        self._offset = None  # of the next frame; None: to be looked up
        self._partial = 0  # frames of the chunk whose sizes have been added up
        self._chunk_end = 0  # number of the frame that begins another chunk

    def _measure(self, track, timescale):
        whole = self._count * self.frame_samples
        self.delay = min(whole, track.start * self.rate_hz // track.timescale or self.lead * self.frame_samples)
        told = track.duration * self.rate_hz // track.timescale
        end = min(whole, told) if told and told > self.delay else whole
        if track.length and timescale:  # to the thousandth, mostly: the media's own end is better where they agree
            length = track.length * self.rate_hz // timescale
            if abs(self.delay + length - end) > self.rate_hz // 500:
                end = min(whole, self.delay + length)
        self.samples = end - self.delay

    def _adts(self, track):
        if self.name != "aac":
            return bytearray()
        rate = AAC_RATES.index(track.rate_hz)
        return bytearray((0xFF, 0xF1, 0x40 | rate << 2 | track.channels >> 2, (track.channels & 3) << 6, 0, 0x1F, 0xFC))

    @property
    def byte_rate(self) -> int:
        """About how many bytes a second."""
        if self.source.size is None:
            return 16000
        return self.source.size * self.rate_hz // (self._count * self.frame_samples) or 1

    def ended(self, samples):
        """The decoder has come to the end: nothing that the index did not say."""

    def find(self, number):
        """See decoded.py."""
        self._frame = max(0, min(number, self._count))
        self._in_header = self._in_frame = 0
        self._offset, self._partial, self._chunk_end = None, 0, 0
        return self._frame

    def read(self, view):
        """See decoded.py."""
        done = 0
        while done < len(view):
            if not self._in_header and not self._in_frame:
                begun = self._begin_frame()
                if not begun:
                    return done or begun
            if self._in_header:
                size = min(len(view) - done, self._in_header)
                at = len(self._header) - self._in_header
                view[done : done + size] = self._header[at : at + size]
                self._in_header -= size
            else:
                size = self.source.readinto(view[done : done + min(len(view) - done, self._in_frame)])
                if not size:
                    if size == 0:
                        self._frame, self._in_frame = self._count, 0  # the file is cut short
                    return done or size
                self._in_frame -= size
                self._position += size
            done += size
        return done

    def _begin_frame(self):
        """Go to the next frame: True, 0 at the end, None if a table has not come yet."""
        if self._frame >= self._count:
            return 0
        if not self._find_offset():  # first: it may want another piece of the same table
            return None
        size = self._size or self._sizes.number(self._frame)
        if size is None:
            return None
        if self.name == "aac" and not 0 < size <= _LARGEST_FRAME:
            raise KioskError("format", "a frame of %d bytes in the MP4 file" % size)
        if self._offset != self._position:
            self.source.seek(self._offset)
            self._position = self._offset
        self._frame += 1
        self._offset += size
        self._in_frame = size
        if self._header:
            size += len(self._header)
            self._header[3] = self._header[3] & 0xC0 | size >> 11
            self._header[4] = size >> 3 & 255
            self._header[5] = (size & 7) << 5 | 0x1F
            self._in_header = len(self._header)
        return True

    # Where a frame is.

    def _restart_runs(self):
        self._run = -1  # number of the entry of stsc
        self._entry = None  # the one after it, where it is known
        self._run_frame = self._run_chunk = self._run_end = self._in_chunk = 0

    def _find_offset(self):
        """Whether the offset of the next frame is known; False: ask again."""
        if self._offset is not None and self._frame < self._chunk_end:
            return True
        if self._frame < self._run_frame:
            self._restart_runs()
        for _ in range(_STEPS):
            if self._frame < self._run_end:
                return self._in_run()
            if not self._next_run():
                return False
        return False

    def _next_run(self):
        """Chunks with the same number of frames."""
        number = self._run + 1
        if number >= self._runs.count:
            raise KioskError("format", "the MP4 file's index has more frames than chunks")
        if self._entry is None:
            self._entry = self._runs.pair(number)
            if self._entry is None:
                return False
        following = self._runs.pair(number + 1) if number + 1 < self._runs.count else (self._chunks.count + 1, 0)
        if following is None:
            return False
        first, in_chunk = self._entry
        self._entry = following
        if not in_chunk or not first or following[0] < first or first - 1 > self._chunks.count:
            raise KioskError("format", "the MP4 file's index contradicts itself")
        self._run, self._run_frame = number, self._run_end
        self._run_chunk, self._in_chunk = first - 1, in_chunk
        self._run_end += (following[0] - first) * in_chunk
        return True

    def _in_run(self):
        within = self._frame - self._run_frame
        chunk, before = self._run_chunk + within // self._in_chunk, within % self._in_chunk
        if chunk >= self._chunks.count:
            raise KioskError("format", "the MP4 file's index has more frames than chunks")
        if self._offset is None or not self._partial:
            self._offset = self._chunks.number(chunk)
            if self._offset is None:
                return False
        if self._size:
            self._offset += before * self._size
        else:
            for _ in range(_STEPS):
                if self._partial == before:
                    break
                size = self._sizes.number(self._frame - before + self._partial)
                if size is None:
                    return False
                self._offset += size
                self._partial += 1
            else:
                return False
        self._partial = 0
        self._chunk_end = self._frame - before + self._in_chunk
        return True
