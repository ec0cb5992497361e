"""
From RTP back to JPEG while it streams in: RFC 2435.

    frames = Frames(taker)
    await frames.packet(rtp.payload(view))      # one packet after the other

A taker has begin(size_bytes, at_ms), write(view) and end(is_whole), as kiosk/camera has it; size_bytes is not known (0).  Nothing of a
frame is held but its head while that is made.  A packet that is missing, comes late or is nonsense ends its frame (end(False)); the
next one begins anew.
"""

import struct
from time import ticks_ms

from kiosk.live import jpegtables

_EOI = b"\xff\xd9"
# T.81, annex K.1, in zigzag order.
_LUMA = bytes((
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
    56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101,
    103, 99,
))  # fmt: skip
_CHROMA = bytes((
    17, 18, 18, 24, 21, 24, 47, 26, 26, 47, 99, 66, 56, 66, 99, 99,
)) + b"\x63" * 48  # fmt: skip


class Frames:
    """taker: see above.  lost (int): frames that have not come whole; size: (width, height) of the last one, or None."""

    def __init__(self, taker):
        self.lost = 0
        self.size = None
        self._taker = taker
        self._expected = None  # sequence number of the packet that follows
        self._offset = -1  # of the scan's byte that follows; -1: no frame is on its way
        self._tables = {}  # Q -> both tables of quantization, of those below 255 that a server says once
        self._tail = b""

    async def packet(self, found):
        """The next packet, as rtp.payload() has it; None for what was none.  bool: whether it was of use."""
        if found is None:
            return False
        sequence, is_last, timestamp, data = found
        if self._offset >= 0 and (sequence != self._expected or timestamp != self._timestamp):
            await self._break_off()
        self._expected = sequence + 1 & 0xFFFF
        head = self._head(data)
        if head is None or head[0] != max(0, self._offset):
            await self._break_off()
            return False
        offset, start, quantized = head
        if self._offset < 0:
            self._timestamp, self._offset = timestamp, 0
            self._taker.begin(0, ticks_ms())
            await self._taker.write(memoryview(self._begun(quantized)))
        data = data[start:]
        if len(data):
            await self._taker.write(data)
            self._tail = bytes(data[-2:]) if len(data) > 1 else self._tail[-1:] + bytes(data)
        self._offset += len(data)
        if is_last:
            if self._tail != _EOI:
                await self._taker.write(memoryview(_EOI))
            self._offset = -1
            await self._taker.end(True)
        return True

    async def _break_off(self):
        if self._offset >= 0:
            self._offset = -1
            self.lost += 1
            await self._taker.end(False)

    def _head(self, data):
        # (offset, where the scan goes on, tables or None); None for what is none.  Sets what the first packet says.
        if len(data) < 8:
            return None
        first, form, quality, width, height = struct.unpack(">IBBBB", data[:8])
        offset, at, interval = first & 0xFFFFFF, 8, 0
        if form & 0x40:
            if len(data) < 12:
                return None
            interval, at = data[8] << 8 | data[9], 12
        if form & 0xBE or not width or not height or not quality or 99 < quality < 128:
            return None
        if offset:
            return offset, at, None
        at, quantized = self._quantized(data, at, quality)
        if quantized is None:
            return None
        if self._offset < 0:
            self.size = width * 8, height * 8
            self._interval, self._sampling = interval, 0x22 if form & 1 else 0x21
        return 0, at, quantized

    def _quantized(self, data, at, quality):
        # (where the scan begins, both tables of quantization, or None).
        if quality < 100:
            return at, _scaled(quality)
        if len(data) < at + 4:
            return at, None
        _, precision, count = struct.unpack(">BBH", data[at : at + 4])
        at += 4
        if not count:
            return at, self._tables.get(quality)
        if count != 128 or precision or len(data) < at + 128:
            return at, None
        quantized = bytes(data[at : at + 128])
        if quality < 255:
            self._tables = {quality: quantized}
        return at + 128, quantized

    def _begun(self, quantized):
        # The head of a JPEG.
        data = bytearray(b"\xff\xd8\xff\xdb\0\x84\0")
        data.extend(quantized[:64] + b"\1" + quantized[64:])
        if self._interval:
            data.extend(struct.pack(">IH", 0xFFDD0004, self._interval))
        data.extend(struct.pack(">IBHHB", 0xFFC00011, 8, self.size[1], self.size[0], 3))
        data.extend(bytes((1, self._sampling, 0, 2, 0x11, 1, 3, 0x11, 1)))
        data.extend(jpegtables.segment())
        data.extend(b"\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0\x3f\0")
        self._tail = b""
        return data


def _scaled(quality):
    factor = 5000 // quality if quality < 50 else 200 - 2 * quality
    return bytes([max(1, min(255, (one * factor + 50) // 100)) for one in _LUMA + _CHROMA])
