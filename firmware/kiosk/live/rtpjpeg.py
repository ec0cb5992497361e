"""
From JPEG to RTP while it streams in: RFC 2435.

    packets = Packets(source, send)
    packets.begin(ticks_ms)
    await packets.write(view)       # as it comes, in whatever pieces
    await packets.end(True)

Only the packet that is being filled is held, and the part of the head that is being read.  A frame has its own tables of
quantization in its first packet (Q 255); its restart interval goes into each (types 64 and 65), as parts of whole frames.
RFC 2435 knows baseline JPEG in YCbCr, 4:2:2 or 4:2:0, of two tables of quantization with 8 bits and the standard's own tables
of Huffman codes, at most 2040 x 2040: what is none of that is not sent, and `fault` says why.
"""

import struct

from kiosk.live import jpegtables
from kiosk.live.rtp import HEAD

_PACKET = const(1404)  # bytes with the framing of RTSP: fits into a frame of Ethernet
_KEPT = const(3)  # bytes that are held back: the last two of a frame are its end marker
_HELD = const(600)  # bytes of a segment; that of all tables of Huffman codes has 418
_SIDE_MAX = const(2040)
_TABLES = const(128)
_SOI = const(0xD8)
_EOI = const(0xD9)
_SOS = const(0xDA)
_DQT = const(0xDB)
_DHT = const(0xC4)
_DRI = const(0xDD)
_SOF0 = const(0xC0)
_TEM = const(0x01)
_RST7 = const(0xD7)
_KEPT_SEGMENTS = b"\xda\xdb\xc4\xdd\xc0"


class _Wrong(Exception):
    """What RFC 2435 has no words for."""


