"""
Text in WeChat's encodings.  Touches nothing.  What is not of an encoding becomes U+FFFD in reading, an error in writing.
"""

import binascii

from kiosk.errors import KioskError

_UTF8 = ("utf8", "utf-8")
_UCS2 = ("ucs2", "ucs-2", "utf16le", "utf-16le")
_BYTES = ("latin1", "binary", "ascii")
_LOST = const(0xFFFD)


def check(encoding):
    """Raise KioskError (file argument) for an encoding that is none."""
    if encoding not in _UTF8 + _UCS2 + _BYTES + ("base64", "hex"):
        raise KioskError("file argument", "encoding " + encoding[:32])


def encode(text, encoding):
    """bytes of a text.  KioskError (file argument) for what is no base64 or no hexadecimal digits."""
    check(encoding)
    if encoding in _UTF8:
        return text.encode()
    try:
        if encoding == "base64":
            return binascii.a2b_base64(text)
        if encoding == "hex":
            return binascii.unhexlify(text)
    except ValueError:
        raise KioskError("file argument", "this is no " + encoding)
    data = bytearray()
    for char in text:
        code = ord(char)
        if encoding in _BYTES:
            data.append(code & 0xFF)
        elif code < 0x10000:
            data.extend(bytes((code & 0xFF, code >> 8)))
        else:
            code -= 0x10000
            high, low = 0xD800 | code >> 10, 0xDC00 | code & 0x3FF
            data.extend(bytes((high & 0xFF, high >> 8, low & 0xFF, low >> 8)))
    return data


def decode(data, encoding):
    """str of bytes."""
    if encoding == "base64":
        return binascii.b2a_base64(data).decode().rstrip("\n")
    if encoding == "hex":
        return binascii.hexlify(data).decode()
    if encoding in _UTF8:
        try:
            return str(data, "utf-8")
        except UnicodeError:
            return _join(_from_utf8(data))
    if encoding in _UCS2:
        return _join(_from_ucs2(data))
    return _join(byte & 0x7F if encoding == "ascii" else byte for byte in data)


def _join(codes):
    # As UTF-8 first: a list of characters would take eight times the memory
    out = bytearray()
    for code in codes:
        if code < 0x80:
            out.append(code)
        elif code < 0x800:
            out.append(0xC0 | code >> 6)
            out.append(0x80 | code & 63)
        else:
            if code < 0x10000:
                out.append(0xE0 | code >> 12)
            else:
                out.append(0xF0 | code >> 18)
                out.append(0x80 | code >> 12 & 63)
            out.append(0x80 | code >> 6 & 63)
            out.append(0x80 | code & 63)
    return str(out, "utf-8")


def _from_ucs2(data):
    i = 0
    while i + 1 < len(data):
        code = data[i] | data[i + 1] << 8
        i += 2
        if 0xD800 <= code < 0xE000:
            low = data[i] | data[i + 1] << 8 if i + 1 < len(data) else 0
            if code < 0xDC00 and 0xDC00 <= low < 0xE000:
                code = 0x10000 + ((code & 0x3FF) << 10) + (low & 0x3FF)
                i += 2
            else:
                code = _LOST
        yield code


def _from_utf8(data):
    i = 0
    while i < len(data):
        count = _character(data, i)
        code = data[i] if count < 2 else data[i] & 0x7F >> count
        for follower in data[i + 1 : i + count]:
            code = code << 6 | follower & 63
        # too long a spelling, half of a surrogate pair, beyond Unicode
        wrong = not count or code < (0, 0, 0x80, 0x800, 0x10000)[count] or 0xD800 <= code < 0xE000 or code > 0x10FFFF
        yield _LOST if wrong else code
        i += count or 1


def _character(data, i):
    """int: bytes of the character at `i`, 0 for what is none."""
    first = data[i]
    count = 1 if first < 0x80 else 2 if 0xC2 <= first < 0xE0 else 3 if 0xE0 <= first < 0xF0 else 4
    if 0x80 <= first < 0xC2 or first > 0xF4 or i + count > len(data):
        return 0
    for follower in data[i + 1 : i + count]:
        if follower & 0xC0 != 0x80:
            return 0
    return count
