"""
AMF0: the values in RTMP's commands.  Source: Adobe, "Action Message Format -- AMF 0", 2007.

float is a number, bool a boolean, str a string, dict an object, None null; tuples, of which there is no need, are not written.
"""

import struct

_DEPTH_MAX = const(8)
_VALUES_MAX = const(64)
_END = b"\0\0\x09"


def encode(*values):
    """bytes: values one after the other."""
    return b"".join(_encoded(value) for value in values)


def _encoded(value):
    if value is None:
        return b"\x05"
    if isinstance(value, bool):
        return b"\x01\x01" if value else b"\x01\x00"
    if isinstance(value, (int, float)):
        return struct.pack(">Bd", 0, value)
    if isinstance(value, dict):
        return b"\x03" + b"".join(_text(key) + _encoded(one) for key, one in value.items()) + _END
    return b"\x02" + _text(value)


def _text(text):
    data = text.encode()
    return struct.pack(">H", len(data)) + data


def decode(data):
    """list: the values in bytes; ValueError for what is none, or too deep, or too many."""
    reader = _Reader(data)
    values = []
    while reader.at < len(data):
        values.append(reader.value(0))
    return values


class _Reader:
    def __init__(self, data):
        self.at = 0
        self._data = data
        self._left = _VALUES_MAX

    def take(self, count):
        end = self.at + count
        if end > len(self._data):
            raise ValueError("it is cut short")
        self.at, start = end, self.at
        return bytes(self._data[start:end])

    def number(self, form, size):
        return struct.unpack(form, self.take(size))[0]

    def value(self, depth):
        self._left -= 1
        if depth > _DEPTH_MAX or self._left < 0:
            raise ValueError("there is too much of it")
        kind = self.take(1)[0]
        if kind == 0:
            return self.number(">d", 8)
        if kind == 1:
            return self.take(1) != b"\0"
        if kind == 2:
            return self.text()
        if kind in (3, 8):
            if kind == 8:  # an array with names; the number is a hint
                self.take(4)
            return self.named(depth)
        if kind in (5, 6):  # null, undefined
            return None
        if kind == 10:
            return [self.value(depth + 1) for _ in range(min(self.number(">I", 4), _VALUES_MAX + 1))]
        if kind == 11:  # a date, and its zone
            return self.number(">d", 8) + 0 * self.number(">h", 2)
        if kind == 12:
            return self.decoded(self.number(">I", 4))
        raise ValueError("there is no type %d" % kind)

    def named(self, depth):
        found = {}
        while True:
            key = self.text()
            if not key and self._data[self.at : self.at + 1] == b"\x09":
                self.at += 1
                return found
            found[key] = self.value(depth + 1)

    def text(self):
        return self.decoded(self.number(">H", 2))

    def decoded(self, count):
        try:
            return self.take(count).decode()
        except UnicodeError:
            raise ValueError("it is not UTF-8")
