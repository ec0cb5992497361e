"""
A zlib stream of what repeats itself a lot: pictures of flat colors, whose rows are told as what differs from the row above.

MicroPython's deflate compresses on no board.  RFC 1951's fixed codes, and of its matches only those with the byte before: what comes three
times or more is a run.  Nothing is held but 256 bytes.
"""

_PIECE = const(256)
_MOST_RUN = const(258)


class Deflated:
    """file: what write()s."""

    def __init__(self, file):
        self._file = file
        self._out = bytearray(b"\x08\x1d")  # RFC 1950, 2.2: a window of 256 bytes is enough to read it
        self._bits = self._count = 0
        self._low, self._high = 1, 0  # RFC 1950: Adler-32
        self._value, self._run = -1, 0  # what repeats, and how often it is still to be told
        self._put(0b011, 3)  # the last block, with fixed codes

    def write(self, data) -> None:
        """Some more bytes."""
        at, end = 0, len(data)
        while at < end:
            value = data[at]
            begin = at
            while at < end and data[at] == value:
                at += 1
            count = at - begin
            self._sum(value, count)
            if value != self._value:
                self._flush()
                self._literal(value)
                self._value = value
                count -= 1
            self._run += count

    def close(self) -> None:
        """That was all."""
        self._flush()
        self._put(0, 7)
        if self._count:
            self._put(0, 8 - self._count)
        self._out += bytes((self._high >> 8, self._high & 255, self._low >> 8, self._low & 255))
        self._file.write(self._out)

    def _sum(self, value, count):
        self._high = (self._high + count * self._low + value * (count * (count + 1) // 2)) % 65521
        self._low = (self._low + value * count) % 65521

    def _flush(self):
        while self._run >= 3:
            length = min(self._run, _MOST_RUN)
            self._run -= length
            more, extra = length - 3, 0
            code = 257 + more
            if length == _MOST_RUN:
                code = 285
            elif more >= 8:
                while more >> extra >= 8:
                    extra += 1
                code = 257 + (extra << 2) + (more >> extra)
            self._code(code - 256, 7) if code < 280 else self._code(0xC0 + code - 280, 8)
            if extra:
                self._put(more & ((1 << extra) - 1), extra)
            self._put(0, 5)  # the byte before
        while self._run:
            self._literal(self._value)
            self._run -= 1

    def _literal(self, value):
        if value < 144:
            self._code(0x30 + value, 8)
        else:
            self._code(0x190 + value - 144, 9)

    def _code(self, code, count):
        turned = 0  # codes go out with their first bit first, all else with the last
        for _ in range(count):
            turned = turned << 1 | code & 1
            code >>= 1
        self._put(turned, count)

    def _put(self, bits, count):
        self._bits |= bits << self._count
        self._count += count
        while self._count >= 8:
            self._out.append(self._bits & 255)
            self._bits >>= 8
            self._count -= 8
        if len(self._out) >= _PIECE:
            self._file.write(self._out)
            self._out = bytearray()
