"""
M4A and MP4: which track is sound, and where its tables are.

Source: ISO 14496-12 (boxes), 14496-14 (esds), 14496-3 (AudioSpecificConfig); Apple, "QuickTime File Format" (sound
descriptions of version 1 and 2).  AAC-LC and MP3 in a file whose index (moov) is before or after the sound; of HE-AAC the
part that is LC.  The tables stay in the file: mp4frames.py reads them in pieces.  Boxes are gone through once, forwards,
at most _BOXES of them, so none leads in a circle.
"""

import struct

from kiosk.errors import KioskError
from kiosk.media import bytesource
from kiosk.media.frames import AAC_RATES
from kiosk.media.mp4frames import Mp4Frames

_BOXES = const(400)
_DEPTH = const(8)
_INSIDE = (b"moov", b"trak", b"edts", b"mdia", b"minf", b"stbl")
_TABLES = (b"stsz", b"stsc", b"stco", b"co64")
_DESCRIPTION_BYTES = const(256)
_AAC = const(0x40)
_AAC_MPEG2 = const(0x67)  # low complexity
_MP3 = (0x69, 0x6B)


class Track:
    """What the boxes of a track say.  tables: name -> (offset of the first entry, entries)."""

    def __init__(self):
        self.is_sound = False
        self.codec = None  # "mp3", "aac"
        self.problem = "there is no sound in it"
        self.rate_hz = self.channels = 0
        self.timescale = self.duration = 0
        self.start = self.length = 0  # of the edit list, in the track's and the film's time
        self.tables = {}
        self.frame_bytes = 0  # where all have one size


async def open_mp4(source):
    """Mp4Frames, a container as decoded.py wants it, of a byte source."""
    boxes = _Boxes(source)
    await boxes.read(0, source.size, 0)
    if not boxes.tracks:
        raise KioskError("format", "the MP4 file has no index" if not boxes.has_index else "there is no track in it")
    problem = "there is no sound in it"
    for track in boxes.tracks:
        if not track.is_sound:
            continue
        problem = track.problem
        if track.codec and len(track.tables) == 3:
            return Mp4Frames(source, track, boxes.timescale)
        if track.codec:
            problem = "the MP4 file is in fragments" if boxes.in_fragments else "the MP4 file's index is not whole"
    raise KioskError("format", problem)


class _Boxes:
    def __init__(self, source):
        self._source = source
        self._left = _BOXES
        self.tracks = []
        self.timescale = 0
        self.has_index = self.in_fragments = False

    async def _load(self, offset, size):
        data = bytearray(size)
        return memoryview(data)[: await bytesource.load(self._source, offset, data)]

    async def read(self, offset, end, depth):
        """Go through the boxes up to `end`; None: to the end of the file."""
        while end is None or offset + 8 <= end:
            self._left -= 1
            if self._left < 0 or depth > _DEPTH:
                raise KioskError("format", "the MP4 file has more boxes than sense")
            head = await self._load(offset, 16)
            if len(head) < 8:
                return
            size, name = struct.unpack(">I4s", head[:8])
            start = offset + 8
            if size == 1 and len(head) == 16:
                size = struct.unpack_from(">Q", head, 8)[0]
                start += 8
            elif size == 0:
                size = (end - offset) if end is not None else 1 << 40
            if offset + size < start or (depth and offset + size > end):
                raise KioskError("format", "a box of the MP4 file is larger than what it is in")
            await self._box(name, start, offset + size, depth)
            if self.has_index and name == b"moov":
                return
            offset += size

    async def _box(self, name, start, end, depth):
        if name in _INSIDE:
            if name == b"trak":
                self.tracks.append(Track())
            elif name == b"moov":
                self.has_index = True
            await self.read(start, end, depth + 1)
        elif name == b"mvex":
            self.in_fragments = True
        elif name == b"mvhd":
            self.timescale = (await self._times(start))[0]
        elif self.tracks and depth:
            await self._leaf(self.tracks[-1], name, start, end)

    async def _times(self, start):
        data = await self._load(start, 32)
        if len(data) < 32:
            raise KioskError("format", "the MP4 file's index is cut short")
        return struct.unpack_from(">IQ", data, 20) if data[0] == 1 else struct.unpack_from(">II", data, 12)

    async def _leaf(self, track, name, start, end):
        if name == b"mdhd":
            track.timescale, track.duration = await self._times(start)
        elif name == b"hdlr":
            # QuickTime has a second one, of whatever the data is reached by
            track.is_sound = track.is_sound or bytes((await self._load(start, 12))[8:]) == b"soun"
        elif name == b"elst":
            _read_edits(track, await self._load(start, 8 + 5 * 20))
        elif name == b"stsd":
            data = await self._load(start, min(end - start, _DESCRIPTION_BYTES))
            try:
                _read_description(track, bytes(data))
            except (ValueError, IndexError):
                raise KioskError("format", "the MP4 file's description of the sound is cut short")
        elif name in _TABLES:
            data = await self._load(start, 12)
            if len(data) < 12:
                raise KioskError("format", "the MP4 file's index is cut short")
            width = 8 if name == b"co64" else 12 if name == b"stsc" else 4
            begin = start + 8
            count = struct.unpack_from(">I", data, 4)[0]
            if name == b"stsz":
                track.frame_bytes = count
                begin, count = start + 12, struct.unpack_from(">I", data, 8)[0]
            if not (name == b"stsz" and track.frame_bytes) and begin + count * width > end:
                raise KioskError("format", "a table of the MP4 file is longer than its box")
            track.tables["stco" if name == b"co64" else name.decode()] = (begin, count, width)


