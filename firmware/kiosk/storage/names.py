"""
Keys as file names that survive any file system, and back.  Touches nothing.
"""

import binascii
import hashlib

from kiosk.errors import KioskError

_NAME_MAX = const(96)  # letters of a file name before the key is hashed; FAT and littlefs both have 255


def file_name(key):
    """Lower-case letters, digits and `-` `_` stand for themselves, `+a` for A, `=2f` for any other byte."""
    if not key:
        raise KioskError("parameter", "parameter.key should not be an empty String;")
    data = key.encode()
    if len(data) <= _NAME_MAX:
        name = "".join([_spelled(byte) for byte in data])
        if len(name) <= _NAME_MAX:
            return name
    return "@" + binascii.hexlify(hashlib.sha256(data).digest()[:16]).decode()


def _spelled(byte):
    char = chr(byte)
    if "a" <= char <= "z" or "0" <= char <= "9" or char in "-_":
        return char
    return "+" + char.lower() if "A" <= char <= "Z" else "=%02x" % byte


def key_of(name):
    """str: the key that a file of this name holds."""
    data = bytearray()
    i = 0
    while i < len(name) - 2:
        char = name[i]
        if char == "=":
            data.append(int(name[i + 1 : i + 3], 16))
            i += 2
        elif char == "+":
            i += 1
            data.append(ord(name[i].upper()))
        else:
            data.append(ord(char))
        i += 1
    return data.decode()
