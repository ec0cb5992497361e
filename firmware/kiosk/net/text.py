"""
Bytes of the network as text, whatever they are.  Touches nothing but its arguments.
"""

import asyncio

_SEGMENT_BYTES = const(512)  # what is mended between two turns of the loop: about 1 ms on the Unix port, 30 on RP2040


def header_text(data):
    """str: a part of a header (bytes), as UTF-8 if it is that, else each byte as one character."""
    try:
        return data.decode()
    except UnicodeError:
        return "".join([chr(byte) for byte in data])


def without_mark(data):
    """memoryview: `data` (memoryview) without the byte order mark that it may begin with."""
    return data[3:] if len(data) > 2 and data[0] == 0xEF and data[1] == 0xBB and data[2] == 0xBF else data


async def decode(data):
    """str: `data` (memoryview) as UTF-8; what is not UTF-8 becomes U+FFFD."""
    try:
        return str(data, "utf-8")
    except UnicodeError:
        return await _mended(data)


async def _mended(data):
    parts = []
    start = 0
    while start < len(data):
        end = _character_end(data, min(start + _SEGMENT_BYTES, len(data)))
        segment = data[start:end]
        try:
            parts.append(str(segment, "utf-8"))
        except UnicodeError:
            parts.append(_mend(segment))
        start = end
        await asyncio.sleep_ms(0)
    return "".join(parts)


def _character_end(data, end):
    # Cut before the first byte of a character, not after it; three bytes back is as far as one can reach.
    if end < len(data):
        for back in range(4):
            if data[end - back] & 0xC0 != 0x80:
                return end - back
    return end


def _mend(data):
    text = ""
    at = 0
    while at < len(data):
        size = _character_size(data, at)
        if size > 0:
            text += str(data[at : at + size], "utf-8")
            at += size
        else:
            text += "\ufffd"
            at -= size
    return text


def _character_size(data, at):
    # Bytes of the character at `at`; for what is none, minus the bytes that one U+FFFD stands for.  The ranges are
    # those of Unicode 15, table 3-7, and how much is replaced at once follows the Encoding standard, as browsers do.
    first = data[at]
    if first < 0x80:
        return 1
    if not 0xC2 <= first <= 0xF4:
        return -1
    size = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    lowest = 0xA0 if first == 0xE0 else 0x90 if first == 0xF0 else 0x80
    highest = 0x9F if first == 0xED else 0x8F if first == 0xF4 else 0xBF
    for offset in range(1, size):
        if at + offset >= len(data) or not lowest <= data[at + offset] <= highest:
            return -offset
        lowest, highest = 0x80, 0xBF
    return size