def _read_edits(track, data):
    """Where the sound begins and how long it is: the first edit that is no pause."""
    if len(data) < 8:
        return
    version, count = data[0], struct.unpack_from(">I", data, 4)[0]
    each, layout = (20, ">Qq") if version == 1 else (12, ">Ii")
    for at in range(8, min(len(data) - each + 1, 8 + count * each), each):
        length, start = struct.unpack_from(layout, data, at)
        if start >= 0:
            track.start, track.length = start, length
            return


def _read_description(track, data):
    """The first sample entry of a stsd."""
    size, kind = struct.unpack_from(">I4s", data, 8)
    if kind != b"mp4a":
        track.problem = "the sound in the MP4 file is %s" % "".join(chr(c) if 32 < c < 127 else "?" for c in kind)
        return
    version = struct.unpack_from(">H", data, 24)[0]
    at, end = 44 + (16 if version == 1 else 36 if version == 2 else 0), min(8 + size, len(data))
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"wave":  # QuickTime has the same one deeper
            at += 8
            continue
        if kind == b"esds":
            _read_descriptor(track, data[at + 12 : min(at + size, end)])
            return
        if size < 8:
            break
        at += size
    track.problem = "the MP4 file does not describe its sound"


def _read_descriptor(track, data):
    at, kind = 0, None
    while at + 2 <= len(data):
        tag, at = data[at], at + 1
        size = 0
        for _ in range(4):
            octet, at = data[at], at + 1
            size = size << 7 | octet & 127
            if octet < 128:
                break
        if tag == 3:
            flags = data[at + 2]
            at += 3 + (2 if flags & 0x80 else 0) + (2 if flags & 0x20 else 0)
            at += 1 + data[at] if flags & 0x40 else 0
        elif tag == 4:
            kind, at = data[at], at + 13
            if kind in _MP3:
                track.codec, track.rate_hz = "mp3", track.timescale
                return
            if kind not in (_AAC, _AAC_MPEG2):
                break
        elif tag == 5 and kind:
            _read_config(track, data[at : at + size])
            return
        else:
            at += size
    track.problem = "the sound in the MP4 file is of type %s" % kind


def _read_config(track, data):
    bits = _Bits(data)
    kind = bits.take(5)
    if kind == 31:
        kind = 32 + bits.take(6)
    rate_hz = bits.rate()
    channels = bits.take(4)
    if kind in (5, 29):  # HE-AAC: what follows says what the other half is
        bits.rate()
        kind = bits.take(5)
    if kind != 2:
        track.problem = "AAC of type %d, not low complexity" % kind
    elif channels not in (1, 2):
        track.problem = "AAC of %d channels" % channels
    elif rate_hz not in AAC_RATES:
        track.problem = "AAC of %d Hz" % rate_hz
    elif bits.take(1):
        track.problem = "AAC in frames of 960 samples"
    else:
        track.codec, track.rate_hz, track.channels = "aac", rate_hz, channels


class _Bits:
    def __init__(self, data):
        self._value = int.from_bytes(bytes(data[:16]), "big")
        self._left = 8 * min(len(data), 16)

    def take(self, count):
        self._left -= count
        if self._left < 0:
            raise ValueError("cut short")
        return self._value >> self._left & (1 << count) - 1

    def rate(self):
        index = self.take(4)
        return self.take(24) if index == 15 else AAC_RATES[index] if index < len(AAC_RATES) else 0
