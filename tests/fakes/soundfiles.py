"""Sounds made on the spot, and byte sources in memory; for the tests of kiosk.media.  Runs in MicroPython."""

import codecs
import struct

RATE_HZ = 16000


def encoded(name, frames=12, channels=1):
    """bytes: so many frames of MP3 or ADTS AAC, of a sawtooth."""
    encoder = codecs.Encoder(name, RATE_HZ, channels, 32000)
    output = bytearray(codecs.ENCODED_BYTES)
    piece = memoryview(struct.pack("<64h", *((at * 800) % 24000 - 12000 for at in range(64))) * channels)
    data, count = b"", 0
    while count < frames:
        taken, given = encoder.encode(piece, output)
        if taken < len(piece):
            encoder.encode(piece[taken:], output)
        if given:
            data += bytes(output[:given])
            count += 1
    encoder.close()
    return data


def _box(name, *parts):
    data = b"".join(parts)
    return struct.pack(">I4s", 8 + len(data), name) + data


def _table(name, layout, *rows):
    return _box(name, struct.pack(">II", 0, len(rows)), *(struct.pack(layout, *row) for row in rows))


def mp4(adts, in_chunk=3, index_first=True):
    """bytes: an M4A file of the frames of a stream of ADTS, so many in a chunk."""
    sizes, frames, at = [], [], 0
    while at < len(adts):
        length = (adts[at + 3] & 3) << 11 | adts[at + 4] << 3 | adts[at + 5] >> 5
        frames.append(adts[at + 7 : at + length])
        sizes.append((length - 7,))
        at += length
    config = struct.pack(">H", 2 << 11 | 8 << 7 | 1 << 3)
    decoder = b"\x04\x11\x40" + bytes(12) + b"\x05\x02" + config
    esds = _box(b"esds", bytes(4), b"\x03\x17\0\0\0", decoder)
    entry = _box(b"mp4a", bytes(6), b"\0\1", bytes(8), struct.pack(">HHIHH", 1, 16, 0, RATE_HZ, 0), esds)
    count = len(sizes)

    def moov(start):
        chunks, at = [], start
        for number in range(count):
            if number % in_chunk == 0:
                chunks.append((at,))
            at += sizes[number][0]
        runs = [(1, in_chunk, 1)] + ([(len(chunks), count % in_chunk, 1)] if count % in_chunk else [])
        tables = (
            _box(b"stsd", struct.pack(">II", 0, 1), entry),
            _table(b"stts", ">II", (count, 1024)),
            _table(b"stsc", ">III", *runs),
            _box(b"stsz", struct.pack(">III", 0, 0, count), *(struct.pack(">I", size) for (size,) in sizes)),
            _table(b"stco", ">I", *chunks),
        )
        times = struct.pack(">IIIII", 0, 0, 0, RATE_HZ, count * 1024) + bytes(12)
        head = _box(b"mdhd", times), _box(b"hdlr", bytes(8), b"soun", bytes(12))
        track = _box(b"trak", _box(b"mdia", *head, _box(b"minf", _box(b"stbl", *tables))))
        return _box(b"moov", _box(b"mvhd", times), track)

    kind = _box(b"ftyp", b"M4A \0\0\0\0")
    data = _box(b"mdat", *frames)
    if not index_first:
        return kind + data + moov(len(kind) + 8)
    return kind + moov(len(kind) + len(moov(0)) + 8) + data


class Memory:
    """A byte source of what is in memory; taken: bytes that were read of it."""

    ahead = None

    def __init__(self, data):
        self._data, self._at = memoryview(data), 0
        self.size = len(data)
        self.taken = self.closed = 0

    def readinto(self, view):
        """See kiosk/media/bytesource.py."""
        count = self.read_at(self._at, view)
        self._at += count or 0
        return count

    def read_at(self, offset, view):
        """See kiosk/media/bytesource.py."""
        count = max(0, min(len(view), self.size - offset))
        view[:count] = self._data[offset : offset + count]
        self.taken += count
        return count

    def seek(self, offset):
        """See kiosk/media/bytesource.py."""
        self._at = offset

    async def changed(self):
        """See kiosk/media/bytesource.py."""

    def close(self):
        """Count."""
        self.closed += 1


class Hesitant(Memory):
    """The same as if it came over a network: every other time there is nothing yet, and small pieces at best."""

    ahead = 100

    def __init__(self, data):
        super().__init__(data)
        self._asked = self._read = None

    def readinto(self, view):
        """See kiosk/media/bytesource.py."""
        self._read = not self._read
        return None if self._read else super().readinto(view[:97])

    def read_at(self, offset, view):
        """See kiosk/media/bytesource.py; None the first time."""
        if self._asked != (offset, len(view)) and view:
            self._asked = (offset, len(view))
            if len(view) != 97:
                return None
        return super().read_at(offset, view)
