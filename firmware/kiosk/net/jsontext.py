"""
JSON from the network, where MicroPython's parser is not enough.  Touches nothing but its arguments.

The parser makes two characters of a pair of escapes such as `\\ud83d\\ude00`, which is how many servers write an emoji,
and it ends an object or array that the text leaves open.
"""

import json

_SPACE = b" \t\r\n"
_PAIR_BYTES = const(12)


def loads(buffer, start, size):
    """The value of `size` bytes of JSON in `buffer` (bytearray) from `start` on; the buffer is used up if it is JSON.

    ValueError for what is no JSON, UnicodeError for what is not UTF-8.
    """
    end = start + size
    data = memoryview(buffer)[start:end]
    value = json.loads(data)
    if not _is_whole(data, value):
        raise ValueError
    if buffer.find(b"\\ud", start, end) >= 0 or buffer.find(b"\\uD", start, end) >= 0:
        value = None  # so that the two need not fit into the memory together
        value = json.loads(memoryview(buffer)[start : _join_pairs(buffer, start, end)])
    return value


def _is_whole(data, value):
    # Commas and colons that are too many or too few inside are let pass: nobody is misled about what there is.
    first, last = 0, len(data) - 1
    while data[first] in _SPACE:
        first += 1
    while data[last] in _SPACE:
        last -= 1
    if isinstance(value, dict):
        return data[first] == 123 and data[last] == 125  # {}
    if isinstance(value, list):
        return data[first] == 91 and data[last] == 93  # []
    return data[first] not in b",:"


def _join_pairs(buffer, start, end):
    # Put the character in the place of each pair of escapes, and close the gaps; return the new end.
    view = memoryview(buffer)
    read = write = start
    at = buffer.find(b"\\u", start, end)
    while 0 <= at <= end - _PAIR_BYTES:
        char = _paired(buffer, at, read)
        if char:
            count = at - read
            view[write : write + count] = view[read:at]
            write += count
            view[write : write + len(char)] = char
            write += len(char)
            read = at + _PAIR_BYTES
            at = buffer.find(b"\\u", read, end)
        else:
            at = buffer.find(b"\\u", at + 2, end)
    count = end - read
    view[write : write + count] = view[read:end]
    return write + count


def _paired(buffer, at, start):
    # The character in UTF-8 that a pair of escapes at `at` stands for, or None.
    before = at
    while before > start and buffer[before - 1] == 92:
        before -= 1
    if (at - before) & 1 or buffer[at + 6 : at + 8] != b"\\u":  # this backslash is itself escaped
        return None
    try:
        high, low = int(bytes(buffer[at + 2 : at + 6]), 16), int(bytes(buffer[at + 8 : at + 12]), 16)
    except ValueError:
        return None
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return None
    return chr(0x10000 + ((high & 0x3FF) << 10 | (low & 0x3FF))).encode()
