"""
The two loops over every byte that a socket carries: masking, and checking that text is UTF-8.

Each exists twice: in viper, and in plain Python for where that cannot be compiled.  Tests hold one against the other.
The viper functions are compiled on the device: frozen machine code would need the architecture of each image in its
build.  They are kept in the package `kiosk`, for a port does not give machine code's memory back.  The first three variables
of a viper function live in registers; eight words in a round and indices that are constants take a third of the cycles.
"""

import micropython

import kiosk

_VIPER = """
@micropython.viper
def mask(words: ptr32, at: int, end: int, key: int):
    octets = ptr8(words)
    last = end - 31
    while at < last:
        words = ptr32(int(octets) + at)
        words[0] = words[0] ^ key
        words[1] = words[1] ^ key
        words[2] = words[2] ^ key
        words[3] = words[3] ^ key
        words[4] = words[4] ^ key
        words[5] = words[5] ^ key
        words[6] = words[6] ^ key
        words[7] = words[7] ^ key
        at += 32
    last = end - 3
    while at < last:
        words = ptr32(int(octets) + at)
        words[0] = words[0] ^ key
        at += 4
    while at < end:
        octets[at] = octets[at] ^ (key & 255)
        key >>= 8
        at += 1

@micropython.viper
def check(data, end: int, state: int) -> int:
    octets = ptr8(data)
    need = state & 3
    low = (state >> 8) & 255
    high = state >> 16
    at = 0
    while at < end:
        octet = octets[at]
        at += 1
        if need:
            if octet < low or octet > high:
                return -1
            need -= 1
            low = 0x80
            high = 0xBF
        elif octet >= 0x80:
            if octet < 0xC2 or octet > 0xF4:
                return -1
            need = 1
            low = 0x80
            high = 0xBF
            if octet >= 0xE0:
                need = 2
                if octet == 0xE0:
                    low = 0xA0
                elif octet == 0xED:
                    high = 0x9F
                elif octet >= 0xF0:
                    need = 3
                    if octet == 0xF0:
                        low = 0x90
                    elif octet == 0xF4:
                        high = 0x8F
    if need:
        return need | low << 8 | high << 16
    return 0
"""


def plain_mask(data, start, end, key):
    """See mask."""
    for at in range(start, end):
        data[at] ^= key >> 8 * (at & 3) & 255


def plain_check(data, end, state):
    """See check."""
    need, low, high = state & 3, state >> 8 & 255, state >> 16
    for at in range(end):
        octet = data[at]
        if need:
            if not low <= octet <= high:
                return -1
            need, low, high = need - 1, 0x80, 0xBF
        elif octet >= 0x80:
            if not 0xC2 <= octet <= 0xF4:
                return -1
            # Unicode 15, table 3-7
            need = 1 if octet < 0xE0 else 2 if octet < 0xF0 else 3
            low = 0xA0 if octet == 0xE0 else 0x90 if octet == 0xF0 else 0x80
            high = 0x9F if octet == 0xED else 0x8F if octet == 0xF4 else 0xBF
    return need | low << 8 | high << 16 if need else 0


def _compiled():
    scope = {"micropython": micropython}
    try:
        exec(_VIPER, scope)
    except (SyntaxError, NotImplementedError):  # a port without a native emitter
        return plain_mask, plain_check
    return scope["mask"], scope["check"]


if not hasattr(kiosk, "_socket_octets"):
    kiosk._socket_octets = _compiled()

# mask(data, start, end, key): XOR the bytes from start (a multiple of 4) to end of a bytearray with the four of key
# (int, its lowest byte first), in place.
# check(data, end, state) -> int: go over `end` bytes of text (bytes-like).  state: 0 at the beginning, then what the
# bytes before gave; 0 says that a character has just ended, -1 that this is no UTF-8.
mask, check = kiosk._socket_octets
