"""
A key and a value as the text of a file: JSON made in pieces, with a checksum at its end.  Touches nothing.
"""

import binascii
import json

from kiosk.api import type_name
from kiosk.errors import KioskError

_DEPTH = const(64)  # levels of a value; neither writing nor reading recurses, so this only tells a cycle from a value
_C_DEPTH = const(8)  # levels that C, which recurses, may make into JSON in one go
_PIECE = const(256)  # bytes that a value must have at least to be made into JSON piece by piece
_GROUP = const(8)  # items, each less than that, that are made into JSON in one go
TRAILER = 12  # bytes of `,"01234567"]`


def trailer(crc):
    """bytes: what stands after the value: the checksum of everything before it."""
    return b',"%08x"]' % crc


class Entry:
    """A key and a value on their way into a file.

    json.dump() alone cannot do it: it writes bytes as if they were text and other types as what is no JSON, without a
    word; it recurses; it writes letter by letter, which a checksum cannot follow.  So Python looks at each item once
    and takes apart what would be too long for the heap or too deep for C's stack; C makes the text of the rest.
    """

    def __init__(self, key, value, limit):
        self.weight = 0  # bytes that the text of the value takes at least
        self._key = key
        self._value = value
        self._apart = set()  # the ids of the containers that are to be taken apart
        self._weigh(limit)

    def write(self, file, room):
        """Write all of it; returns the size in bytes, or 0 as soon as that is more than `room`."""
        size = crc = 0
        for piece in self._pieces():
            crc = binascii.crc32(piece, crc)
            size += file.write(piece)
            if size + TRAILER > room:
                return 0
        return size + file.write(trailer(crc))

    def _weigh(self, limit):
        apart = self._apart
        levels = []  # (the items still to come one level up, the container, the weight before it)
        items = iter((self._value,))
        while True:
            container = self._weigh_items(items)
            if self.weight > limit:
                raise KioskError("entry size", "%d bytes" % limit)
            if container is not None:
                levels.append((items, container, self.weight))
                items = self._enter(container, len(levels))
            elif levels:
                items, container, before = levels.pop()
                if self.weight - before > _PIECE:
                    apart.add(id(container))
                if levels and id(container) in apart:
                    apart.add(id(levels[-1][1]))
            else:
                return

    def _weigh_items(self, items):
        """Weigh scalars up to the next container, and return that."""
        weight = self.weight
        try:
            for item in items:
                kind = type(item)
                if kind is str:
                    length = len(item)
                    weight += length if length < _PIECE else len(memoryview(item))
                elif kind is int or kind is bool or item is None:
                    weight += 1
                elif kind is float and item - item == 0:
                    weight += 3
                elif isinstance(item, (dict, list, tuple)):
                    return item
                else:
                    _refuse(item)
        finally:
            self.weight = weight
        return None

    def _enter(self, container, level):
        self.weight += 2
        if level > _DEPTH:
            raise KioskError("parameter", "parameter.data should not be nested more than %d deep;" % _DEPTH)
        if level > _C_DEPTH or type(container) not in (dict, list, tuple):
            self._apart.add(id(container))
        if not isinstance(container, dict):
            return iter(container)
        if self._weigh_items(iter(container)) is not None:
            _refuse(())
        for key in container:
            if type(key) is float:
                self._apart.add(id(container))  # for the sake of _key_text()
        return iter(container.values())

    def _pieces(self):
        yield "["
        yield from _string_pieces(self._key)
        yield "\n,"
        levels = []  # (the items still to come, whether they are a dict's)
        value = self._value
        while True:
            if id(value) in self._apart:
                is_dict = isinstance(value, dict)
                levels.append((iter(value.items() if is_dict else value), is_dict))
                yield "{" if is_dict else "["
                comma = ""
            else:
                yield from _string_pieces(value) if type(value) is str else (_text(value),)
                comma = ","
            while levels:
                items, is_dict = levels[-1]
                group, large = self._next_group(items, is_dict)
                if group:
                    yield comma + _text(group)[1:-1]
                    comma = ","
                if large is not None:
                    break
                if len(group) < _GROUP:
                    yield "}" if is_dict else "]"
                    comma = ","
                    levels.pop()
            else:
                return
            yield comma
            if is_dict:
                yield from _string_pieces(_key_text(large[0]))
                yield ":"
            value = large[1] if is_dict else large

    def _next_group(self, items, is_dict):
        """Return up to _GROUP of the items that C may make into text, and the item after them if it is none of those."""
        group = {} if is_dict else []
        for item in items:
            value = item[1] if is_dict else item
            if id(value) in self._apart or (type(value) is str and len(value) > _PIECE):
                return group, item
            if is_dict:
                group[_key_text(item[0])] = value
            else:
                group.append(value)
            if len(group) == _GROUP:
                break
        return group, None


def _refuse(item):
    name = type_name(item)
    if name == "Number":
        name = "NaN" if item != item else "Infinity"
    raise KioskError("parameter", "parameter.data should hold what JSON can hold instead of %s;" % name)


def _key_text(key):
    """str of a dict's key, as JavaScript has it: with one kind of number, `2.0` is `2`."""
    if type(key) is str:
        return key
    if type(key) is float and key == int(key):
        key = int(key)
    return _text(key)


def _string_pieces(text):
    view = memoryview(text)
    if len(view) <= _PIECE:
        yield _text(text)
        return
    yield '"'
    start = 0
    while start < len(view):
        end = min(start + _PIECE, len(view))
        while end < len(view) and view[end] & 0xC0 == 0x80:
            end -= 1  # not in the middle of a character
        yield _text(str(view[start:end], "utf-8"))[1:-1]
        start = end
    yield '"'


def _text(value):
    return json.dumps(value, separators=(",", ":"))