class Packets:
    """source: rtp.Source of 90 kHz.  send: `await send(view)`, a memoryview that begins with RTSP's framing; False: no more of this frame.

    fault (str): why the frame, or the one before, cannot be sent; "" where it can.  size: (width, height) of the last one.
    """

    def __init__(self, source, send):
        self.source = source
        self.fault = ""
        self.size = (0, 0)
        self._send = send
        self._packet = bytearray(_PACKET + _KEPT)
        self._view = memoryview(self._packet)
        self._held = bytearray(_HELD)
        self._tables = bytearray(2 * _TABLES)  # the four that a JPEG may have
        self._is_open = False

    def begin(self, at_ms):
        """A frame begins; at_ms: ticks_ms() of its moment."""
        self._timestamp = self.source.timestamp(at_ms)
        self._is_open, self._in_scan = True, False
        self._marker = -1  # of the segment that is being read; -1: before the first
        self._need, self._count = 2, 0  # bytes to come of what is being read, bytes held of it
        self._interval = self._found = 0
        self._size = None

    async def write(self, view):
        """The bytes that follow (memoryview).  bool: whether more of the frame is of use."""
        at, size = 0, len(view)
        while at < size and self._is_open:
            if self._in_scan:
                at = await self._fill(view, at)
                continue
            try:
                at = self._read(view, at)
            except _Wrong as exc:
                self.fault = exc.args[0]
                self._is_open = False
        return self._is_open

    async def end(self, is_whole):
        """The frame is over.  bool: whether all of it has been sent."""
        if not (is_whole and self._is_open and self._in_scan):
            self._is_open = False
            return False
        self._is_open = False
        if self._packet[self._end - 2] == 0xFF and self._packet[self._end - 1] == _EOI:
            self._end -= 2
        return await self._flush(self._end, True)

    # The scan.

    async def _fill(self, view, at):
        count = min(len(view) - at, len(self._packet) - self._end)
        self._packet[self._end : self._end + count] = view[at : at + count]
        self._end += count
        if self._end == len(self._packet):
            if not await self._flush(_PACKET, False):
                self._is_open = False
                return at
            kept = self._packet[_PACKET:]
            self._begin_packet(_KEPT)
            self._packet[self._end - _KEPT : self._end] = kept
        return at + count

    async def _flush(self, size, is_last):
        self.source.pack(self._packet, size, self._timestamp, is_last)
        return await self._send(self._view[:size])

    def _begin_packet(self, room=0):
        # room: bytes of the scan that the caller puts in.
        struct.pack_into(
            ">IBBBB", self._packet, HEAD, self._offset, self._type, 255, (self._size[0] + 7) // 8, (self._size[1] + 7) // 8
        )  # fmt: skip
        at = HEAD + 8
        if self._interval:
            struct.pack_into(">HH", self._packet, at, self._interval, 0xFFFF)
            at += 4
        if not self._offset:
            struct.pack_into(">HH", self._packet, at, 0, _TABLES)
            for index in range(2):
                first = 64 * self._quantized[index]
                self._packet[at + 4 + 64 * index : at + 68 + 64 * index] = self._tables[first : first + 64]
            at += 4 + _TABLES
        self._offset += _PACKET - at
        self._end = at + room

    # The head.

    def _read(self, view, at):
        # Takes some bytes of the part that is being read; returns where it has got.
        count = min(self._need, len(view) - at)
        if self._keeps():
            if self._count + count > _HELD:
                raise _Wrong("a segment of its head is too long")
            self._held[self._count : self._count + count] = view[at : at + count]
            self._count += count
        self._need -= count
        if not self._need:
            self._part()
        return at + count

    def _keeps(self):
        return self._marker <= 0 or bytes((self._marker,)) in _KEPT_SEGMENTS

    def _part(self):
        # A part is whole: the first marker (-1), a marker with the length of its segment (0), or a segment.
        held, count = self._held, self._count
        if self._marker == -1:
            if held[0] != 0xFF or held[1] != _SOI:
                raise _Wrong("it does not begin as a JPEG does")
            self._marker = 0
        elif self._marker == 0:
            self._begin_segment()
            return
        else:
            if self._keeps():
                self._segment(self._marker, memoryview(held)[:count])
            if self._in_scan:
                return
            self._marker = 0
        self._need, self._count = 4, 0

    def _begin_segment(self):
        held = self._held
        if held[0] != 0xFF:
            raise _Wrong("there is no marker where one should be")
        if held[1] == 0xFF:  # filled up: any number of them may come before a marker
            held[:3] = held[1:4]
            self._need, self._count = 1, 3
            return
        length = held[2] << 8 | held[3]
        marker = held[1]
        if marker in (0, _TEM, _EOI) or 0xD0 <= marker <= _SOI or length < 2:
            raise _Wrong("marker %02x stands in its head" % marker)
        if 0xC1 <= marker <= 0xCF and marker not in (_DHT, 0xC8, 0xCC):
            raise _Wrong("it is not baseline")
        self._marker, self._need, self._count = marker, length - 2, 0
        if not self._need:
            self._part()

    def _segment(self, marker, data):
        try:
            if marker == _DQT:
                self._take_tables(data)
            elif marker == _SOF0:
                self._take_size(data)
            elif marker == _DRI:
                self._interval = data[0] << 8 | data[1]
            elif marker == _DHT:
                if not jpegtables.are_standard(data):
                    raise _Wrong("its Huffman codes are not the standard's")
            else:
                self._begin_scan(data)
        except IndexError:
            raise _Wrong("segment %02x is too short" % marker)

    def _take_tables(self, data):
        at = 0
        while at < len(data):
            number = data[at]
            if number > 3:
                raise _Wrong("a table of quantization has 16 bits" if number & 0xF0 else "it has table %d" % number)
            data[at + 64]
            self._tables[64 * number : 64 * number + 64] = data[at + 1 : at + 65]
            self._found |= 1 << number
            at += 65

    def _take_size(self, data):
        height, width = data[1] << 8 | data[2], data[3] << 8 | data[4]
        if data[0] != 8 or data[5] != 3:
            raise _Wrong("it is not of three colours with 8 bits")
        sampling = data[7]
        if sampling not in (0x21, 0x22) or data[10] != 0x11 or data[13] != 0x11:
            raise _Wrong("its colours are neither 4:2:2 nor 4:2:0")
        if data[11] != data[14]:
            raise _Wrong("it has three tables of quantization")
        if not 0 < width <= _SIDE_MAX or not 0 < height <= _SIDE_MAX:
            raise _Wrong("a frame of %d x %d" % (width, height))
        self._quantized = data[8], data[11]
        self._size = width, height
        self._chroma = sampling == 0x22

    def _begin_scan(self, data):
        if not self._size:
            raise _Wrong("it has no size")
        if any(number > 3 or not self._found & 1 << number for number in self._quantized):
            raise _Wrong("a table of quantization is missing")
        if data[0] != 3 or data[2] != 0 or data[4] != 0x11 or data[6] != 0x11:
            raise _Wrong("its scan is not of all colours")
        self.fault = ""
        self.size = self._size
        self._type = self._chroma + (64 if self._interval else 0)
        self._offset = 0
        self._in_scan = True
        self._begin_packet()
